#include "sqlite/full_text.h"

#include <utility>

namespace assistd::sqlite {
namespace {

// What is being merged already is finished first and may not have all of it, so it is begun twice. What is
// added meanwhile has nothing to do with it.
constexpr int most_rounds = 3;

bool step(Database& db, const char* statement) {
    const std::int64_t before = db.total_changes();
    db.run(statement);
    return db.total_changes() - before >= 2;  // one is the command itself
}

}  // namespace

bool DeletedWords::remove_some(Database& db) {
    for (; table_ < tables_.size(); ++table_, rounds_ = 0) {
        do {
            const FullTextTable& table = tables_[table_];
            if (step(db, going_on_ ? table.go_on : table.begin)) return going_on_ = true;
        } while (std::exchange(going_on_, false) && ++rounds_ < most_rounds);
    }
    return false;
}

}  // namespace assistd::sqlite
