#include "plugin_abi/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace assistd::plugin_abi {
namespace {

constexpr std::uint64_t bytes_of_block = 512;
constexpr std::uint64_t least_bytes = 4'096;  // of a file: how many there are is limited too

}  // namespace

Scratch::Scratch(std::string path)
    : path_(std::move(path)), folder_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

UniqueFd Scratch::unnamed_file() const {
    UniqueFd file(::open(path_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file || errno != EOPNOTSUPP) return file;
    // Some network file systems have no unnamed files.
    std::string name = path_ + "/artifact.XXXXXX";
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (file) ::unlink(name.c_str());
    return file;
}

// As it is after most calls, so this is made to cost next to nothing. False also when it cannot be read.
bool Scratch::is_empty() const {
    constexpr int itself_and_above = 2;
    alignas(dirent64) std::array<char, 4'096> names{};
    if (::lseek(folder_.get(), 0, SEEK_SET) != 0) return false;
    const ssize_t got = ::getdents64(folder_.get(), names.data(), names.size());
    int entries = 0;
    for (ssize_t at = 0; at < got; ++entries)
        at += reinterpret_cast<const dirent64*>(names.data() + at)->d_reclen;
    return entries == itself_and_above;
}

std::uint64_t Scratch::bytes() const {
    if (is_empty()) return 0;
    namespace fs = std::filesystem;
    std::uint64_t bytes = 0;
    std::error_code failure;
    for (fs::recursive_directory_iterator entry(path_, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        struct stat about {};
        if (::lstat(entry->path().c_str(), &about) == 0)
            bytes += std::max(static_cast<std::uint64_t>(about.st_blocks) * bytes_of_block, least_bytes);
    }
    return bytes;
}

bool Scratch::empty() {
    if (is_empty()) return true;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(path_, failure)) {
        std::filesystem::remove_all(entry.path(), failure);
        if (failure) return false;
    }
    return !failure;
}

}  // namespace assistd::plugin_abi
