#include "plugin_host/scratch.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace assistd::plugin_host {

UniqueFd Scratch::unnamed_file() const {
    UniqueFd file(::open(path_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file || errno != EOPNOTSUPP) return file;
    // Some network file systems have no unnamed files.
    std::string name = path_ + "/artifact.XXXXXX";
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (file) ::unlink(name.c_str());
    return file;
}

bool Scratch::empty() {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(path_, failure)) {
        std::filesystem::remove_all(entry.path(), failure);
        if (failure) return false;
    }
    return !failure;
}

}  // namespace assistd::plugin_host
