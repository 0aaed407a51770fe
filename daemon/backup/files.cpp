#include "backup/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace assistd::backup {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view doing) {
    throw Error(ErrorCode::unavailable,
                fmt::format("{} cannot be {}: {}.", path.string(), doing, std::strerror(errno)));
}

}  // namespace

UniqueFd unnamed_file(const std::filesystem::path& folder) {
    UniqueFd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    // The file system knows no unnamed files.
    const std::filesystem::path path = folder / "unnamed";
    file.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) fail(path, "made");
    ::unlink(path.c_str());
    return file;
}

std::size_t read_some(int file, char* to, std::size_t size, const std::filesystem::path& path) {
    for (;;) {
        const ssize_t got = ::read(file, to, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) fail(path, "read");
    }
}

void write_all(int file, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(file, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail(path, "written");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

}  // namespace assistd::backup
