#include "tools/plugins/host_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "base/give_way.h"
#include "base/spawn.h"

namespace assistd::tools {
namespace {

constexpr int output_between_two_looks = 1 << 20;

std::string own_file(pid_t pid, const char* name) {
    return "/proc/" + std::to_string(pid) + "/" + name;
}

std::chrono::microseconds time_of(const timeval& time) {
    return std::chrono::microseconds(time.tv_sec * 1'000'000 + time.tv_usec);
}

// A process's greatest size begins with that of the process that started it: below this it says nothing of
// its own.
std::int64_t memory_that_is_inherited() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return std::int64_t{used.ru_maxrss} << 10;
}

[[noreturn]] void fail(const std::string& what, int error) {
    throw Error(ErrorCode::unavailable,
                "A plugin host cannot be started: " + what + ": " + std::strerror(error) + ".");
}

struct Pair {
    UniqueFd ours, theirs;
};

Pair make_socket_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("no socket pair", errno);
    Pair pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
    ::fcntl(pair.ours.get(), F_SETFL, O_NONBLOCK);
    return pair;
}

std::filesystem::path make_scratch(const std::filesystem::path& like) {
    // The host works in it, so its name must not depend on where it is said.
    std::string name = std::filesystem::absolute(like).string() + ".XXXXXX";
    if (!::mkdtemp(name.data())) fail("no scratch folder " + name, errno);
    return name;
}

}  // namespace

