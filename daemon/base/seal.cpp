#include "base/seal.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/sha256.h"

namespace assistd {
namespace {

// A skippable frame (RFC 8878): its magic number and the size of what follows, lowest byte first.
constexpr std::string_view frame("\x5a\x2a\x4d\x18\x48\x00\x00\x00", 8);
constexpr std::string_view name = "ASSISTD1";
constexpr std::size_t digits = 64;
static_assert(frame.size() + name.size() + digits == seal_size);

std::size_t read_at(int file, char* to, std::size_t size, off_t offset) {
    for (;;) {
        const ssize_t got = ::pread(file, to, size, offset);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR)
            throw Error(ErrorCode::unavailable,
                        std::string("The file cannot be read: ") + std::strerror(errno) + ".");
    }
}

}  // namespace

std::string seal_of(std::string_view sha256) {
    return std::string(frame) + std::string(name) + std::string(sha256);
}

std::string fault_of_sealed(int file, const std::function<void()>& between) {
    struct stat about {};
    if (::fstat(file, &about) != 0)
        throw Error(ErrorCode::unavailable,
                    std::string("The file cannot be read: ") + std::strerror(errno) + ".");
    if (!S_ISREG(about.st_mode)) return "is no file";
    if (about.st_size <= static_cast<off_t>(seal_size)) return "is too short to be a backup";
    std::string seal(seal_size, '\0');
    const off_t content = about.st_size - static_cast<off_t>(seal_size);
    seal.resize(read_at(file, seal.data(), seal.size(), content));
    if (!seal.starts_with(std::string(frame) + std::string(name)))
        return "does not end as a backup does: it was cut off, or is another kind of file";
    Sha256 hash;
    std::array<char, 1 << 18> buffer;
    for (off_t at = 0; at < content;) {
        const auto wanted = static_cast<std::size_t>(std::min<off_t>(content - at, buffer.size()));
        const std::size_t got = read_at(file, buffer.data(), wanted, at);
        if (got == 0) return "became shorter while it was read";
        hash.add(buffer.data(), got);
        at += static_cast<off_t>(got);
        if (between) between();
    }
    if (seal != seal_of(hash.hex())) return "is damaged: it does not have the checksum that it was given";
    return {};
}

}  // namespace assistd
