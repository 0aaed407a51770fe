#include "plugin_host/sandbox.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

#include "plugin_host/landlock.h"
#include "plugin_host/syscall_filter.h"

namespace assistd::plugin_host {
namespace {

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

}  // namespace

bool die_with_parent(int parent_pid) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return ::getppid() == parent_pid;
}

std::string enter_sandbox(const Grant& grant, const OwnProcess& process) {
    ::signal(SIGXFSZ, SIG_IGN);  // a file over the limit is a failed write that the plugin can report
    ::signal(SIGPIPE, SIG_IGN);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_DUMPABLE, 0);  // also when core dumps go to a program, which RLIMIT_CORE does not stop
    set_limits(grant.limits, process);
    drop_capabilities();

    FileGrant files{grant.library, grant.scratch, grant.readable, grant.network};
    files.readable.insert(files.readable.end(), std::begin(of_the_system), std::end(of_the_system));
    if (grant.network)
        files.readable.insert(files.readable.end(), std::begin(of_the_network), std::end(of_the_network));
    std::string missing;
    if (!confine_files(files))
        missing = "The kernel has no Landlock: it can read and write every file that the daemon's user can.";
    if (!confine_syscalls(grant.network))
        missing.append(missing.empty() ? "" : " ")
            .append("The kernel has no seccomp filters: it can open sockets and start other programs.");
    return missing;
}

}  // namespace assistd::plugin_host
