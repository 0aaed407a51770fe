#include "backup/restore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "backup/files.h"
#include "backup/opened_backup.h"
#include "backup/state_files.h"
#include "base/error.h"
#include "base/unique_fd.h"
#include "sqlite/migrate.h"
#include "sqlite/open.h"
#include "sqlite/snapshot.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::Rows;

constexpr std::string_view lock_name = "lock";

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::invalid_request, sentence);
}

void check_is_empty(const fs::path& state) {
    for (const fs::directory_entry& entry : fs::directory_iterator(state))
        if (entry.path().filename() != lock_name)
            refuse(fmt::format(
                "{} is not empty ({} is there), and a backup is restored only into a folder of its own. "
                "Nothing was changed. Move what is there away, or name another folder with --state.",
                state.string(), entry.path().filename().string()));
}

UniqueFd opened(const fs::path& file) {
    // Of a pipe one would wait for its other end.
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) refuse(fmt::format("{} cannot be read: {}.", file.string(), std::strerror(errno)));
    return fd;
}

void check_schema(const Manifest& manifest, const StateDatabase& database, int schema) {
    if (schema <= database.newest_schema()) return;
    refuse(fmt::format(
        "The backup was made by assistd {} ({} has schema {}; this one, {}, knows up to {}). Nothing was "
        "changed. Restore it with assistd {} or a newer one.",
        manifest.version, database.name, schema, this_version(), database.newest_schema(), manifest.version));
}

void check_database(const Manifest& manifest, const StateDatabase& database, Database& db,
                    const std::function<void()>& between) {
    {
        Rows rows = db.query("PRAGMA application_id");
        rows.next();
        if (rows.integer(0) != database.application_id)
            refuse(fmt::format("The backup's {} is another program's database.", database.name));
    }
    check_schema(manifest, database, sqlite::schema_version(db));
    const std::vector<std::string> faults = sqlite::faults_of(db, between);
    if (!faults.empty())
        refuse(fmt::format("The backup's {} is damaged ({}). Nothing was changed.", database.name,
                           faults.front()));
}

// Everything that the database names is there, but for what the daemon had lost by then.
void check_artifacts(const Manifest& manifest, Database& db, Restored& restored) {
    std::map<std::string, std::int64_t> sizes;
    for (const BackupFile& file : manifest.files)
        if (const std::string content = sha256_in_name(file.name); !content.empty())
            sizes[content] = file.size;
    std::set<std::string> excused(manifest.missing.begin(), manifest.missing.end());
    excused.insert(manifest.damaged.begin(), manifest.damaged.end());
    Rows rows = db.query("SELECT sha256, max(size), min(handle) FROM artifacts GROUP BY sha256");
    while (rows.next()) {
        const std::string content = rows.text(0);
        if (excused.contains(content)) continue;
        const auto found = sizes.find(content);
        if (found == sizes.end() || found->second != rows.integer(1))
            refuse(fmt::format("The backup is not whole: the content of the artifact {} is missing.",
                               rows.view(2)));
        ++restored.artifacts;
    }
}

std::int64_t number(Database& db, const char* query) {
    Rows rows = db.query(query);
    rows.next();
    return rows.integer(0);
}

// What deleted rows leave can be given back to the disk piece by piece only in databases that were made so.
void make_shrinkable(Database& db) {
    if (number(db, "PRAGMA auto_vacuum") == 0) db.script("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
}

// A backup may be older than they are.
bool has_accounts(Database& db) {
    return number(db,
                  "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('users', 'api_keys', "
                  "'login_sessions')") == 3;
}

RestoredAccounts accounts_in(Database& db, Timestamp time) {
    if (!has_accounts(db)) return {};
    RestoredAccounts accounts;
    accounts.users = number(db, "SELECT count(*) FROM users");
    Rows keys = db.query(
        "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)",
        time);
    keys.next();
    accounts.keys = keys.integer(0);
    return accounts;
}

void end_logins(Database& db, const RestoreOptions& options) {
    if (!has_accounts(db)) return;
    db.run("DELETE FROM login_sessions");
    if (options.end_keys) db.run("UPDATE api_keys SET revoked_at = ?1 WHERE revoked_at IS NULL", now());
}

void forget_time(const fs::path& work) {
    const fs::path path = work / clock_file;
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be made: {}.", path.string(), std::strerror(errno)));
    write_all(file.get(), fmt::format("{{\"restored\": \"{}\"}}\n", to_iso8601(now())), path);
}

Restored open_in(const fs::path& file, const fs::path& work, const std::function<void()>& between) {
    Restored restored;
    restored.manifest = open_backup(opened(file).get(), work, between);
    for (const BackupDatabase& one : restored.manifest.databases)
        for (const StateDatabase& database : state_databases())
            if (database.name == one.name) check_schema(restored.manifest, database, one.schema);
    for (const StateDatabase& database : state_databases()) {
        Database db(work / database.name, Database::Mode::read_write);
        check_database(restored.manifest, database, db, between);
        if (database.name == main_database) {
            check_artifacts(restored.manifest, db, restored);
            restored.conversations = number(db, "SELECT count(*) FROM conversations");
            restored.messages = number(db, "SELECT count(*) FROM messages");
            restored.accounts = accounts_in(db, now());
        }
        make_shrinkable(db);
    }
    return restored;
}

void sync_all(const fs::path& folder) {
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::syncfs(fd.get()) != 0)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be written: {}.", folder.string(), std::strerror(errno)));
}

// What root restores for the daemon's user belongs to that user, as the folder does.
void give_to_owner_of(const fs::path& state, const fs::path& work) {
    struct stat about {};
    if (::geteuid() != 0 || ::stat(state.c_str(), &about) != 0 || about.st_uid == 0) return;
    const auto give = [&](const fs::path& path) {
        if (::lchown(path.c_str(), about.st_uid, about.st_gid) != 0)
            throw Error(ErrorCode::unavailable, fmt::format("{} cannot be given to the folder's owner: {}.",
                                                            path.string(), std::strerror(errno)));
    };
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(work)) give(entry.path());
    if (fs::exists(state / lock_name)) give(state / lock_name);
}

// The main database last: a state folder with artifacts and without it is refused by the daemon, so that what
// comes to an end here in the middle is taken for what it is.
void put_in_place(const fs::path& work, const fs::path& state) {
    if (fs::exists(work / "artifacts")) fs::rename(work / "artifacts", state / "artifacts");
    fs::rename(work / clock_file, state / clock_file);
    fs::rename(work / documents_database, state / documents_database);
    fs::rename(work / main_database, state / main_database);
    sync_all(state);
}

}  // namespace

Restored restore(const fs::path& file, const fs::path& state, const RestoreOptions& options,
                 const std::function<void()>& between) {
    sqlite::prepare_folder(state);
    remove_work_folders(state);
    check_is_empty(state);
    const WorkFolder work(state, "restore");
    Restored restored = open_in(file, work.path(), between);
    {
        Database db(work.path() / main_database, Database::Mode::read_write);
        end_logins(db, options);
    }
    forget_time(work.path());
    give_to_owner_of(state, work.path());
    sync_all(work.path());
    put_in_place(work.path(), state);
    return restored;
}

Restored check_backup(const fs::path& file, const fs::path& work_in, const std::function<void()>& between) {
    const WorkFolder work(work_in, "check");
    return open_in(file, work.path(), between);
}

}  // namespace assistd::backup
