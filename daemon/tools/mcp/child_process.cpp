#include "tools/mcp/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/keeper_limits.h"
#include "base/spawn.h"

namespace assistd::tools::mcp {
namespace {

constexpr int life_fd = 3;

void hand_over(asio::posix::stream_descriptor& to, UniqueFd& fd) {
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
    to.assign(fd.release());
}

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

}  // namespace

ChildProcess::ChildProcess(asio::io_context& context, const ChildPlan& plan)
    : input_(context), output_(context), errors_(context), ended_(context) {
    Pipe input = make_pipe(), output = make_pipe(), errors = make_pipe(), life = make_pipe();
    ProgramStart start;
    start.binary = plan.keeper;
    start.words = {"assistd-keeper", plan.folder, plan.command};
    start.words.insert(start.words.end(), plan.arguments.begin(), plan.arguments.end());
    start.environment = environment_of(plan);
    start.descriptors = {{input.reading.get(), STDIN_FILENO},
                         {output.writing.get(), STDOUT_FILENO},
                         {errors.writing.get(), STDERR_FILENO},
                         {life.reading.get(), life_fd}};
    start.own_session = true;
    StartedProgram program = start_program(start, "A program");
    pid_ = program.pid;
    pidfd_ = std::move(program.pidfd);
    try {
        ended_.assign(duplicate(pidfd_.get()).release());
    } catch (...) {
        life.writing.reset();
        ::waitpid(pid_, nullptr, 0);
        throw;
    }
    life_ = std::move(life.writing);
    hand_over(input_, input.writing);
    hand_over(output_, output.reading);
    hand_over(errors_, errors.reading);
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
