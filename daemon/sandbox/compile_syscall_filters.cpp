// compile-syscall-filters FILE: writes the filters of syscall_filter.h, one for each grant, as the kernel
// takes them.
//
// libseccomp needs half a millisecond to put one together, which every start of a plugin would pay; so it
// does that when assistd is built.

#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sandbox/compiled_filter.h"

namespace assistd::sandbox {
namespace {

using Program = std::vector<sock_filter>;

// Names that an architecture does not have are left out.
constexpr const char* of_files[] = {
    "access",    "chdir",     "close",     "close_range", "copy_file_range", "creat",
    "dup",       "dup2",      "dup3",      "faccessat",   "faccessat2",      "fadvise64",
    "fallocate", "fchdir",    "fdatasync", "flock",       "fstat",           "fstatfs",
    "fsync",     "ftruncate", "getcwd",    "getdents",    "getdents64",      "link",
    "linkat",    "lseek",     "lstat",     "mkdir",       "mkdirat",         "newfstatat",
    "open",      "openat",    "pread64",   "preadv",      "preadv2",         "pwrite64",
    "pwritev",   "pwritev2",  "read",      "readlink",    "readlinkat",      "readv",
    "rename",    "renameat",  "renameat2", "rmdir",       "sendfile",        "stat",
    "statfs",    "statx",     "symlink",   "symlinkat",   "sync_file_range", "umask",
    "unlink",    "unlinkat",  "write",     "writev"};
constexpr const char* of_memory[] = {"brk",     "get_mempolicy", "madvise", "mbind",        "membarrier",
                                     "mincore", "mlock",         "mmap",    "mprotect",     "mremap",
                                     "msync",   "munlock",       "munmap",  "set_mempolicy"};
constexpr const char* of_threads[] = {"arch_prctl",
                                      "exit",
                                      "exit_group",
                                      "futex",
                                      "futex_waitv",
                                      "get_robust_list",
                                      "getcpu",
                                      "getpriority",
                                      "gettid",
                                      "restart_syscall",
                                      "rseq",
                                      "sched_get_priority_max",
                                      "sched_get_priority_min",
                                      "sched_getaffinity",
                                      "sched_getparam",
                                      "sched_getscheduler",

                                      "sched_yield",
                                      "set_robust_list",
                                      "set_tid_address"};
constexpr const char* of_time[] = {"alarm",           "clock_getres",    "clock_gettime",
                                   "clock_nanosleep", "getitimer",       "gettimeofday",
                                   "nanosleep",       "setitimer",       "time",
                                   "timer_create",    "timer_delete",    "timer_getoverrun",
                                   "timer_gettime",   "timer_settime",   "timerfd_create",
                                   "timerfd_gettime", "timerfd_settime", "times"};
constexpr const char* of_signals[] = {"pause",        "rt_sigaction",  "rt_sigpending",   "rt_sigprocmask",
                                      "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack"};
// The descriptors that are open already: the socket to the daemon among them.
constexpr const char* of_waiting[] = {
    "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait",
    "eventfd",      "eventfd2",      "pipe",      "pipe2",       "poll",         "ppoll",
    "pselect6",     "recvmsg",       "select",    "sendmsg",     "shutdown"};
constexpr const char* of_knowing[] = {"getegid",   "geteuid",   "getgid",    "getgroups", "getpgid",
                                      "getpgrp",   "getpid",    "getppid",   "getrandom", "getresgid",
                                      "getresuid", "getrlimit", "getrusage", "getsid",    "getuid",
                                      "setrlimit", "sysinfo",   "uname"};
constexpr const char* of_sockets[] = {"accept",      "accept4",    "bind",      "connect",  "getpeername",
                                      "getsockname", "getsockopt", "listen",    "recvfrom", "recvmmsg",
                                      "sendmmsg",    "sendto",     "setsockopt"};

constexpr const char* of_becoming[] = {"execve"};
constexpr const char* of_children[] = {"wait4", "waitid"};

class Filter {
  public:
    Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
        if (!context_) throw std::runtime_error("libseccomp does not know this architecture");
    }

