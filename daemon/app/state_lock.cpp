#include "app/state_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "backup/state_files.h"
#include "base/error.h"
#include "base/logging.h"
#include "sqlite/open.h"

namespace assistd::app {
namespace {

std::string name_of_user(uid_t user) {
    constexpr std::size_t enough = 16 << 10;
    std::vector<char> buffer(enough);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return entry.pw_name;
    return fmt::format("the user {}", user);
}

// Without the lock two daemons could do the same work twice, so none is no reason to go on.
[[noreturn]] void throw_unusable(const std::filesystem::path& file, int reason) {
    struct stat about {};
    std::string whose;
    if (::stat(file.c_str(), &about) == 0)
        whose = fmt::format(" It belongs to {}, and this assistd runs as {}.", name_of_user(about.st_uid),
                            name_of_user(::geteuid()));
    throw Error(
        ErrorCode::unavailable,
        fmt::format("The lock {} cannot be taken: {}.{} Without it two daemons could use one folder. Give it "
                    "to the user that the folder belongs to: chown --reference='{}' '{}'.",
                    file.string(), std::strerror(reason), whose, file.parent_path().string(), file.string()));
}

// What root makes in a folder of the daemon's user is that user's, as the folder is.
void give_to_owner_of(const std::filesystem::path& folder, int file) {
    struct stat about {};
    struct stat own {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &about) != 0 || ::fstat(file, &own) != 0) return;
    if (own.st_uid == about.st_uid || about.st_uid == 0) return;
    if (::fchown(file, about.st_uid, about.st_gid) != 0) throw_unusable(folder / StateLock::name, errno);
}

}  // namespace

StateLock::StateLock(const std::filesystem::path& folder) {
    sqlite::prepare_folder(folder);
    const std::filesystem::path path = folder / name;
    file_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file_) throw_unusable(path, errno);
    give_to_owner_of(folder, file_.get());
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw_unusable(path, errno);
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

void keep_to_owner(const std::filesystem::path& folder) {
    constexpr unsigned for_others = S_IRWXG | S_IRWXO;
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0 || (about.st_mode & for_others) == 0) return;
    const unsigned mode = about.st_mode & 07777U;
    if (about.st_uid == ::geteuid() && ::chmod(folder.c_str(), about.st_mode & S_IRWXU) == 0)
        log::info("the state folder {} was open to others (mode {:o}) and is its owner's alone now",
                  folder.string(), mode);
    else
        log::warn(
            "the state folder {} is open to others than its owner (mode {:o}), and conversations are in "
            "it: chmod 700 '{}'",
            folder.string(), mode, folder.string());
}

void check_is_state_folder(const std::filesystem::path& folder) {
    const std::filesystem::path database = folder / backup::main_database;
    if (std::filesystem::exists(database)) return;
    throw Error(
        ErrorCode::not_found,
        fmt::format(
            "{} is no state folder of an assistd that has run: {} is not there. Nothing was made. Name "
            "your daemon's folder with --state; a new one is made by the daemon's first start.",
            folder.string(), database.string()));
}

}  // namespace assistd::app
