#include "backup/check.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <map>

#include "backup/state_files.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "knowledge/index_check.h"
#include "sqlite/snapshot.h"
#include "store/search_check.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using core::DataFault;
using sqlite::Database;
using sqlite::Rows;
using sqlite::Snapshot;
using Between = std::function<void()>;

constexpr std::chrono::hours youngest_orphan{1};

constexpr const char* damaged_advice =
    "Stop assistd and restore a backup (assistctl restore FILE --state FOLDER), or save what can be read "
    "with sqlite3's "
    ".recover. Look at the disk and the memory: SQLite does not do that by itself.";
constexpr const char* document_advice =
    "Only searches in documents are concerned: the files are there. Take the documents out of their vector "
    "stores "
    "and add them again.";
constexpr const char* content_advice =
    "Take the file out of a backup: assistctl restore makes a folder of one, in which it has the same name.";

std::int64_t number(Database& db, const char* query) {
    Rows rows = db.query(query);
    rows.next();
    return rows.integer(0);
}

std::string search_advice(const fs::path& state) {
    return fmt::format(
        "Only searches are concerned: nothing is lost. Have the indexes made anew, as the daemon's user and "
        "while it "
        "is stopped: assistd --rebuild-search --state '{}'",
        fs::absolute(state).lexically_normal().string());
}

void add(core::DataReport& report, std::string_view about, const std::vector<std::string>& faults,
         const std::string& advice) {
    for (const std::string& fault : faults)
        report.faults.push_back({std::string(about), fault + ".", advice});
}

void look_at_pages(const fs::path& state, const StateDatabase& database, core::DataReport& report,
                   const Between& between) {
    // Without a transaction around all of it, so that the log need not grow.
    Database db(state / database.name, Database::Mode::read_only);
    add(report, database.name, sqlite::faults_of(db, between), damaged_advice);
    const std::int64_t page = number(db, "PRAGMA page_size");
    report.bytes += page * number(db, "PRAGMA page_count");
    report.free_bytes += page * number(db, "PRAGMA freelist_count");
}

// One that is so damaged that this cannot be read is told of already.
template <class Look>
void look_if_readable(std::string_view name, core::DataReport& report, Look look) {
    try {
        look();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        report.faults.push_back({std::string(name), error.what(), damaged_advice});
    }
}

std::string hash_of(const fs::path& path, const Between& between) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    Sha256 hash;
    std::array<char, 1 << 18> piece;
    for (ssize_t got = 0; (got = ::read(file.get(), piece.data(), piece.size())) > 0;) {
        hash.add(piece.data(), static_cast<std::size_t>(got));
        if (between) between();
    }
    return hash.hex();
}

struct Content {
    std::int64_t size = 0;
    std::string handle;
    std::string owner;
    std::int64_t artifacts = 0;
};
using Contents = std::map<std::string, Content>;  // by SHA-256

Contents contents_in(Database& db) {
    Contents contents;
    Rows rows = db.query(
        "SELECT sha256, max(size), min(handle), min(owner), count(*) FROM artifacts GROUP BY sha256");
    while (rows.next())
        contents[rows.text(0)] = {rows.integer(1), rows.text(2), rows.text(3), rows.integer(4)};
    return contents;
}

// A content that is gone may have been removed since the database was read.
bool is_still_needed(const fs::path& state, const std::string& sha256) {
    Database db(state / main_database, Database::Mode::read_only);
    Rows rows = db.query("SELECT 1 FROM artifacts WHERE sha256 = ?1", sha256);
    return rows.next();
}

void look_at_contents(const fs::path& state, const Contents& contents, bool read_them,
                      core::DataReport& report, const Between& between) {
    for (const auto& [sha256, content] : contents) {
        const fs::path path = state / name_of_artifact(sha256);
        std::error_code failure;
        const std::uintmax_t size = fs::file_size(path, failure);
        std::string fault;
        if (failure)
            fault = failure.message();
        else if (static_cast<std::int64_t>(size) != content.size)
            fault = fmt::format("it has {} bytes instead of {}", size, content.size);
        else if (read_them && hash_of(path, between) != sha256)
            fault = "its bytes are others than they were";
        report.artifacts += content.artifacts;
        if (between) between();
        if (fault.empty() || !is_still_needed(state, sha256)) continue;
        report.faults.push_back(
            {fmt::format("artifact {} of {}", content.handle, content.owner),
             fmt::format("The file {} is not what it should be: {}.", path.string(), fault), content_advice});
    }
}

std::vector<std::string> orphans_in(const fs::path& state, const Contents& contents, const Between& between) {
    std::vector<std::string> orphans;
    const auto youngest = fs::file_time_type::clock::now() - youngest_orphan;
    std::error_code failure;
    for (const auto& entry : fs::recursive_directory_iterator(state / "artifacts", failure)) {
        if (between) between();
        const fs::path relative = entry.path().lexically_relative(state);
        const std::string sha256 = sha256_in_name(relative.generic_string());
        if (sha256.empty() || contents.contains(sha256)) continue;
        std::error_code gone;
        if (entry.last_write_time(gone) > youngest || gone) continue;
        if (!is_still_needed(state, sha256)) orphans.push_back(sha256);
    }
    return orphans;
}

// Documents whose files are gone. No search gives them, and they go at the next start at the latest.
void look_at_departed(const fs::path& state, Database& documents, core::DataReport& report,
                      const Between& between) {
    Database main(state / main_database, Database::Mode::read_only);
    std::int64_t gone = 0;
    for (const ArtifactId file : knowledge::indexed_files(documents)) {
        Rows rows = main.query("SELECT 1 FROM artifacts WHERE id = ?1", file);
        if (!rows.next()) ++gone;
        if (between) between();
    }
    if (gone > 0)
        report.faults.push_back(
            {std::string(documents_database),
             fmt::format("{} documents in vector stores are of files that are gone.", gone),
             "They go by themselves in a moment, or when assistd starts again."});
}

}  // namespace

Checked check(const fs::path& state, bool contents, const Between& between) {
    Checked checked;
    core::DataReport& report = checked.report;
    for (const StateDatabase& database : state_databases())
        look_if_readable(database.name, report, [&] { look_at_pages(state, database, report, between); });
    Contents known;
    look_if_readable(main_database, report, [&] {
        Snapshot main(state / main_database);
        add(report, main_database, store::faults_of_search(main.db(), between), search_advice(state));
        report.conversations = number(main.db(), "SELECT count(*) FROM conversations");
        report.messages = number(main.db(), "SELECT count(*) FROM messages");
        known = contents_in(main.db());
    });
    look_if_readable(documents_database, report, [&] {
        Snapshot documents(state / documents_database);
        for (const std::string& fault : knowledge::faults_of_index(documents.db(), between))
            add(report, documents_database, {fault},
                fault.starts_with("passages") ? search_advice(state) : document_advice);
        report.documents = number(documents.db(), "SELECT count(*) FROM files");
        report.chunks = number(documents.db(), "SELECT count(*) FROM chunks");
        look_at_departed(state, documents.db(), report, between);
    });
    look_at_contents(state, known, contents, report, between);
    // Of a database that could not be read nobody knows what belongs to nothing.
    if (report.faults.empty() || !known.empty()) checked.orphans = orphans_in(state, known, between);
    report.orphans = static_cast<std::int64_t>(checked.orphans.size());
    return checked;
}

}  // namespace assistd::backup