HostProcess::HostProcess(asio::io_context& context, const HostRights& rights)
    : scratch_(make_scratch(rights.scratch)),
      quotas_(rights.quotas),
      sweeper_(rights.sweeper),
      frames_(UniqueFd()),
      watched_(context),
      output_(UniqueFd()) {
    Pair sockets = make_socket_pair();
    // The plugin waits while the daemon reads: a write that fails would be a broken stream for the rest of
    // its life. Of what is read too much is dropped.
    Pipe pipe = make_pipe();
    ::fcntl(pipe.reading.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(pipe.reading.get(), F_SETPIPE_SZ,
            output_between_two_looks);                         // it is smaller where that is not allowed
    watched_.assign(duplicate(sockets.ours.get()).release());  // the reactor closes what it watches
    frames_ = FrameSocket(std::move(sockets.ours));
    output_ = CapturedOutput(std::move(pipe.reading));
    try {
        spawn(rights, std::move(sockets.theirs), std::move(pipe.writing));
    } catch (...) {
        ::rmdir(scratch_.c_str());
        throw;
    }
}

HostProcess::~HostProcess() {
    kill(KillCause::shutdown);
    {
        const std::lock_guard lock(process_mutex_);
        int status = 0;
        if (!status_) ::waitpid(pid_, &status, 0);
        status_ = status;
    }
    sweeper_->remove(scratch_);  // what cannot be removed goes when the daemon starts next
}

void HostProcess::spawn(const HostRights& rights, UniqueFd socket, UniqueFd output) {
    ProgramStart start;
    start.binary = rights.binary;
    start.descriptors = {{output.get(), STDOUT_FILENO},
                         {output.get(), STDERR_FILENO},
                         {socket.get(), host_socket_fd},
                         {rights.library, host_library_fd}};
    start.words = {"assistd-plugin-host",
                   std::to_string(::getpid()),
                   std::to_string(rights.memory_limit_mb),
                   std::to_string(rights.quotas.artifact_bytes),
                   std::to_string(rights.quotas.scratch_bytes),
                   scratch_.string(),
                   rights.network ? "1" : "0"};
    start.words.insert(start.words.end(), rights.readable.begin(), rights.readable.end());
    // The daemon's environment may hold keys; a plugin needs none of it.
    start.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + scratch_.string(),
                         "TMPDIR=" + scratch_.string()};
    StartedProgram program = start_program(start, "A plugin host");
    pid_ = program.pid;
    pidfd_ = std::move(program.pidfd);
    if (rights.niceness != 0) run_when_idle(pid_, rights.niceness);
    unclear_memory_bytes_ = memory_that_is_inherited();
    // Before the host takes itself out of sight.
    threads_.reset(::open(own_file(pid_, "task").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Task<void> HostProcess::readable() {
    co_await watched_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
}

Task<void> HostProcess::writable() {
    co_await watched_.async_wait(asio::posix::stream_descriptor::wait_write, asio::use_awaitable);
}

void HostProcess::drain_output(PluginLog& log, bool last) {
    const std::lock_guard lock(output_mutex_);
    output_.drain(log, last);
}

void HostProcess::ask_to_stop() {
    {
        const std::lock_guard lock(sending_);
        if (frames_.is_sending())
            cancel_waits_ = true;
        else
            send_cancel();
    }
    asked_to_stop_at = Clock::now();
}

void HostProcess::send_cancel() {
    frames_.send_now(host_frame_cancel, encode(HostCancel{call_number}));
}

void HostProcess::queue(HostFrame kind, const std::string& payload, std::vector<int> files) {
    const std::lock_guard lock(sending_);
    frames_.queue(kind, payload, std::move(files));
}

SocketState HostProcess::flush() {
    const std::lock_guard lock(sending_);
    const SocketState state = frames_.flush();
    if (state == SocketState::done && std::exchange(cancel_waits_, false)) send_cancel();
    return state;
}

void HostProcess::kill(KillCause cause) {
    const std::lock_guard lock(process_mutex_);
    KillCause none = KillCause::none;
    kill_cause_.compare_exchange_strong(none, cause);
    if (status_) return;
    remember_peak();
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);  // should it have left its group
    // A process that escaped from the group may hold the other end open.
    if (frames_.fd() >= 0) ::shutdown(frames_.fd(), SHUT_RDWR);
}

void HostProcess::hang_up() {
    ::shutdown(frames_.fd(), SHUT_RDWR);
}

std::optional<int> HostProcess::try_reap() {
    const std::lock_guard lock(process_mutex_);
    int status = 0;
    if (!status_ && ::wait4(pid_, &status, WNOHANG, &used_) == pid_) status_ = status;
    return status_;
}

Task<int> HostProcess::ended() {
    asio::posix::stream_descriptor process(watched_.get_executor(), duplicate(pidfd_.get()).release());
    std::optional<int> status;
    while (!(status = try_reap()))
        co_await process.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    co_return *status;
}

std::chrono::microseconds HostProcess::cpu_time() {
    const std::lock_guard lock(process_mutex_);
    if (status_) return time_of(used_.ru_utime) + time_of(used_.ru_stime);
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
    return std::chrono::microseconds(used.tv_sec * 1'000'000 + used.tv_nsec / 1'000);
}

// The folder of a process's threads has a link from each, beside its own two.
int HostProcess::threads() const {
    struct stat folder {};
    return threads_ && ::fstat(threads_.get(), &folder) == 0 ? static_cast<int>(folder.st_nlink) - 2 : 0;
}

void HostProcess::remember_peak() {
    if (peak_at_kill_) return;
    std::ifstream status(own_file(pid_, "status"));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) peak_at_kill_ = std::strtoll(line.c_str() + 6, nullptr, 10) << 10;
}

std::optional<std::int64_t> HostProcess::peak_memory_bytes() {
    const std::lock_guard lock(process_mutex_);
    const std::int64_t told = std::int64_t{used_.ru_maxrss} << 10;
    if (told > unclear_memory_bytes_) return told;
    return peak_at_kill_;
}

void HostProcess::begin_call() {
    ++call_number;
    look_ = nullptr;
    asked_to_stop_at = Clock::time_point::max();
    cpu_before = cpu_time();
}

void HostProcess::check_use(Clock::time_point now) {
    const int threads_now = threads();
    if (threads_now > max_threads) kill_for(KillCause::threads, static_cast<std::uint64_t>(threads_now));
    check_files(now);
}

bool HostProcess::add_output(UniqueFd file) {
    const std::lock_guard lock(outputs_mutex_);
    outputs_.push_back(std::move(file));
    return outputs_.size() <= max_output_artifacts;
}

void HostProcess::end_call() {
    const std::lock_guard lock(outputs_mutex_);
    outputs_.clear();
}

std::uint64_t HostProcess::output_bytes() {
    const std::lock_guard lock(outputs_mutex_);
    return bytes_of(outputs_);
}

// Looking takes its time, so the next tick sees what came of it.
void HostProcess::check_files(Clock::time_point now) {
    constexpr std::chrono::milliseconds every{250};
    if (look_) {
        if (!look_->done) return;
        if (look_->bytes > quotas_.scratch_bytes) kill_for(KillCause::scratch, look_->bytes);
        if (now - look_->begun < every) return;
        const std::uint64_t bytes = output_bytes();
        if (bytes > quotas_.artifact_bytes) kill_for(KillCause::artifacts, bytes);
    }
    look_ = std::make_shared<ScratchLook>();
    sweeper_->do_aside([look = look_, folder = scratch_, enough = quotas_.scratch_bytes] {
        look->bytes = bytes_in_tree(folder, enough);
        look->done = true;
    });
}

void HostProcess::kill_for(KillCause cause, std::uint64_t excess) {
    std::uint64_t none = 0;
    if (excess_.compare_exchange_strong(none, excess)) kill(cause);
}

std::string describe_end(int status) {
    if (WIFEXITED(status)) return "ended itself with exit code " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    const char* name = ::sigabbrev_np(signal);
    std::string text =
        "was ended by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal));
    switch (signal) {
        case SIGSEGV:
            return text + " (it used memory that is not its own, or its stack was full)";
        case SIGBUS:
            return text + " (it used memory that cannot be used)";
        case SIGABRT:
            return text + " (it gave up)";
        case SIGFPE:
            return text + " (a division by zero, perhaps)";
        case SIGILL:
            return text + " (an instruction that this processor lacks)";
        case SIGKILL:
            return text + " (from outside; the system may be out of memory)";
        default:
            return text;
    }
}

}  // namespace assistd::tools
