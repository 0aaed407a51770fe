#include "backup/back_up.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <deque>

#include "backup/archive_writer.h"
#include "backup/files.h"
#include "backup/opened_backup.h"
#include "backup/state_files.h"
#include "base/error.h"
#include "base/sha256.h"
#include "sqlite/migrate.h"
#include "sqlite/snapshot.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::Rows;
using sqlite::Snapshot;

// Copies of all databases as they are at one moment.
void copy_databases(const fs::path& state, const fs::path& to, const std::function<void()>& between) {
    // In this order: what the documents' database names was in the main one by then.
    std::deque<Snapshot> snapshots;
    for (const StateDatabase& database : state_databases()) snapshots.emplace_back(state / database.name);
    const auto databases = state_databases();
    // The busiest goes first, since its log grows as long as the look at it is kept.
    for (std::size_t i = databases.size(); i-- > 0;) {
        snapshots.back().copy_to(to / databases[i].name, between);
        snapshots.pop_back();
    }
}

int check_copy(const fs::path& file, const std::function<void()>& between) {
    Database db(file, Database::Mode::read_only);
    const std::vector<std::string> faults = sqlite::faults_of(db, between);
    if (!faults.empty())
        throw Error(
            ErrorCode::unavailable,
            fmt::format(
                "No backup was made: the database {} is damaged ({}). `assistctl doctor --data` tells "
                "more; an earlier backup may be whole.",
                file.filename().string(), faults.front()));
    return sqlite::schema_version(db);
}

// False when there is no such file.
bool add_file(ArchiveWriter& archive, const fs::path& path, const std::string& name, Manifest& manifest) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno == ENOENT) return false;
    struct stat about {};
    if (!file || ::fstat(file.get(), &about) != 0)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be read: {}.", path.string(), std::strerror(errno)));
    Sha256 hash;
    archive.add(name, about.st_size, [&](char* to, std::size_t size) {
        const std::size_t got = read_some(file.get(), to, size, path);
        hash.add(to, got);
        return got;
    });
    manifest.files.push_back({name, about.st_size, hash.hex()});
    return true;
}

void add_artifacts(ArchiveWriter& archive, const fs::path& state, const fs::path& database,
                   Manifest& manifest) {
    Database db(database, Database::Mode::read_only);
    Rows rows = db.query("SELECT DISTINCT sha256 FROM artifacts ORDER BY sha256");
    while (rows.next()) {
        const std::string sha256 = rows.text(0);
        const std::string name = name_of_artifact(sha256);
        if (!add_file(archive, state / name, name, manifest))
            manifest.missing.push_back(sha256);
        else if (manifest.files.back().sha256 != sha256)
            manifest.damaged.push_back(sha256);
    }
}

}  // namespace

MadeBackup back_up(const fs::path& state, const std::function<void()>& between) {
    const WorkFolder work(state, "backup");
    MadeBackup made;
    made.manifest.version = this_version();
    made.manifest.created_at = now();
    copy_databases(state, work.path(), between);
    for (const StateDatabase& database : state_databases())
        made.manifest.databases.push_back(
            {std::string(database.name), check_copy(work.path() / database.name, between)});

    made.file = unnamed_file(work.path());
    ArchiveWriter archive(made.file.get(), ArchiveKind::sealed_tar_zstd, made.manifest.created_at, between);
    for (const StateDatabase& database : state_databases()) {
        const std::string name(database.name);
        if (!add_file(archive, work.path() / name, name, made.manifest))
            throw Error(ErrorCode::unavailable, fmt::format("The copy of {} is gone.", name));
    }
    add_artifacts(archive, state, work.path() / main_database, made.manifest);
    archive.add(std::string(manifest_name), to_json(made.manifest));
    archive.finish();

    open_backup(made.file.get(), std::nullopt, between);
    struct stat about {};
    if (::fstat(made.file.get(), &about) != 0)
        throw Error(ErrorCode::unavailable, std::string("The backup is gone: ") + std::strerror(errno) + ".");
    made.size = about.st_size;
    return made;
}

}  // namespace assistd::backup
