#include "tools/plugins/host_call.h"

#include "base/error.h"
#include "base/logging.h"
#include "tools/call_bounds.h"
#include "tools/plugins/call_result.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

// More than an honest host sends in any second: progress comes at most twenty times in each.
constexpr int max_frames_a_second = 20'000;
constexpr std::size_t max_left_bytes = 100;

class HostCallRun {
  public:
    HostCallRun(HostProcess& process, const SourceCall& call, const core::ProgressSink& progress,
                PluginLog& log)
        : process_(process), call_(call), progress_(progress), log_(log) {}
    ~HostCallRun() { process_.end_call(); }
    HostCallRun(const HostCallRun&) = delete;
    HostCallRun& operator=(const HostCallRun&) = delete;

    void send();
    // Takes the whole frames that have come, up to a question or the result.
    enum class Next { read_on, answer, end };
    Next take_frames();
    // Answers the question; sends what it can of it.
    Task<SocketState> answer();
    // What the call ended with, when the host said it.
    HostCallEnd take_end() { return std::move(end_); }
    // What the call ended with, when the host died instead.
    HostCallEnd died(int wait_status) const;

  private:
    void take_result(HostResult result, std::vector<UniqueFd> files);
    std::chrono::microseconds cpu_time(std::chrono::microseconds said) const;
    void take_progress(const HostProgress& progress) const;
    void count_frame();

    HostProcess& process_;
    const SourceCall& call_;
    const core::ProgressSink& progress_;
    PluginLog& log_;
    HostCallEnd end_;
    HostQuestion question_;
    int frames_ = 0;
    HostProcess::Clock::time_point counted_since_ = HostProcess::Clock::now();
};

void HostCallRun::send() {
    const HostCall message = message_of(call_, process_.call_number);
    std::vector<int> files;
    for (const OpenArtifact& input : call_.artifacts) files.push_back(input.file.get());
    process_.queue(host_frame_call, encode(message), std::move(files));
}

void HostCallRun::count_frame() {
    if (++frames_ <= max_frames_a_second) return;
    const auto now = HostProcess::Clock::now();
    if (now - counted_since_ < std::chrono::seconds(1)) {
        process_.kill(KillCause::flood);
        throw Error(ErrorCode::internal, "The plugin logged or asked too much.");
    }
    frames_ = 0;
    counted_since_ = now;
}

HostCallRun::Next HostCallRun::take_frames() {
    while (auto frame = process_.frames().take()) {
        count_frame();
        if (frame->kind == host_frame_ready) {
            HostReady ready;
            decode(frame->payload, ready);
            process_.ready = ready.ok;
            process_.cpu_before = std::min(process_.cpu_time(), std::chrono::microseconds(ready.cpu_us));
            end_.unprotected = printable(ready.unprotected, max_message_bytes);
            if (ready.ok) continue;
            end_.load_failure = "The plugin " + call_.spec->plugin +
                                " cannot be used: " + printable(ready.reason, max_message_bytes) + ".";
            end_.result = failed_result(ToolErrorType::InternalError, end_.load_failure, false);
            return Next::end;
        }
        if (frame->kind == host_frame_log) {
            HostLog line;
            decode(frame->payload, line);
            log_.write(static_cast<int>(line.level), line.text);
        } else if (frame->kind == host_frame_progress) {
            HostProgress progress;
            decode(frame->payload, progress);
            take_progress(progress);
        } else if (frame->kind == host_frame_result) {
            HostResult result;
            decode(frame->payload, result);
            if (result.number != process_.call_number)
                throw Error(ErrorCode::internal, "The plugin's host answered another call.");
            take_result(std::move(result), std::move(frame->files));
            return Next::end;
        } else if (frame->kind == host_frame_output) {
            HostOutput output;
            decode(frame->payload, output);
            if (output.number != process_.call_number || frame->files.size() != 1 ||
                !process_.add_output(std::move(frame->files.front())))
                throw Error(ErrorCode::internal, "The plugin's host began more artifacts than it may.");
        } else if (frame->kind == host_frame_question) {
            decode(frame->payload, question_);
            if (question_.number != process_.call_number || question_.text.size() > max_question_bytes)
                throw Error(ErrorCode::internal, "The plugin's host asked what it may not ask.");
            return Next::answer;
        } else
            throw Error(ErrorCode::internal, "The plugin's host sent a frame of an unknown kind.");
    }
    return Next::read_on;
}

Task<SocketState> HostCallRun::answer() {
    const HostReply reply = co_await answer_of(call_, std::move(question_));
    std::vector<int> files;
    for (const UniqueFd& file : reply.files) files.push_back(file.get());
    process_.queue(host_frame_answer, encode(reply.answer), std::move(files));
    SocketState state = process_.flush();
    while (state == SocketState::would_block) {
        co_await process_.writable();
        state = process_.flush();
    }
    co_return state;
}

void HostCallRun::take_progress(const HostProgress& progress) const {
    if (progress.number == process_.call_number && progress_) progress_(progress_of(progress));
}

