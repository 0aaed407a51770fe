#include "store/artifact_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "base/ids.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/sha256.h"

namespace assistd::store {
namespace {

namespace fs = std::filesystem;

// A copy that has not grown into a file in this time belongs to a process that is gone.
constexpr std::chrono::hours incoming_lifetime{24};

[[noreturn]] void fail(std::string_view doing, const fs::path& path) {
    const int code = errno;
    throw Error(ErrorCode::unavailable, fmt::format("The artifact folder cannot be used: {} {}: {}.", doing,
                                                    path.string(), std::strerror(code)));
}

// True when it was made now.
bool make_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0) return true;
    if (errno != EEXIST) fail("making", folder);
    return false;
}

void sync_folder(const fs::path& folder) {
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) fail("syncing", folder);
}

void write_all(int fd, const char* data, std::size_t size, const fs::path& path) {
    while (size > 0) {
        const ssize_t written = ::write(fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("writing", path);
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

// Reads from the start, at offsets of its own: the descriptor's position is shared with whoever made the
// file.
ArtifactFiles::Taken copy(int from, int to, const fs::path& path) {
    Sha256 hash;
    ArtifactFiles::Taken taken;
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        const ssize_t got = ::pread(from, buffer.data(), buffer.size(), taken.size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("reading the new artifact for", path);
        if (got == 0) break;
        hash.add(buffer.data(), static_cast<std::size_t>(got));
        write_all(to, buffer.data(), static_cast<std::size_t>(got), path);
        taken.size += got;
    }
    taken.sha256 = hash.hex();
    return taken;
}

// Removes the name of a copy that did not become a file.
class Unfinished {
  public:
    explicit Unfinished(fs::path path) : path_(std::move(path)) {}
    ~Unfinished() { ::unlink(path_.c_str()); }
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

void remove_old_files(const fs::path& folder) {
    const auto limit = fs::file_time_type::clock::now() - incoming_lifetime;
    std::error_code ignored;  // another process may clear up at the same time
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        std::error_code gone;
        if (fs::last_write_time(entry, gone) < limit && !gone) fs::remove(entry, gone);
    }
}

}  // namespace

ArtifactFiles::ArtifactFiles(fs::path folder, std::uint64_t reserve_bytes)
    : folder_(std::move(folder)), incoming_(folder_ / "incoming"), reserve_bytes_(reserve_bytes) {
    make_folder(folder_);
    if (!make_folder(incoming_)) remove_old_files(incoming_);
}

UniqueFd ArtifactFiles::new_file() const {
    UniqueFd file(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    if (errno != EOPNOTSUPP && errno != EISDIR) fail("making a file in", folder_);
    // The file system knows no unnamed files.
    std::string name = (incoming_ / "draft-XXXXXX").string();
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) fail("making a file in", incoming_);
    ::unlink(name.c_str());
    return file;
}

// A full disk would stop the database too.
void ArtifactFiles::check_room(int file) const {
    struct stat about {};
    std::error_code unknown;
    const fs::space_info space = fs::space(folder_, unknown);
    if (unknown || ::fstat(file, &about) != 0) return;
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (space.available >= reserve_bytes_ && space.available - reserve_bytes_ >= size) return;
    throw Error(
        ErrorCode::payload_too_large,
        fmt::format("The disk has {} MiB left, of which store.reserve_mib keeps {} free: there is no room "
                    "for an artifact of {} KiB.",
                    space.available >> 20, reserve_bytes_ >> 20, (size + 1023) >> 10));
}

ArtifactFiles::Taken ArtifactFiles::take(int file) const {
    check_room(file);
    const Unfinished unfinished(incoming_ / Uuid::make().hex());
    const fs::path& path = unfinished.path();
    const UniqueFd target(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!target) fail("making", path);
    Taken taken = copy(file, target.get(), path);
    if (::fsync(target.get()) != 0) fail("syncing", path);
    put_in_place(path, taken);
    return taken;
}

void ArtifactFiles::put_in_place(const fs::path& unfinished, const Taken& taken) const {
    const fs::path target = path_of(taken.sha256);
    if (make_folder(target.parent_path())) sync_folder(folder_);
    struct stat there {};
    // The same content may be there already; a file of another length under its name is a damaged one.
    const bool known = ::stat(target.c_str(), &there) == 0 && there.st_size == taken.size;
    if (!known && ::rename(unfinished.c_str(), target.c_str()) != 0) fail("naming", target);
    // Also for a known file: whoever put it there may not have got this far.
    sync_folder(target.parent_path());
}

bool ArtifactFiles::has(const std::string& sha256) const {
    return ::access(path_of(sha256).c_str(), F_OK) == 0;
}

UniqueFd ArtifactFiles::open(const std::string& sha256) const {
    const fs::path path = path_of(sha256);
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) fail("opening", path);
    return file;
}

void ArtifactFiles::remove(const std::string& sha256) const {
    const fs::path path = path_of(sha256);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        log::warn("an artifact's file stays path={} reason={}", path.string(),
                  log::quoted(std::strerror(errno)));
}

fs::path ArtifactFiles::path_of(const std::string& sha256) const {
    return folder_ / sha256.substr(0, 2) / sha256.substr(2);
}

}  // namespace assistd::store
