#include "knowledge/extract_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>

#include "base/give_way.h"
#include "base/spawn.h"

namespace assistd::knowledge {
namespace {

constexpr int document_fd = 3;
// People who chat go before documents.
constexpr int niceness = 10;

std::string usable_name(const std::string& name) {
    constexpr std::size_t most = 4'096;
    return name.substr(0, std::min(name.find('\0'), most));
}

}  // namespace

ExtractProcess::ExtractProcess(asio::io_context& context, const ExtractionOptions& options, int file,
                               const std::string& name)
    : output_(context), ended_(context) {
    Pipe pipe = make_pipe();
    const UniqueFd nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    ProgramStart start;
    start.binary = options.binary;
    start.words = {"assistd-extract", std::to_string(::getpid()), std::to_string(options.memory_bytes >> 20),
                   std::to_string(options.cpu_limit.count()), std::to_string(options.text_bytes)};
    // Not among the words, which other users of the machine can see.
    start.environment = {"DOCUMENT_NAME=" + usable_name(name), "LANG=C.UTF-8"};
    start.descriptors = {
        {pipe.writing.get(), STDOUT_FILENO}, {nothing.get(), STDERR_FILENO}, {file, document_fd}};
    UniqueFd reading = std::move(pipe.reading);
    ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);
    output_.assign(reading.release());
    StartedProgram program = start_program(start, "The reader of documents");
    pid_ = program.pid;
    pidfd_ = std::move(program.pidfd);
    be_nice(pid_, niceness);
    try {
        ended_.assign(duplicate(pidfd_.get()).release());
    } catch (...) {
        kill_group();
        ::waitpid(pid_, nullptr, 0);
        throw;
    }
}

ExtractProcess::~ExtractProcess() {
    const std::lock_guard lock(mutex_);
    if (status_) return;
    kill_group();
    ::waitpid(pid_, nullptr, 0);
}

void ExtractProcess::kill_group() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
}

void ExtractProcess::kill() {
    const std::lock_guard lock(mutex_);
    if (!status_) kill_group();
}

bool ExtractProcess::has_ended() const {
    pollfd end{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 1;
}

Task<int> ExtractProcess::ended() {
    while (!has_ended())
        co_await ended_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    const std::lock_guard lock(mutex_);
    if (!status_) {
        kill_group();  // whom it may have left behind
        int status = 0;
        ::waitpid(pid_, &status, 0);
        status_ = status;
    }
    co_return *status_;
}

}  // namespace assistd::knowledge
