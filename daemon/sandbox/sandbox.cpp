#include "sandbox/sandbox.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "sandbox/landlock.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Signals must end the process as they would end the real one.
extern "C" const char* __asan_default_options() {
    return "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:detect_leaks=0:"
           "use_sigaltstack=0";
}
extern "C" const char* __tsan_default_options() {
    return "handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:use_sigaltstack=0";
}
#endif

namespace assistd::sandbox {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const bool limits_address_space = false;
#else
const bool limits_address_space = true;
#endif

namespace {

constexpr rlim_t max_open_files = 256;
constexpr rlim_t max_processes = 4'096;  // counts every thread of the daemon's user

// The libraries of the system and what they look up: nothing that belongs to a user.
constexpr const char* of_the_system[] = {"/usr",
                                         "/lib",
                                         "/lib64",
                                         "/etc/ld.so.cache",
                                         "/etc/fonts",
                                         "/etc/localtime",
                                         "/var/cache/fontconfig",
                                         "/dev/random",
                                         "/dev/urandom",
                                         "/dev/zero",
                                         "/proc/cpuinfo",
                                         "/proc/meminfo",
                                         "/sys/devices/system/cpu",
                                         "/sys/devices/system/node"};
// How names become addresses, and whom to trust.
constexpr const char* of_the_network[] = {"/etc/resolv.conf", "/etc/hosts",           "/etc/nsswitch.conf",
                                          "/etc/gai.conf",    "/etc/services",        "/etc/protocols",
                                          "/etc/ssl",         "/run/systemd/resolve", "/etc/ca-certificates"};

// Of a daemon that runs as root: what is left is what any user may.
void drop_capabilities() {
    constexpr int most_capabilities = 64;
    for (int capability = 0; capability < most_capabilities; ++capability)
        ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    ::syscall(SYS_capset, &header, none);
}

void set_limits(const Limits& limits) {
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, max_open_files);
    set_limit(RLIMIT_FSIZE, limits.file_bytes);
    set_limit(RLIMIT_NPROC, max_processes);
    if (limits.cpu_seconds) set_limit(RLIMIT_CPU, *limits.cpu_seconds);
    if (limits.address_space_bytes && limits_address_space) set_limit(RLIMIT_AS, *limits.address_space_bytes);
}

}  // namespace

void set_limit(int resource, std::uint64_t value) {
    const auto which = static_cast<__rlimit_resource>(resource);
    rlimit limit{};
    ::getrlimit(which, &limit);
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, value);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(which, &limit);
}

bool die_with_parent(int parent_pid) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return ::getppid() == parent_pid;
}

std::string enter(const Grant& grant) {
    ::signal(SIGXFSZ, SIG_IGN);  // a file over the limit is a failed write that can be reported
    ::signal(SIGPIPE, SIG_IGN);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_DUMPABLE, 0);  // also when core dumps go to a program, which RLIMIT_CORE does not stop
    set_limits(grant.limits);
    drop_capabilities();

    const bool network = grant.calls.network;
    FileGrant files{grant.file, grant.scratch, grant.readable, grant.executable, network};
    files.readable.insert(files.readable.end(), std::begin(of_the_system), std::end(of_the_system));
    if (network)
        files.readable.insert(files.readable.end(), std::begin(of_the_network), std::end(of_the_network));
    std::string missing;
    if (!confine_files(files))
        missing = "The kernel has no Landlock: it can read and write every file that the daemon's user can.";
    if (!confine_syscalls(grant.calls))
        missing.append(missing.empty() ? "" : " ")
            .append("The kernel has no seccomp filters: it can open sockets and start other programs.");
    return missing;
}

}  // namespace assistd::sandbox