    template <std::size_t n>
    void allow(const char* const (&names)[n]) {
        for (const char* name : names) add(SCMP_ACT_ALLOW, name);
    }
    template <class... Conditions>
    void add(std::uint32_t action, const char* name, Conditions... conditions) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR) return;
        if (seccomp_rule_add(context_.get(), action, number, sizeof...(conditions), conditions...) != 0)
            throw std::runtime_error(std::string(name) + " cannot be filtered");
    }
    Program compile() {
        seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // as a tree
        const int file = ::memfd_create("filter", MFD_CLOEXEC);
        if (file < 0 || seccomp_export_bpf(context_.get(), file) != 0)
            throw std::runtime_error("a filter cannot be compiled");
        Program program(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)) / sizeof(sock_filter));
        const std::size_t bytes = program.size() * sizeof(sock_filter);
        const bool whole = ::pread(file, program.data(), bytes, 0) == static_cast<ssize_t>(bytes);
        ::close(file);
        if (!whole) throw std::runtime_error("a compiled filter cannot be read");
        return program;
    }

  private:
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };
    std::unique_ptr<void, Release> context_;
};

constexpr scmp_datum_t namespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

// Threads, but no processes. clone3 hides its flags from a filter; where it is not there, clone is used.
void allow_threads(Filter& filter) {
    filter.allow(of_threads);
    filter.add(SCMP_ACT_ALLOW, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | namespaces, CLONE_THREAD));
    filter.add(SCMP_ACT_ALLOW, "sched_setaffinity", SCMP_A0(SCMP_CMP_EQ, 0));
    filter.add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
    for (const int option : {PR_SET_NAME, PR_GET_NAME})
        filter.add(SCMP_ACT_ALLOW, "prctl", SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(option)));
}

// To itself only: abort() and raise() are signals too.
void allow_signals(Filter& filter) {
    filter.allow(of_signals);
    for (const char* name : calls_to_itself)
        filter.add(SCMP_ACT_ALLOW, name, SCMP_A0(SCMP_CMP_EQ, the_process_itself));
}

// TCP and UDP. Those of Unix would reach other programs of this machine.
void allow_network(Filter& filter) {
    filter.allow(of_sockets);
    for (const int family : {AF_INET, AF_INET6})
        for (const int type : {SOCK_STREAM, SOCK_DGRAM})
            filter.add(SCMP_ACT_ALLOW, "socket", SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)),
                       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, static_cast<scmp_datum_t>(type)));
}

void allow_the_rest(Filter& filter) {
    filter.allow(of_files);
    filter.allow(of_memory);
    filter.allow(of_time);
    filter.allow(of_waiting);
    filter.allow(of_knowing);
    // Not those that send signals to others: F_SETOWN, F_SETSIG, leases, notices.
    for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK,
                              F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW})
        filter.add(SCMP_ACT_ALLOW, "fcntl", SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
    filter.add(SCMP_ACT_ALLOW, "prlimit64", SCMP_A0(SCMP_CMP_EQ, 0));
    // Whether it is a terminal, how much there is to read; nothing that types into a terminal.
    for (const auto request : {TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX, FIONCLEX})
        filter.add(SCMP_ACT_ALLOW, "ioctl", SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(request)));
}

Program compile(const CallGrant& grant) {
    Filter filter;
    allow_threads(filter);
    allow_signals(filter);
    allow_the_rest(filter);
    if (grant.network) allow_network(filter);
    if (grant.become) filter.allow(of_becoming);
    if (grant.children) filter.allow(of_children);
    Program program = filter.compile();
    // Once or more: what is the same for two calls is compiled once.
    if (std::ranges::none_of(program, names_the_process))
        throw std::runtime_error("a filter does not name the process");
    return program;
}

void write_filters(std::ofstream file) {
    for (std::size_t i = 0; i < number_of_grants; ++i) {
        file << "constexpr sock_filter filter_" << i << "[] = {\n";
        for (const sock_filter& one : compile(grant_at(i)))
            file << '{' << one.code << ", " << int{one.jt} << ", " << int{one.jf} << ", " << one.k << "u},\n";
        file << "};\n";
    }
    file << "constexpr std::span<const sock_filter> filters[] = {\n";
    for (std::size_t i = 0; i < number_of_grants; ++i) file << "filter_" << i << ",\n";
    file << "};\n";
    if (!file.flush()) throw std::runtime_error("the file cannot be written");
}

}  // namespace
}  // namespace assistd::sandbox

int main(int count, char** arguments) {
    if (count != 2) return 2;
    try {
        assistd::sandbox::write_filters(std::ofstream(arguments[1]));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "compile-syscall-filters: %s.\n", error.what());
        return 1;
    }
}
