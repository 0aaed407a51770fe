#include "sqlite/migrate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/unique_fd.h"
#include "sqlite/way_back.h"

namespace assistd::sqlite {
namespace {

namespace fs = std::filesystem;

// A database that is larger takes too long for a start.
constexpr std::uintmax_t rebuilt_at_once = std::uintmax_t{256} << 20;
constexpr int pages_at_once = 4'096;            // of a copy
constexpr int steps_between_signs = 1'000'000;  // of SQLite's virtual machine: some hundredths of a second

// Shows that the connection works, as long as this is there.
class Signs {
  public:
    Signs(Database& db, const Progress& progress, std::string doing)
        : db_(db), progress_(progress), doing_(std::move(doing)) {
        show();
        const auto go_on = [](void* self) noexcept {
            static_cast<const Signs*>(self)->show();
            return 0;
        };
        sqlite3_progress_handler(db_.handle(), steps_between_signs, go_on, this);
    }
    ~Signs() { sqlite3_progress_handler(db_.handle(), 0, nullptr, nullptr); }
    Signs(const Signs&) = delete;
    Signs& operator=(const Signs&) = delete;

    void show() const {
        if (progress_) progress_(doing_);
    }

  private:
    Database& db_;
    const Progress& progress_;
    const std::string doing_;
};

// SQLite itself would let others read it.
void make_private(const fs::path& file) {
    const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be made, which is to be the copy of a database before "
                                "its upgrade: {}. Nothing was changed.",
                                file.string(), std::strerror(errno)));
}

// An exact copy under a name that says what it is. It is written beside and renamed, so that a copy by that
// name is whole.
void copy_database(Database& db, const fs::path& copy, const Signs& signs) {
    fs::path unfinished = copy;
    unfinished += ".unfinished";
    fs::remove(unfinished);
    make_private(unfinished);
    {
        Database target(unfinished, Database::Mode::read_write);
        sqlite3_backup* backup = sqlite3_backup_init(target.handle(), "main", db.handle(), "main");
        if (backup == nullptr) throw_database_error(target.handle(), sqlite3_errcode(target.handle()));
        int step = SQLITE_OK;
        while (step == SQLITE_OK) {
            step = sqlite3_backup_step(backup, pages_at_once);
            signs.show();
        }
        const int code = sqlite3_backup_finish(backup);
        if (step != SQLITE_DONE) throw_database_error(target.handle(), code != SQLITE_OK ? code : step);
    }
    fs::rename(unfinished, copy);
}

// Only a database that was made so gives the space of deleted rows back to the disk piece by piece; an older
// one is written anew for that, where it is small. It works without, so a failure is only told.
void make_shrinkable(Database& db, const fs::path& file) {
    {
        Rows rows = db.query("PRAGMA auto_vacuum");
        std::error_code unknown;
        if (!rows.next() || rows.integer(0) != 0 || fs::file_size(file, unknown) > rebuilt_at_once) return;
    }
    try {
        db.script("PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    } catch (const Error& error) {
        log::warn("the database does not shrink by itself file={} reason={}", file.string(),
                  log::quoted(error.what()));
    }
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

void migrate(Database& db, const std::filesystem::path& file, std::span<const Migration> migrations,
             const Progress& progress) {
    const int found = schema_version(db);
    const int newest = migrations.back().version;
    if (found > newest) {
        throw Error(
            ErrorCode::unavailable,
            fmt::format(
                "The database {} was written by a newer assistd (schema {}, this one knows up to {}). "
                "Nothing was changed. Start the newer assistd again, {}.",
                file.string(), found, newest, way_back(db, file, newest)));
    }
    if (found == newest) return;
    if (found > 0) {
        const fs::path copy = copy_of(file, found);
        const Signs signs(db, progress, fmt::format("Copying {} before its upgrade", file.string()));
        copy_database(db, copy, signs);
        log::info("database copied before its upgrade copy={} version={}", copy.string(), found);
    }
    const Signs signs(db, progress, fmt::format("Upgrading {}", file.string()));
    if (found > 0) make_shrinkable(db, file);
    for (const Migration& migration : migrations)
        if (migration.version > found) apply(db, migration);
}

}  // namespace assistd::sqlite
