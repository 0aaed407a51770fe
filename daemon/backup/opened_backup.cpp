#include "backup/opened_backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "backup/archive_reader.h"
#include "backup/files.h"
#include "backup/state_files.h"
#include "base/error.h"
#include "base/seal.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace assistd::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_manifest = std::size_t{1} << 30;

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorCode::invalid_request, fmt::format("The backup {}.", what));
}

// For their owner only.
void make_folders(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return;
    if (errno == ENOENT) {
        make_folders(folder.parent_path());
        if (::mkdir(folder.c_str(), 0700) == 0) return;
    }
    throw Error(ErrorCode::unavailable,
                fmt::format("{} cannot be made: {}.", folder.string(), std::strerror(errno)));
}

UniqueFd new_file(const fs::path& path) {
    make_folders(path.parent_path());
    UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file)
        throw Error(ErrorCode::unavailable,
                    fmt::format("{} cannot be made: {}.", path.string(), std::strerror(errno)));
    return file;
}

BackupFile read_file(ArchiveReader& archive, const std::string& name, const std::optional<fs::path>& into,
                     const std::function<void()>& between) {
    UniqueFd file;
    fs::path path;
    if (into) {
        path = *into / name;
        file = new_file(path);
    }
    BackupFile found{name, 0, {}};
    Sha256 hash;
    archive.read([&](std::string_view bytes) {
        hash.add(bytes.data(), bytes.size());
        found.size += static_cast<std::int64_t>(bytes.size());
        if (into) write_all(file.get(), bytes, path);
        if (between) between();
    });
    found.sha256 = hash.hex();
    return found;
}

std::string read_manifest(ArchiveReader& archive) {
    std::string text;
    archive.read([&](std::string_view bytes) {
        if (text.size() + bytes.size() > most_manifest) refuse("has a manifest.json that is too large");
        text += bytes;
    });
    return text;
}

void compare(const Manifest& manifest, const std::map<std::string, BackupFile>& found) {
    std::set<std::string> listed;
    const std::set<std::string> damaged(manifest.damaged.begin(), manifest.damaged.end());
    for (const BackupFile& file : manifest.files) {
        const auto there = found.find(file.name);
        if (there == found.end()) refuse(fmt::format("is not whole: {} is missing", file.name));
        if (there->second.size != file.size || there->second.sha256 != file.sha256)
            refuse(fmt::format("is damaged: {} is not what it was when the backup was made", file.name));
        const std::string content = sha256_in_name(file.name);
        if (!content.empty() && content != file.sha256 && !damaged.contains(content))
            refuse(fmt::format("is damaged: the content of {} does not belong to its name", file.name));
        if (!listed.insert(file.name).second)
            refuse(fmt::format("lists {} twice in its manifest.json", file.name));
    }
    if (found.size() != listed.size()) refuse("has files that its manifest.json does not list");
    for (const StateDatabase& database : state_databases())
        if (!listed.contains(std::string(database.name)))
            refuse(fmt::format("is not whole: {} is missing", database.name));
}

}  // namespace

Manifest open_backup(int file, const std::optional<fs::path>& into, const std::function<void()>& between) {
    if (const std::string fault = fault_of_sealed(file, between); !fault.empty()) refuse(fault);
    ArchiveReader archive(file);
    std::map<std::string, BackupFile> found;
    std::optional<Manifest> manifest;
    for (std::string name; archive.next(name);) {
        if (name == manifest_name) {
            if (manifest) refuse("has two of manifest.json");
            manifest = manifest_of(read_manifest(archive));
            continue;
        }
        if (!belongs_to_backup(name)) refuse(fmt::format("has a file that is none of assistd's: {}", name));
        if (found.contains(name)) refuse(fmt::format("has {} twice", name));
        found.emplace(name, read_file(archive, name, into, between));
    }
    if (!manifest) refuse("has no manifest.json");
    compare(*manifest, found);
    return std::move(*manifest);
}

}  // namespace assistd::backup
