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
#include <list>
#include <memory>
#include <set>

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

// A copy that is being made; its name goes unless it became a file.
class Unfinished {
  public:
    explicit Unfinished(fs::path path)
        : path_(std::move(path)),
          file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
        if (!file_) fail("making", path_);
    }
    ~Unfinished() { ::unlink(path_.c_str()); }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    // The disk is told to begin, so that it writes several at once.
    void fill(int from) {
        taken_ = copy(from, file_.get(), path_);
        ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    void sync() {
        if (::fsync(file_.get()) != 0) fail("syncing", path_);
        file_.reset();
    }
    const fs::path& path() const { return path_; }
    const ArtifactFiles::Taken& taken() const { return taken_; }

  private:
    fs::path path_;
    UniqueFd file_;
    ArtifactFiles::Taken taken_;
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
void ArtifactFiles::check_room(const std::vector<int>& files) const {
    std::error_code unknown;
    const fs::space_info space = fs::space(folder_, unknown);
    if (unknown) return;
    std::uint64_t size = 0;
    for (const int file : files) {
        struct stat about {};
        if (::fstat(file, &about) == 0) size += static_cast<std::uint64_t>(about.st_size);
    }
    if (space.available >= reserve_bytes_ && space.available - reserve_bytes_ >= size) return;
    throw Error(
        ErrorCode::payload_too_large,
        fmt::format("The disk has {} MiB left, of which store.reserve_mib keeps {} free: there is no room "
                    "for an artifact of {} KiB.",
                    space.available >> 20, reserve_bytes_ >> 20, (size + 1023) >> 10));
}

std::vector<ArtifactFiles::Taken> ArtifactFiles::take(const std::vector<int>& files) const {
    check_room(files);
    std::list<Unfinished> copies;
    for (const int file : files) copies.emplace_back(incoming_ / Uuid::make().hex()).fill(file);
    // The first of several waits for the disk, the others find their work done with it.
    for (Unfinished& one : copies) one.sync();
    std::set<fs::path> changed;
    std::vector<Taken> taken;
    for (const Unfinished& one : copies) {
        changed.insert(put_in_place(one.path(), one.taken()));
        taken.push_back(one.taken());
    }
    for (const fs::path& folder : changed) sync_folder(folder);
    return taken;
}

fs::path ArtifactFiles::put_in_place(const fs::path& unfinished, const Taken& taken) const {
    const fs::path target = path_of(taken.sha256);
    if (make_folder(target.parent_path())) sync_folder(folder_);
    struct stat there {};
    // The same content may be there already; a file of another length under its name is a damaged one.
    const bool known = ::stat(target.c_str(), &there) == 0 && there.st_size == taken.size;
    if (!known && ::rename(unfinished.c_str(), target.c_str()) != 0) fail("naming", target);
    // Also for a known file: whoever put it there may not have got as far as syncing.
    return target.parent_path();
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