void HostCallRun::take_result(HostResult result, std::vector<UniqueFd> files) {
    end_.reusable = result.left_behind.empty();
    const std::string left_behind = printable(result.left_behind, max_left_bytes);
    const std::chrono::microseconds said(result.cpu_us);
    std::optional<std::int64_t> peak;
    if (result.peak_memory_bytes > 0) peak = static_cast<std::int64_t>(result.peak_memory_bytes);
    end_.result = result_of(std::move(result), std::move(files), *call_.spec, process_.quotas());
    end_.result.used = {cpu_time(said), peak};
    end_.result.left_behind = left_behind;
}

// The system counts what another process runs only now and again, so what the host says itself is more exact.
// A hostile one may say anything.
std::chrono::microseconds HostCallRun::cpu_time(std::chrono::microseconds said) const {
    constexpr std::chrono::milliseconds counted_at_least_every{10};
    const std::chrono::microseconds counted = process_.cpu_time() - process_.cpu_before;
    return std::chrono::abs(counted - said) <= counted_at_least_every ? said : counted;
}

HostCallEnd HostCallRun::died(int wait_status) const {
    const std::string& tool = call_.spec->name;
    const std::string& plugin = call_.spec->plugin;
    HostCallEnd end;
    switch (process_.kill_cause()) {
        case KillCause::time_limit:
            end.result = failed_result(
                ToolErrorType::TimeoutError,
                "The tool " + tool + " was stopped after " + time_limit_of(*call_.spec) + ".", true);
            break;
        case KillCause::cancelled:
            end.result = failed_result(ToolErrorType::CancelledError, "The call was cancelled.", true);
            break;
        case KillCause::shutdown:
            end.result = failed_result(ToolErrorType::CancelledError,
                                       "The call was stopped because the daemon is shutting down.", true);
            break;
        case KillCause::protocol:
            end.result = failed_result(ToolErrorType::PluginCrashedError,
                                       "The plugin " + plugin + " was stopped in " + tool +
                                           ": it disturbed the process that runs it.",
                                       false);
            break;
        case KillCause::flood:
            end.result = failed_result(
                ToolErrorType::QuotaExceededError,
                fmt::format(
                    "The tool {} was stopped: it logged, reported and asked more than {} times in a second.",
                    tool, max_frames_a_second),
                false);
            break;
        case KillCause::threads:
            end.result = failed_result(
                ToolErrorType::QuotaExceededError,
                fmt::format("The tool {} was stopped: it had {} threads, and a call may have {}.", tool,
                            process_.excess(), max_threads),
                false);
            break;
        case KillCause::scratch:
            end.result =
                failed_result(ToolErrorType::QuotaExceededError,
                              beyond_scratch_quota(tool, process_.excess(), process_.quotas()), true);
            break;
        case KillCause::artifacts:
            end.result =
                failed_result(ToolErrorType::QuotaExceededError,
                              beyond_artifact_quota(tool, process_.excess(), process_.quotas()), true);
            break;
        default: {
            const std::string where =
                process_.ready ? " crashed in " + tool : " crashed while it was loaded for " + tool;
            end.result = failed_result(ToolErrorType::PluginCrashedError,
                                       "The plugin " + plugin + where + ": it " + describe_end(wait_status) +
                                           "." + memory_denial_of(*call_.spec),
                                       true);
        }
    }
    end.result.used = {process_.cpu_time() - process_.cpu_before, process_.peak_memory_bytes()};
    return end;
}

}  // namespace

bool settle(HostProcess& process, PluginLog& log) {
    try {
        for (int reads = 0; reads < 64; ++reads) {
            const SocketState state = process.frames().fill(false);
            if (state == SocketState::closed) return false;
            if (state == SocketState::would_block) return true;
            while (const auto frame = process.frames().take()) {
                HostLog line;
                if (frame->kind != host_frame_log) continue;  // progress of a call that has ended
                decode(frame->payload, line);
                log.write(static_cast<int>(line.level), line.text);
            }
        }
    } catch (const Error&) {}
    return false;
}

Task<HostCallEnd> run_host_call(std::shared_ptr<HostProcess> process, SourceCall call,
                                core::ProgressSink progress, std::shared_ptr<PluginLog> log) {
    std::optional<SourceResult> oversize = refuse_oversize(call);
    if (oversize) {
        HostCallEnd refused;
        refused.result = std::move(*oversize);
        refused.reusable = true;
        co_return refused;
    }
    HostCallRun run(*process, call, progress, *log);
    try {
        run.send();
        SocketState state = process->flush();
        while (state == SocketState::would_block) {
            co_await process->writable();
            state = process->flush();
        }
        const std::stop_callback on_stop(call.call.stop, [&process] { process->ask_to_stop(); });
        // A host that could not load its plugin may be gone before the call was sent; what it said is still
        // there.
        const bool sent = state == SocketState::done;
        do {
            if (sent) co_await process->readable();
            state = process->frames().fill(false);
            while (state == SocketState::done) {
                const HostCallRun::Next next = run.take_frames();
                if (next == HostCallRun::Next::end) co_return run.take_end();
                if (next == HostCallRun::Next::read_on) break;
                state = co_await run.answer();
            }
        } while (state == SocketState::done || (sent && state == SocketState::would_block));
    } catch (const Error& error) {
        log->write(2, error.what());
        process->kill(KillCause::protocol);
    }
    // The end of the socket: the process has died, or soon will.
    process->kill(KillCause::none);
    const int status = co_await process->ended();
    process->drain_output(*log, true);
    co_return run.died(status);
}

}  // namespace assistd::tools
