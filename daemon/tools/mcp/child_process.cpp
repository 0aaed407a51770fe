#include "tools/mcp/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "base/keeper_limits.h"

namespace assistd::tools::mcp {
namespace {

constexpr int life_fd = 3;

[[noreturn]] void fail(const std::string& what, int reason) {
    throw Error(ErrorCode::unavailable,
                "A program cannot be started: " + what + ": " + std::strerror(reason) + ".");
}

struct Pipe {
    UniqueFd reading, writing;
};

Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) fail("no pipe", errno);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// dup2 onto the same number would keep close-on-exec, so what the child gets is moved out of the way first.
UniqueFd moved_up(const UniqueFd& fd) {
    UniqueFd high(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 16));
    if (!high) fail("too many open files", errno);
    return high;
}

void hand_over(asio::posix::stream_descriptor& to, UniqueFd& fd) {
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
    to.assign(fd.release());
}

struct SpawnPlan {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    SpawnPlan() {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setflags(&attributes,
                                   POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
};

// The daemon's environment may hold keys, so a program gets only what any program needs.
std::vector<std::string> environment_of(const ChildPlan& plan) {
    std::map<std::string, std::string> all = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
    for (const char* name : {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "SHELL", "TMPDIR"})
        if (const char* value = std::getenv(name)) all[name] = value;
    for (const auto& [name, value] : plan.environment) all[name] = value;
    std::vector<std::string> lines;
    for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
    return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

}  // namespace

ChildProcess::ChildProcess(asio::io_context& context, const ChildPlan& plan)
    : input_(context), output_(context), errors_(context), ended_(context) {
    Pipe input = make_pipe(), output = make_pipe(), errors = make_pipe(), life = make_pipe();
    const UniqueFd child_input = moved_up(input.reading), child_output = moved_up(output.writing),
                   child_errors = moved_up(errors.writing), child_life = moved_up(life.reading);
    SpawnPlan spawn;
    ::posix_spawn_file_actions_adddup2(&spawn.files, child_input.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&spawn.files, child_output.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&spawn.files, child_errors.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&spawn.files, child_life.get(), life_fd);
    ::posix_spawn_file_actions_addclosefrom_np(&spawn.files, life_fd + 1);
    std::vector<std::string> words = {"assistd-keeper", plan.folder, plan.command};
    words.insert(words.end(), plan.arguments.begin(), plan.arguments.end());
    std::vector<std::string> environment = environment_of(plan);
    const int error = ::posix_spawn(&pid_, plan.keeper.c_str(), &spawn.files, &spawn.attributes,
                                    pointers(words).data(), pointers(environment).data());
    if (error != 0) fail(plan.keeper.string(), error);
    pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    UniqueFd watched(pidfd_ ? ::fcntl(pidfd_.get(), F_DUPFD_CLOEXEC, 0) : -1);
    if (!watched) {
        const int reason = errno;
        life.writing.reset();
        ::waitpid(pid_, nullptr, 0);
        fail("no pidfd", reason);
    }
    life_ = std::move(life.writing);
    hand_over(input_, input.writing);
    hand_over(output_, output.reading);
    hand_over(errors_, errors.reading);
    ended_.assign(watched.release());
}

ChildProcess::~ChildProcess() {
    let_go();
    pollfd end{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
    constexpr auto patience = 2 * keeper_longest;
    if (!try_reap() && ::poll(&end, 1, static_cast<int>(patience.count())) == 0) ::kill(pid_, SIGKILL);
    if (!status_) ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::let_go() {
    boost::system::error_code ignored;
    input_.close(ignored);
    life_.reset();
}

void ChildProcess::kill() {
    if (!try_reap()) ::kill(pid_, SIGKILL);
}

std::optional<int> ChildProcess::try_reap() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

Task<int> ChildProcess::ended() {
    std::optional<int> status;
    while (!(status = try_reap()))
        co_await ended_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    co_return *status;
}

}  // namespace assistd::tools::mcp
