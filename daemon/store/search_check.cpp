#include "store/search_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "sqlite/snapshot.h"
#include "store/message_rows.h"

namespace assistd::store {
namespace {

constexpr int rows_between = 1'000;

using Keys = std::unordered_set<std::int64_t>;

class Steps {
  public:
    explicit Steps(const std::function<void()>& between) : between_(between) {}
    void next() {
        if (between_ && ++steps_ % rows_between == 0) between_();
    }

  private:
    const std::function<void()>& between_;
    int steps_ = 0;
};

// Whether the index must have something of it: what else is a word is the tokenizer's business.
bool has_word(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
}

Keys indexed_in(Database& db, const std::string& table, Steps& steps) {
    Keys keys;
    sqlite::each_indexed_row(db, table, [&](std::int64_t key) {
        keys.insert(key);
        steps.next();
    });
    return keys;
}

// `rows` gives each key of the table with its text.
template <class EachRow>
void compare(Database& db, const std::string& table, const char* what, EachRow each, Steps& steps,
             std::vector<std::string>& faults) {
    Keys indexed;
    try {
        indexed = indexed_in(db, table, steps);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        faults.push_back(fmt::format("{}: the index cannot be read: {}", table, error.what()));
        return;
    }
    std::int64_t missing = 0;
    each([&](std::int64_t key, std::string_view text) {
        if (indexed.erase(key) == 0 && has_word(text)) ++missing;
        steps.next();
    });
    if (missing > 0)
        faults.push_back(fmt::format("{}: {} {} are not found by their words", table, missing, what));
    if (!indexed.empty())
        faults.push_back(fmt::format("{}: words of {} {} that are not there", table, indexed.size(), what));
}

}  // namespace

std::vector<std::string> faults_of_search(Database& db, const std::function<void()>& between) {
    std::vector<std::string> faults;
    Steps steps(between);
    const auto messages = [&db](auto&& see) {
        Rows rows = db.query("SELECT " MESSAGE_COLUMNS ", key FROM messages");
        while (rows.next()) see(rows.integer(message_columns), message_at(rows).text());
    };
    const auto titles = [&db](auto&& see) {
        Rows rows = db.query("SELECT key, title FROM conversations");
        while (rows.next()) see(rows.integer(0), rows.view(1));
    };
    const auto projects = [&db](auto&& see) {
        Rows rows = db.query("SELECT key, name FROM projects");
        while (rows.next()) see(rows.integer(0), rows.view(1));
    };
    compare(db, "message_search", "messages", messages, steps, faults);
    compare(db, "title_search", "conversations", titles, steps, faults);
    compare(db, "project_search", "projects", projects, steps, faults);
    return faults;
}

}  // namespace assistd::store
