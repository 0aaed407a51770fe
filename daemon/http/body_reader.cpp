#include "http/body_reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace assistd::http {
namespace {

Error cannot_keep(int number) {
    return Error(ErrorCode::unavailable, std::string("The upload cannot be kept: ") + strerror(number) + ".");
}

// A file without a name: it is gone with its last descriptor, also after a crash.
UniqueFd unnamed_file(const std::string& folder) {
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

Error body_too_large(std::int64_t limit) {
    return Error(ErrorCode::payload_too_large,
                 "The body is larger than the " + std::to_string(limit) + " bytes that are allowed here.");
}

BodyReader::BodyReader(const BodyFrame& frame, const RouteOptions& options, const std::string& upload_folder)
    : chunked_(frame.chunked), expected_(frame.content_length), limit_(options.max_body) {
    if (options.body_to_file) file_ = unnamed_file(upload_folder);
    // A claimed length is not yet a reason to set much memory aside.
    else
        text_.reserve(static_cast<std::size_t>(std::min<std::int64_t>(expected_, 64 * 1024)));
}

void BodyReader::take(std::string_view& bytes) {
    if (!chunked_) {
        const auto count =
            std::min<std::uint64_t>(bytes.size(), static_cast<std::uint64_t>(expected_ - received_));
        store(bytes.substr(0, count));
        bytes.remove_prefix(count);
        return;
    }
    while (!bytes.empty() && !decoder_.done()) store(decoder_.take(bytes));
}

void BodyReader::store(std::string_view data) {
    received_ += static_cast<std::int64_t>(data.size());
    if (received_ > limit_) throw body_too_large(limit_);
    if (!file_) {
        text_.append(data);
        return;
    }
    while (!data.empty()) {
        const ssize_t written = ::write(file_.get(), data.data(), data.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw cannot_keep(errno);
        data.remove_prefix(static_cast<std::size_t>(written));
    }
}

UniqueFd BodyReader::take_file() {
    if (file_) ::lseek(file_.get(), 0, SEEK_SET);
    return std::move(file_);
}

}  // namespace assistd::http
