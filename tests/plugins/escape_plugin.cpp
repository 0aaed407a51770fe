// A plugin that tries to get out of its sandbox, and one tool that works as plugins do. What got through is
// in the result:
// {"got_through": ["exec"], "refused": {"open /etc/passwd": "EACCES"}}.

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <assistd/plugin.hpp>
#include <csignal>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <thread>

namespace {

using assistd::Json;

// While the library is loaded it is descriptor 4.
const int library = ::dup(4);

// Each returns a negative number with errno when it was refused, as system calls do.
using Attempt = std::function<long()>;

long opened(const std::string& path, int flags) {
    return ::open(path.c_str(), flags | O_CLOEXEC, 0600);
}

long connected(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    return ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

long executed() {
    const char* const arguments[] = {"/bin/true", nullptr};
    return ::syscall(SYS_execve, "/bin/true", arguments, nullptr);  // does not come back when it works
}

long forked() {
    const long child = ::syscall(SYS_fork);
    if (child == 0) ::_exit(0);
    if (child > 0) ::waitpid(static_cast<pid_t>(child), nullptr, 0);
    return child;
}

long by_a_link(const std::string& scratch, const std::string& secret) {
    const std::string link = scratch + "/link";
    if (::symlink(secret.c_str(), link.c_str()) != 0) return -1;
    return opened(link, O_RDONLY);
}

std::map<std::string, Attempt> attempts(const std::string& scratch, const std::string& secret, int port) {
    const pid_t daemon = ::getppid();
    const std::string of_the_daemon = "/proc/" + std::to_string(daemon) + "/";
    return {
        {"read /etc/passwd", [] { return opened("/etc/passwd", O_RDONLY); }},
        {"read the secret", [=] { return opened(secret, O_RDONLY); }},
        {"write the secret", [=] { return opened(secret, O_WRONLY | O_APPEND); }},
        {"truncate the secret", [=] { return ::truncate(secret.c_str(), 0); }},
        {"remove the secret", [=] { return ::unlink(secret.c_str()); }},
        {"rename the secret", [=] { return ::rename(secret.c_str(), (scratch + "/mine").c_str()); }},
        {"link the secret", [=] { return ::link(secret.c_str(), (scratch + "/mine").c_str()); }},
        {"read it by a link", [=] { return by_a_link(scratch, secret); }},
        {"read it by /proc/self/root", [=] { return opened("/proc/self/root" + secret, O_RDONLY); }},
        {"list its folder",
         [=] { return opened(secret.substr(0, secret.rfind('/')), O_RDONLY | O_DIRECTORY); }},
        {"write beside the scratch folder",
         [=] { return opened(scratch + "/../escaped", O_WRONLY | O_CREAT); }},
        {"write in /tmp", [] { return ::open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600); }},
        {"change the secret's rights", [=] { return ::chmod(secret.c_str(), 0777); }},
        {"change the secret's rights by a descriptor",
         [=] {
             const long fd = opened(secret, O_RDONLY);
             return fd < 0 ? fd : ::fchmod(static_cast<int>(fd), 0777);
         }},
        {"change the secret's time", [=] { return ::utimensat(AT_FDCWD, secret.c_str(), nullptr, 0); }},
        {"signal the daemon by a descriptor",
         [=] {
             int ends[2] = {-1, -1};
             return ::pipe(ends) != 0 ? -1L : ::fcntl(ends[0], F_SETOWN, daemon);
         }},
        {"move the daemon to a core",
         [=] {
             cpu_set_t cores;
             CPU_ZERO(&cores);
             CPU_SET(0, &cores);
             return ::sched_setaffinity(daemon, sizeof cores, &cores);
         }},
        {"a capability", [] { return ::prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 1 ? 0 : -1; }},
        {"a thread in a namespace of its own",
         [] {
             return ::syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWUTS, nullptr);
         }},
        {"write to its own library", [] { return ::write(library, "x", 1); }},
        {"make a device", [=] { return ::mknod((scratch + "/dev").c_str(), S_IFCHR | 0600, 0x103); }},
        {"read the daemon's memory", [=] { return opened(of_the_daemon + "mem", O_RDONLY); }},
        {"read the daemon's environment", [=] { return opened(of_the_daemon + "environ", O_RDONLY); }},
        {"list the daemon's files", [=] { return opened(of_the_daemon + "fd", O_RDONLY | O_DIRECTORY); }},
        {"ptrace the daemon", [=] { return ::ptrace(PTRACE_ATTACH, daemon, nullptr, nullptr); }},
        {"read the daemon by process_vm_readv",
         [=] {
             char byte = 0;
             iovec here{&byte, 1}, there{reinterpret_cast<void*>(0x400000), 1};
             return ::process_vm_readv(daemon, &here, 1, &there, 1, 0);
         }},
        {"signal the daemon", [=] { return ::kill(daemon, 0); }},
        {"signal the daemon's thread", [=] { return ::syscall(SYS_tgkill, daemon, daemon, 0); }},
        {"signal everybody", [] { return ::kill(-1, 0); }},
        {"signal by pidfd",
         [=] {
             const long fd = ::syscall(SYS_pidfd_open, daemon, 0);
             return fd < 0 ? fd : ::syscall(SYS_pidfd_send_signal, fd, 0, nullptr, 0);
         }},
        {"limit the daemon",
         [=] {
             const rlimit none{0, 0};
             return ::prlimit(daemon, RLIMIT_NOFILE, &none, nullptr);
         }},
        {"raise its own limit",
         [] {
             rlimit files{};
             ::getrlimit(RLIMIT_NOFILE, &files);
             files.rlim_max = files.rlim_cur = files.rlim_max + 1'000;
             return ::setrlimit(RLIMIT_NOFILE, &files);
         }},
        {"outlive the daemon", [] { return ::prctl(PR_SET_PDEATHSIG, 0); }},
        {"exec", executed},
        {"exec without a name",
         [] {
             const long fd = ::syscall(SYS_memfd_create, "x", 0);
             return fd < 0 ? fd : ::syscall(SYS_execveat, fd, "", nullptr, nullptr, 0x1000);
         }},
        {"fork", forked},
        {"leave the process group", [] { return ::setsid(); }},
        {"connect", [=] { return connected(port); }},
        {"a socket of Unix", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }},
        {"a raw socket", [] { return ::socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
        {"mount", [=] { return ::mount("none", scratch.c_str(), "tmpfs", 0, nullptr); }},
        {"a namespace of its own", [] { return ::unshare(CLONE_NEWUSER); }},
        {"change the root", [=] { return ::chroot(scratch.c_str()); }},
        {"io_uring", [] { return ::syscall(SYS_io_uring_setup, 1, nullptr); }},
        {"bpf", [] { return ::syscall(SYS_bpf, 0, nullptr, 0); }},
        {"perf", [] { return ::syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
        {"userfaultfd", [] { return ::syscall(SYS_userfaultfd, 0); }},
        {"the kernel's keys", [] { return ::syscall(SYS_add_key, "user", "x", "y", 1, -3); }},
        {"the machine's name", [] { return ::sethostname("x", 1); }},
        {"the clock", [] { return ::syscall(SYS_settimeofday, nullptr, nullptr); }},
        {"shared memory of System V", [] { return ::syscall(SYS_shmget, 0, 4'096, 01600); }},
    };
}

assistd::Result try_all(const std::string& scratch, const Json& arguments) {
    Json got_through = Json::array();
    Json refused = Json::object();
    for (const auto& [name, attempt] :
         attempts(scratch, arguments.value("secret", "/etc/shadow"), arguments.value("port", 1))) {
        errno = 0;
        if (attempt() >= 0)
            got_through.push_back(name);
        else
            refused[name] = ::strerrorname_np(errno);
    }
    return {{{"got_through", got_through}, {"refused", refused}}, "Tried."};
}

assistd::Result work(const std::string& scratch) {
    const std::string file = scratch + "/note";
    std::ofstream(file) << "scratch";
    ::mkdir((file + "s").c_str(), 0700);
    ::rename(file.c_str(), (file + "s/one").c_str());
    std::string note;
    std::ifstream(file + "s/one") >> note;
    std::vector<long> sums(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < sums.size(); ++i)
        threads.emplace_back([&sums, i] {
            std::vector<int> numbers(100'000, 1);
            sums[i] = std::accumulate(numbers.begin(), numbers.end(), 0L);
        });
    for (std::thread& thread : threads) thread.join();
    const std::time_t now = std::time(nullptr);
    return {{{"note", note},
             {"sum", std::accumulate(sums.begin(), sums.end(), 0L)},
             {"cores", std::thread::hardware_concurrency()},
             {"year", 1900 + std::localtime(&now)->tm_year},
             {"libraries", ::access("/usr/lib", R_OK) == 0}},
            "Worked."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    const std::string scratch = tools.scratch_folder();
    tools.add("try_all",
              [scratch](assistd::Call&, const Json& arguments) { return try_all(scratch, arguments); });
    tools.add("work", [scratch](assistd::Call&, const Json&) { return work(scratch); });
}
