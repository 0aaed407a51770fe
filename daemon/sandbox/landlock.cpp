#include "sandbox/landlock.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/unique_fd.h"

namespace assistd::sandbox {
namespace {

// The kernel's interface, whose header in Debian 12 ends at version 2.
constexpr std::uint64_t execute = 1u << 0, write_file = 1u << 1, read_file = 1u << 2, read_dir = 1u << 3;
constexpr std::uint64_t all_of_version_1 = (1u << 13) - 1;
constexpr std::uint64_t make_device = 1u << 6 | 1u << 11, make_socket = 1u << 9;
constexpr std::uint64_t refer = 1u << 13;      // version 2
constexpr std::uint64_t truncate = 1u << 14;   // version 3
constexpr std::uint64_t ioctl_dev = 1u << 15;  // version 5
constexpr std::uint64_t of_files = execute | write_file | read_file | truncate | ioctl_dev;
constexpr std::uint64_t bind_and_connect_tcp = 3;       // version 4
constexpr std::uint64_t other_sockets_and_signals = 3;  // version 6
constexpr int rule_path_beneath = 1;
constexpr std::uint32_t ask_for_version = 1;

struct Ruleset {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scoped;
};
struct __attribute__((packed)) PathBeneath {
    std::uint64_t allowed;
    std::int32_t parent;
};

std::size_t size_in(long version) {
    return version < 4 ? 8 : version < 6 ? 16 : 24;
}

Ruleset ruleset_of(long version, bool network) {
    Ruleset rules{all_of_version_1, 0, 0};
    if (version >= 2) rules.files |= refer;
    if (version >= 3) rules.files |= truncate;
    if (version >= 4 && !network) rules.network = bind_and_connect_tcp;
    if (version >= 5) rules.files |= ioctl_dev;
    if (version >= 6) rules.scoped = other_sockets_and_signals;
    return rules;
}

void allow(int ruleset, int file, std::uint64_t rights) {
    struct stat about {};
    if (::fstat(file, &about) != 0) return;
    if (!S_ISDIR(about.st_mode)) rights &= of_files;
    const PathBeneath rule{rights, file};
    ::syscall(SYS_landlock_add_rule, ruleset, rule_path_beneath, &rule, 0);
}

void allow(int ruleset, const std::string& path, std::uint64_t rights) {
    const UniqueFd file(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (file) allow(ruleset, file.get(), rights);
}

}  // namespace

bool confine_files(const FileGrant& grant) {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_for_version);
    if (version < 1) return false;
    const Ruleset rules = ruleset_of(version, grant.network);
    const UniqueFd ruleset(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size_in(version), 0)));
    if (!ruleset) return false;
    const std::uint64_t in_scratch = rules.files & ~(execute | make_device | make_socket | ioctl_dev);
    allow(ruleset.get(), grant.file, read_file);
    if (!grant.scratch.empty()) allow(ruleset.get(), grant.scratch, in_scratch);
    for (const std::string& path : grant.readable) allow(ruleset.get(), path, read_file | read_dir);
    for (const std::string& path : grant.executable) allow(ruleset.get(), path, read_file | execute);
    allow(ruleset.get(), "/dev/null", read_file | write_file | (rules.files & truncate));
    return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

}  // namespace assistd::sandbox
