#include "sqlite/migrate.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/error.h"
#include "base/logging.h"

namespace assistd::sqlite {
namespace {

// An exact copy under a name that says what it is. It is written beside and renamed, so that a copy by that
// name is whole.
void copy_database(Database& db, const std::filesystem::path& copy) {
    std::filesystem::path unfinished = copy;
    unfinished += ".unfinished";
    std::filesystem::remove(unfinished);
    {
        Database target(unfinished, Database::Mode::create);
        sqlite3_backup* backup = sqlite3_backup_init(target.handle(), "main", db.handle(), "main");
        if (backup == nullptr) throw_database_error(target.handle(), sqlite3_errcode(target.handle()));
        sqlite3_backup_step(backup, -1);
        const int code = sqlite3_backup_finish(backup);
        if (code != SQLITE_OK) throw_database_error(target.handle(), code);
    }
    std::filesystem::rename(unfinished, copy);
}

// The version is looked at again inside the transaction: another process may have done the step meanwhile.
void apply(Database& db, const Migration& migration) {
    db.script("BEGIN IMMEDIATE");
    try {
        if (schema_version(db) < migration.version) {
            db.script(std::string(migration.sql));
            db.script(fmt::format("PRAGMA user_version = {}", migration.version));
        }
        db.script("COMMIT");
    } catch (...) {
        if (db.in_transaction()) db.script("ROLLBACK");
        throw;
    }
}

}  // namespace

int schema_version(Database& db) {
    Rows rows = db.query("PRAGMA user_version");
    rows.next();
    return static_cast<int>(rows.integer(0));
}

void migrate(Database& db, const std::filesystem::path& file, std::span<const Migration> migrations) {
    const int found = schema_version(db);
    const int newest = migrations.back().version;
    if (found > newest) {
        throw Error(
            ErrorCode::unavailable,
            fmt::format(
                "The database {} was written by a newer assistd (schema {}, this one knows up to {}). "
                "Nothing was changed. Start the newer assistd again, or put back a copy that was made "
                "before the upgrade (such as {}.version-{}).",
                file.string(), found, newest, file.string(), newest));
    }
    if (found == newest) return;
    if (found > 0) {
        std::filesystem::path copy = file;
        copy += fmt::format(".version-{}", found);
        copy_database(db, copy);
        log::info("database copied before its upgrade copy={} version={}", copy.string(), found);
    }
    for (const Migration& migration : migrations)
        if (migration.version > found) apply(db, migration);
}

}  // namespace assistd::sqlite
