#include "sqlite/snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"

namespace assistd::sqlite {
namespace {

constexpr int pages_at_once = 128;
constexpr int pieces_until_flush = 16;
constexpr int most_faults = 10;  // of a table

Database opened(const std::filesystem::path& file) {
    Database db(file, Database::Mode::read_only);
    db.script("PRAGMA cache_size = -2048; BEGIN");
    // A transaction begins with the first thing that is read.
    Rows rows = db.query("SELECT count(*) FROM sqlite_schema");
    rows.next();
    return db;
}

struct BackupEnd {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

void copy_pages(Database& from, Database& to, int file, const Between& between) {
    std::unique_ptr<sqlite3_backup, BackupEnd> backup(
        sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
    if (!backup) throw_database_error(to.handle(), sqlite3_errcode(to.handle()));
    int code = SQLITE_OK;
    for (int piece = 1; code == SQLITE_OK; ++piece) {
        code = sqlite3_backup_step(backup.get(), pages_at_once);
        // A little at a time: whoever syncs next would have to wait for all of it.
        if (piece % pieces_until_flush == 0) ::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
        if (between) between();
    }
    if (code != SQLITE_DONE) throw_database_error(nullptr, code);
    code = sqlite3_backup_finish(backup.release());
    if (code != SQLITE_OK) throw_database_error(nullptr, code);
}

std::vector<std::string> tables_of(Database& db) {
    std::vector<std::string> tables;
    Rows rows =
        db.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name");
    while (rows.next()) tables.push_back(rows.text(0));
    return tables;
}

void look_at_table(Database& db, const std::string& table, std::vector<std::string>& faults) {
    Rows pages = db.query("SELECT * FROM pragma_integrity_check(?1) LIMIT ?2", table, most_faults);
    while (pages.next())
        if (pages.view(0) != "ok") faults.push_back(fmt::format("{}: {}", table, pages.view(0)));
    int orphans = 0;
    std::string parent;
    Rows references = db.query("SELECT parent FROM pragma_foreign_key_check(?1)", table);
    for (; references.next(); ++orphans) parent = references.text(0);
    if (orphans > 0)
        faults.push_back(
            fmt::format("{}: {} rows belong to rows of {} that are not there", table, orphans, parent));
}

}  // namespace

Snapshot::Snapshot(const std::filesystem::path& file) : db_(opened(file)) {}

void Snapshot::copy_to(const std::filesystem::path& target, const Between& between) {
    // Made here, since SQLite would let others read it.
    const UniqueFd file(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be made: {}.", target.string(), std::strerror(errno)));
    try {
        Database copy(target, Database::Mode::read_write);
        copy.script("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -2048");
        copy_pages(db_, copy, file.get(), between);
        // Else it would be one that wants a log beside it.
        copy.script("PRAGMA journal_mode = DELETE");
    } catch (...) {
        ::unlink(target.c_str());
        throw;
    }
}

std::vector<std::string> faults_of(Database& db, const Between& between) {
    std::vector<std::string> faults;
    try {
        for (const std::string& table : tables_of(db)) {
            look_at_table(db, table, faults);
            if (between) between();
        }
    } catch (const Error& error) {
        const int code = sqlite3_errcode(db.handle()) & 0xff;
        if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB) throw;
        faults.push_back(sqlite3_errmsg(db.handle()));
    }
    return faults;
}

void each_indexed_row(Database& db, const std::string& table, const std::function<void(std::int64_t)>& row) {
    const std::string words = "words_of_" + table;
    db.script(
        fmt::format("CREATE VIRTUAL TABLE IF NOT EXISTS temp.{} USING fts5vocab('main', '{}', 'instance')",
                    words, table));
    const std::string query = fmt::format("SELECT doc FROM temp.{}", words);
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v2(db.handle(), query.c_str(), -1, &prepared, nullptr);
    if (code != SQLITE_OK) throw_database_error(db.handle(), code);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
    Rows rows(statement.get());
    while (rows.next()) row(rows.integer(0));
}

}  // namespace assistd::sqlite
