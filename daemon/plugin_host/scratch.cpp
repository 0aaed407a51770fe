#include "plugin_host/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace assistd::plugin_host {

Scratch::Scratch(std::string path)
    : path_(std::move(path)), folder_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    mark_untouched();
}

UniqueFd Scratch::unnamed_file() const {
    UniqueFd file(::open(path_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file || errno != EOPNOTSUPP) return file;
    // Some network file systems have no unnamed files.
    std::string name = path_ + "/artifact.XXXXXX";
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (file) ::unlink(name.c_str());
    return file;
}

// Any file that is made in the folder moves the folder's time on from the one set here.
void Scratch::mark_untouched() {
    const timespec long_ago[2] = {{0, UTIME_OMIT}, {1, 0}};
    ::futimens(folder_.get(), long_ago);
}

void Scratch::empty() {
    struct stat state {};
    if (::fstat(folder_.get(), &state) == 0 && state.st_mtim.tv_sec == 1) return;
    std::error_code ignored;  // what cannot be removed now goes with the folder
    for (const auto& entry : std::filesystem::directory_iterator(path_, ignored))
        std::filesystem::remove_all(entry.path(), ignored);
    mark_untouched();
}

}  // namespace assistd::plugin_host
