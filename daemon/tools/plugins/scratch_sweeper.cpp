#include "tools/plugins/scratch_sweeper.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "base/call_quotas.h"
#include "base/unique_fd.h"

namespace assistd::tools {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

// A link is not followed: what it leads to is somebody else's.
Folder open_folder(int parent, const char* name) {
    UniqueFd fd(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && errno == EACCES && ::fchmodat(parent, name, 0700, 0) == 0)
        fd.reset(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return nullptr;
    ::fchmod(fd.get(), 0700);
    Folder folder(::fdopendir(fd.get()));
    if (folder) static_cast<void>(fd.release());
    return folder;
}

bool is_dot(const char* name) {
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

// Under a name that nothing has there.
bool move_up(int folder, const char* name, int root, std::uint64_t& moved) {
    for (;;) {
        const std::string beside = std::to_string(++moved);
        if (::renameat2(folder, name, root, beside.c_str(), RENAME_NOREPLACE) == 0) return true;
        if (errno != EEXIST) return false;
    }
}

// Removes what is in the root's folder `name` and it; folders in it are moved up beside it first.
bool flatten(int root, const std::string& name, std::uint64_t& moved) {
    const Folder folder = open_folder(root, name.c_str());
    if (!folder) return false;
    const int fd = ::dirfd(folder.get());
    while (const dirent* entry = ::readdir(folder.get())) {
        if (is_dot(entry->d_name) || ::unlinkat(fd, entry->d_name, 0) == 0) continue;
        if (::unlinkat(fd, entry->d_name, AT_REMOVEDIR) == 0) continue;
        // Moving a folder changes its "..", which takes the right to write to it.
        if (::fchmodat(fd, entry->d_name, 0700, 0) != 0) return false;
        if (!move_up(fd, entry->d_name, root, moved)) return false;
    }
    return ::unlinkat(root, name.c_str(), AT_REMOVEDIR) == 0;
}

// One round over what is in the root. False when something cannot be removed.
bool sweep(int root, DIR* folder, std::uint64_t& moved, bool& any) {
    ::rewinddir(folder);
    while (const dirent* entry = ::readdir(folder)) {
        if (is_dot(entry->d_name)) continue;
        any = true;
        if (::unlinkat(root, entry->d_name, 0) == 0 || ::unlinkat(root, entry->d_name, AT_REMOVEDIR) == 0)
            continue;
        if (!flatten(root, entry->d_name, moved)) return false;
    }
    return true;
}

// Nobody who does not want to hide something nests deeper.
constexpr int deepest = 64;
constexpr std::uint64_t bytes_of_block = 512;
constexpr std::uint64_t least_bytes = 4'096;

void add_bytes(int parent, const char* name, int depth, std::uint64_t enough, std::uint64_t& bytes) {
    UniqueFd fd(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (depth > deepest || (!fd && errno == EACCES)) bytes = uncountable_bytes;
    const Folder folder(fd ? ::fdopendir(fd.get()) : nullptr);
    if (!folder) return;  // it is gone
    const int here = fd.release();
    while (const dirent* entry = ::readdir(folder.get())) {
        struct stat about {};
        if (bytes > enough) return;
        if (is_dot(entry->d_name) || ::fstatat(here, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        bytes += std::max(static_cast<std::uint64_t>(about.st_blocks) * bytes_of_block, least_bytes);
        if (S_ISDIR(about.st_mode)) add_bytes(here, entry->d_name, depth + 1, enough, bytes);
    }
}

}  // namespace

std::uint64_t bytes_in_tree(const std::filesystem::path& folder, std::uint64_t enough) {
    std::uint64_t bytes = 0;
    add_bytes(AT_FDCWD, folder.c_str(), 0, enough, bytes);
    return bytes;
}

bool remove_tree(const std::filesystem::path& path) {
    if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return true;
    {
        const Folder folder = open_folder(AT_FDCWD, path.c_str());
        if (!folder) return false;
        std::uint64_t moved = 0;
        for (bool any = true; any;) {
            any = false;
            if (!sweep(::dirfd(folder.get()), folder.get(), moved, any)) return false;
        }
    }
    return ::rmdir(path.c_str()) == 0;
}

}  // namespace assistd::tools
