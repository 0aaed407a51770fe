// A plugin that does all it can to outlive the daemon: deaf to signals, with threads, children and a full
// scratch folder. For the tests that end the daemon meanwhile.

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <assistd/plugin.hpp>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;

[[noreturn]] void stay() {
    for (;;) ::pause();
}

void turn_deaf() {
    for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    ::prctl(PR_SET_PDEATHSIG, 0);
}

// Twice, so that nobody knows the second child; by whichever way is open.
void leave() {
    for (const long way : {SYS_fork, SYS_vfork, SYS_clone}) {
        const long child =
            way == SYS_clone ? ::syscall(way, SIGCHLD, nullptr, nullptr, nullptr, nullptr) : ::syscall(way);
        if (child != 0) continue;
        ::setsid();
        if (::syscall(SYS_fork) == 0) stay();
        ::_exit(0);
    }
    ::setsid();
    ::setpgid(0, 0);
}

void fill_scratch(std::string folder) {
    for (int depth = 0; depth < 20; ++depth) {
        const int file = ::open((folder + "/file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0);
        [[maybe_unused]] const ssize_t written = ::write(file, folder.data(), folder.size());
        ::close(file);
        [[maybe_unused]] const int linked = ::symlink("/", (folder + "/link").c_str());
        folder += "/deeper";
        ::mkdir(folder.c_str(), 0700);
    }
    ::mkdir((folder + "/closed").c_str(), 0);
}

Result cling(Call&, const Json& arguments) {
    const auto how = arguments.at("how").get<std::string>();
    turn_deaf();
    if (how == "children") leave();
    if (how == "scratch") fill_scratch(::getenv("TMPDIR"));
    if (how == "threads")
        for (int i = 0; i < 20; ++i) std::thread(stay).detach();
    if (how == "exit") std::thread([] { ::syscall(SYS_exit, 0); }).detach();
    if (how == "main") ::syscall(SYS_exit, 0);  // the thread that the host runs on
    stay();
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("cling", cling);
}
