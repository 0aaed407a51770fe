#include "http/unnamed_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"

namespace assistd::http {
namespace {

Error cannot_keep(int number) {
    return Error(ErrorCode::unavailable, std::string("The upload cannot be kept: ") + strerror(number) + ".");
}

UniqueFd open_in(const std::string& folder) {
    UniqueFd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    if (errno != EOPNOTSUPP && errno != EISDIR) throw cannot_keep(errno);
    std::string name = folder + "/upload-XXXXXX";  // a file system without O_TMPFILE
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) throw cannot_keep(errno);
    ::unlink(name.c_str());
    return file;
}

}  // namespace

UnnamedFile::UnnamedFile(const std::string& folder) : file_(open_in(folder)) {}

void UnnamedFile::append(std::string_view data) {
    size_ += static_cast<std::int64_t>(data.size());
    while (!data.empty()) {
        const ssize_t written = ::write(file_.get(), data.data(), data.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw cannot_keep(errno);
        data.remove_prefix(static_cast<std::size_t>(written));
    }
}

UniqueFd UnnamedFile::take() {
    if (file_) ::lseek(file_.get(), 0, SEEK_SET);
    return std::move(file_);
}

}  // namespace assistd::http
