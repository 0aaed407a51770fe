#include "app/state_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <string>

#include "base/error.h"

namespace assistd::app {

StateLock::StateLock(const std::filesystem::path& folder) {
    ::mkdir(folder.c_str(), 0700);
    file_.reset(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file_) return;
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> owner{};
        const ssize_t size = ::pread(file_.get(), owner.data(), owner.size() - 1, 0);
        const std::string process = size > 0 ? " (process " + std::string(owner.data()) + ")" : "";
        throw Error(ErrorCode::unavailable, "Another assistd" + process + " uses the state folder " +
                                                folder.string() +
                                                ": stop it first, or name another folder with --state.");
    }
    const std::string process = std::to_string(::getpid());
    if (::ftruncate(file_.get(), 0) != 0 ||
        ::pwrite(file_.get(), process.data(), process.size(), 0) != static_cast<ssize_t>(process.size()))
        return;  // the number is only for the sentence above
}

}  // namespace assistd::app
