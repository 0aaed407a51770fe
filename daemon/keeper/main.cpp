// assistd-keeper FOLDER COMMAND [ARGUMENT…]: runs one program for the daemon, and sees to it that nothing
// which that program started outlives it, or the daemon.
//
// It is the nearest subreaper above the program, so whatever the program starts stays below it, also what
// leaves the program's session and loses its parent. File 3 is the reading end of a pipe: when its other end
// is closed - the daemon wants it, or is dead - the program, whose standard input is closed then as well, is
// given a moment, then asked to end, then ended with all that is below. The keeper ends as the program did.

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/keeper_limits.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int life_fd = 3;

[[noreturn]] void become(const char* folder, char** words, pid_t keeper) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != keeper) ::_exit(127);
    ::setsid();
    sigset_t none;
    ::sigemptyset(&none);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) std::signal(number, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (*folder != '\0' && ::chdir(folder) != 0) {
        ::dprintf(STDERR_FILENO, "the folder %s cannot be entered: %s\n", folder, std::strerror(errno));
        ::_exit(127);
    }
    ::execvp(words[0], words);
    ::dprintf(STDERR_FILENO, "%s cannot be run: %s\n", words[0], std::strerror(errno));
    ::_exit(127);
}

// The program keeps its own copies of these.
void let_go_of_pipes() {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, fd);
    if (nothing > STDERR_FILENO) ::close(nothing);
}

// Every process whose parent is this one.
std::vector<pid_t> children() {
    std::vector<pid_t> found;
    std::error_code error;
    for (std::filesystem::directory_iterator at("/proc", error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(at->path() / "stat");
        std::string line;
        std::getline(file, line);
        const std::size_t past_name = line.rfind(')');
        if (past_name == std::string::npos || past_name + 4 > line.size()) continue;
        if (std::atoi(line.c_str() + past_name + 4) == ::getpid()) found.push_back(std::atoi(name.c_str()));
    }
    return found;
}

class Program {
  public:
    explicit Program(pid_t pid) : pid_(pid) {}

    const std::optional<int>& status() const { return status_; }

    // False when this process has no children any more.
    bool reap() {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0)
            if (ended == pid_) status_ = status;
        return ended == 0;
    }

    void ask_to_end() const {
        if (!status_) ::kill(-pid_, SIGTERM);
    }

    // Whoever loses its parent becomes a child of this process and is found the next time round.
    void end_all(int ends) {
        const auto until = Clock::now() + assistd::keeper_kill_time;
        while (reap() && Clock::now() < until) {
            if (!status_) ::kill(-pid_, SIGKILL);
            for (const pid_t child : children()) ::kill(child, SIGKILL);
            pollfd ended{.fd = ends, .events = POLLIN, .revents = 0};
            ::poll(&ended, 1, 20);
            signalfd_siginfo about;
            while (::read(ends, &about, sizeof about) > 0) continue;
        }
    }

  private:
    pid_t pid_;
    std::optional<int> status_;
};

// Waits until the program has ended (true), or `until`, or, where that is asked for, until the daemon lets
// go.
bool wait_for_end(Program& program, int ends, bool watch_life, Clock::time_point until) {
    while (true) {
        program.reap();
        if (program.status()) return true;
        const auto now = Clock::now();
        if (now >= until) return false;
        pollfd watched[] = {{.fd = ends, .events = POLLIN, .revents = 0},
                            {.fd = watch_life ? life_fd : -1, .events = POLLIN, .revents = 0}};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(std::min<Clock::duration>(until - now, 1h));
        ::poll(watched, 2, static_cast<int>(left.count()));
        signalfd_siginfo about;
        while (::read(ends, &about, sizeof about) > 0) continue;
        if (watched[1].revents != 0) return false;
    }
}

[[noreturn]] void end_as(int status) {
    if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    const int number = WTERMSIG(status);
    std::signal(number, SIG_DFL);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, number);
    ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
    ::kill(::getpid(), number);
    ::_exit(128 + number);
}

}  // namespace

int main(int count, char** words) {
    if (count < 3 || ::fcntl(life_fd, F_SETFD, FD_CLOEXEC) != 0) {
        std::fputs("assistd-keeper is started by assistd.\n", stderr);
        return 2;
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Nor may it go before the daemon, which has that right for some of its threads.
    const rlimit none{};
    ::setrlimit(RLIMIT_NICE, &none);
    // The daemon's end is what it goes by: a signal to everybody must not make it leave somebody behind.
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) std::signal(number, SIG_IGN);
    sigset_t ended;
    ::sigemptyset(&ended);
    ::sigaddset(&ended, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &ended, nullptr);
    const int ends = ::signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
    const pid_t keeper = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        std::perror("assistd-keeper");
        return 127;
    }
    if (pid == 0) become(words[1], words + 2, keeper);
    let_go_of_pipes();
    Program program(pid);
    if (!wait_for_end(program, ends, true, Clock::time_point::max()) &&
        !wait_for_end(program, ends, false, Clock::now() + assistd::keeper_grace)) {
        program.ask_to_end();
        wait_for_end(program, ends, false, Clock::now() + assistd::keeper_grace);
    }
    program.end_all(ends);
    end_as(program.status().value_or(SIGKILL));
}
