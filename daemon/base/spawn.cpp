#include "base/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.h"
#include "base/give_way.h"

namespace assistd {
namespace {

// dup2 onto the same number would keep close-on-exec, so what a program gets is moved out of the way first.
constexpr int above = 16;

[[noreturn]] void fail(const std::string& what, const std::string& why, int error) {
    throw Error(ErrorCode::unavailable,
                what + " cannot be started: " + why + ": " + std::strerror(error) + ".");
}

// posix_spawn's objects, destroyed whatever happens.
struct SpawnPlan {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    explicit SpawnPlan(bool own_session) {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        const int group = own_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
        ::posix_spawnattr_setflags(
            &attributes, static_cast<short>(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

}  // namespace

Pipe make_pipe(int flags) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | flags) != 0) fail("A program", "no pipe", errno);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd duplicate(int fd) {
    UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, above));
    if (!copy) fail("A program", "too many open files", errno);
    return copy;
}

StartedProgram start_program(const ProgramStart& start, const std::string& what) {
    SpawnPlan plan(start.own_session);
    std::vector<UniqueFd> moved;
    int last = STDERR_FILENO;
    ::posix_spawn_file_actions_addopen(&plan.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const auto& [ours, its] : start.descriptors) {
        moved.push_back(duplicate(ours));
        ::posix_spawn_file_actions_adddup2(&plan.files, moved.back().get(), its);
        last = std::max(last, its);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&plan.files, last + 1);
    std::vector<std::string> words = start.words, environment = start.environment;
    StartedProgram program;
    const int error = ::posix_spawn(&program.pid, start.binary.c_str(), &plan.files, &plan.attributes,
                                    pointers(words).data(), pointers(environment).data());
    if (error != 0) fail(what, start.binary.string(), error);
    goes_with_the_rest(program.pid);
    program.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, program.pid, 0)));
    if (program.pidfd) return program;
    const int reason = errno;
    ::kill(program.pid, SIGKILL);
    ::waitpid(program.pid, nullptr, 0);
    fail(what, "no pidfd", reason);
}

}  // namespace assistd
