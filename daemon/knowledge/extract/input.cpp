#include "knowledge/extract/input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "knowledge/extract/failure.h"

namespace assistd::extract {

InputFile::InputFile(int fd) : fd_(fd) {
    struct stat about {};
    if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        throw Failure(FailureKind::server_error, "cannot be read: it is not stored as a plain file");
    size_ = static_cast<std::uint64_t>(about.st_size);
}

std::string InputFile::read(std::uint64_t at, std::size_t bytes) const {
    std::string block(bytes, '\0');
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::pread(fd_, block.data() + done, bytes - done, static_cast<off_t>(at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Failure(FailureKind::server_error, "cannot be read from the disk");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    block.resize(done);
    return block;
}

}  // namespace assistd::extract
