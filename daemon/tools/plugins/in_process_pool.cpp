#include "tools/plugins/in_process_pool.h"

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"
#include "tools/call_bounds.h"
#include "tools/plugins/call_result.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

// A call that is dropped half-way (its coroutine destroyed) is not wanted either.
class Wanted {
  public:
    explicit Wanted(std::shared_ptr<InProcessCall> call) : call_(std::move(call)) {}
    ~Wanted() { call_->ask_to_stop(); }
    Wanted(const Wanted&) = delete;
    Wanted& operator=(const Wanted&) = delete;

  private:
    const std::shared_ptr<InProcessCall> call_;
};

SourceResult shut_down() {
    return failed_result(ToolErrorType::CancelledError,
                         "The call was stopped because the daemon is shutting down.", true);
}

}  // namespace

InProcessPool::InProcessPool(std::shared_ptr<LibraryCopy> library, InProcessLimits limits,
                             std::shared_ptr<Ticker> busy_ticker)
    : CallPool(std::move(library)), limits_(std::move(limits)), busy_ticker_(std::move(busy_ticker)) {}

Task<SourceResult> InProcessPool::call(SourceCall call, core::ProgressSink progress) {
    return run(shared_from_this(), std::move(call), std::move(progress));
}

Task<SourceResult> InProcessPool::run(std::shared_ptr<InProcessPool> pool, SourceCall call,
                                      core::ProgressSink progress) {
    std::optional<SourceResult> refused = pool->refusal();
    if (!refused) refused = refuse_oversize(call);
    if (refused) co_return std::move(*refused);
    const std::stop_token stop = call.call.stop;
    const auto running = std::make_shared<InProcessCall>(std::move(call), Clock::now());
    const Wanted wanted(running);
    const std::stop_callback on_stop(stop, [running] { running->ask_to_stop(); });
    pool->enter(running);
    pool->busy_ticker_->wake();
    SourceResult result = co_await InProcessCall::follow(running, std::move(progress));
    co_return result;
}

void InProcessPool::enter(const std::shared_ptr<InProcessCall>& call) {
    const std::lock_guard lock(mutex_);
    if (closed_) throw Error(ErrorCode::unavailable, "The daemon is shutting down.");
    if (call->has_ended()) return;
    if (const Worker worker = worker_for(call->owner())) {
        start(worker, call);
        return;
    }
    std::erase_if(waiting_, [](const auto& waiting) { return waiting->has_ended(); });
    if (waiting_.size() >= limits_.max_waiting)
        throw Error(ErrorCode::unavailable,
                    "Too many calls wait for the plugin " + plugin()->manifest.id + ".")
            .with_retry_after(std::chrono::seconds(1));
    waiting_.push_back(call);
}

// The one that this owner used last, or one that nobody has used, or a new one, or another's; null: all are
// busy.
InProcessPool::Worker InProcessPool::worker_for(const core::Owner& owner) {
    auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                              [&](const Worker& worker) { return worker->owner == owner; });
    if (found == idle_.rend())
        found =
            std::find_if(idle_.rbegin(), idle_.rend(), [](const Worker& worker) { return !worker->owner; });
    if (found == idle_.rend() && busy_.size() + idle_.size() < limits_.max_threads)
        return std::make_shared<InProcessWorker>(library(), limits_.rights, shared_plugin_log());
    if (idle_.empty()) return nullptr;
    const auto chosen = found == idle_.rend() ? idle_.begin() : std::next(found).base();
    Worker worker = std::move(*chosen);
    idle_.erase(chosen);
    return worker;
}

// A call that has ended meanwhile leaves the thread to the next one in line.
void InProcessPool::start(const Worker& worker, const std::shared_ptr<InProcessCall>& call) {
    std::shared_ptr<InProcessCall> next = call;
    while (!next->begin()) {
        if (waiting_.empty()) {
            leave(worker);
            return;
        }
        next = std::move(waiting_.front());
        waiting_.pop_front();
    }
    worker->owner = next->owner();
    busy_.push_back({worker, next});
    worker->run(next, [pool = shared_from_this(), worker, next](InProcessEnd end) {
        pool->ended(worker, *next, std::move(end));
    });
}

void InProcessPool::leave(const Worker& worker) {
    if (closed_ || retired_) {
        worker->quit();
        ending_.push_back(worker);
        busy_ticker_->wake();
    } else {
        idle_.push_back(worker);
    }
}

void InProcessPool::ended(const Worker& worker, InProcessCall& call, InProcessEnd end) {
    if (end.crashed)
        crashed(end.result.message);
    else if (end.load_failure.empty())
        worked(call.begun);
    loaded(end.load_failure, {});
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(busy_, [&](const Busy& busy) { return busy.worker == worker; });
        if (waiting_.empty()) {
            leave(worker);
        } else {
            const std::shared_ptr<InProcessCall> next = std::move(waiting_.front());
            waiting_.pop_front();
            start(worker, next);
        }
    }
    changed_.notify_all();
    // Last, so that who calls again at once finds the thread free.
    if (!call.end(std::move(end.result)))
        log::info("plugin {}: the call of {} that ran on has ended", plugin()->manifest.id, call.spec->name);
}

bool InProcessPool::check(InProcessCall& call, Clock::time_point now) const {
    const std::string& tool = call.spec->name;
    const auto asked_at = call.asked_to_stop_at();
    if (asked_at != Clock::time_point::max() && now - asked_at >= limits_.cancel_grace)
        return call.end(failed_result(ToolErrorType::CancelledError, "The call was cancelled.", true));
    if (now < call.deadline) return false;
    call.ask_to_stop();
    return call.end(
        failed_result(ToolErrorType::TimeoutError,
                      "The tool " + tool + " was given up after " + time_limit_of(*call.spec) + ".", true));
}

void InProcessPool::tell_of_runaway(const InProcessCall& call) const {
    log::warn(
        "plugin {}: {} does not end when it should; its thread runs on, since plugins.in_process has it in "
        "the "
        "daemon, and nobody gets its place until it ends",
        plugin()->manifest.id, call.spec->name);
}

bool InProcessPool::watch_busy() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    bool again = false;
    for (const Busy& busy : busy_) {
        if (check(*busy.call, now)) tell_of_runaway(*busy.call);
        again = again || !busy.call->has_ended();
    }
    std::erase_if(waiting_, [&](const auto& call) {
        if (now >= call->deadline)
            call->end(failed_result(ToolErrorType::TimeoutError,
                                    "The tool " + call->spec->name + " did not get to run within " +
                                        time_limit_of(*call->spec) + ": its plugin is busy.",
                                    true));
        return call->has_ended();
    });
    std::erase_if(ending_, [](const Worker& worker) { return worker->has_ended(); });
    const bool untold = plugin_log().tell_dropped(now);
    return untold || again || !waiting_.empty() || !ending_.empty();
}

void InProcessPool::prepare() {
    try {
        library()->fd();
    } catch (const Error& error) {
        log::info("plugin {}: {}", plugin()->manifest.id, error.what());
    }
}

void InProcessPool::close() {
    std::vector<Worker> ending;
    const auto until = Clock::now() + 2 * limits_.cancel_grace;
    {
        std::unique_lock lock(mutex_);
        closed_ = true;
        for (const auto& call : waiting_) call->end(shut_down());
        waiting_.clear();
        for (const Busy& busy : busy_) {
            busy.call->ask_to_stop();
            busy.call->end(shut_down());
        }
        for (const Worker& worker : idle_) worker->quit();
        ending_.insert(ending_.end(), idle_.begin(), idle_.end());
        idle_.clear();
        changed_.wait_until(lock, until, [this] { return busy_.empty(); });
        for (const Busy& busy : busy_)
            log::warn("plugin {}: {} still runs in the daemon and ends with it", plugin()->manifest.id,
                      busy.call->spec->name);
        ending = ending_;
    }
    for (const Worker& worker : ending) worker->has_ended_by(until + limits_.cancel_grace);
    const std::lock_guard lock(mutex_);
    std::erase_if(ending_, [](const Worker& worker) { return worker->has_ended(); });
}

void InProcessPool::retire() {
    const std::lock_guard lock(mutex_);
    retired_ = true;
    for (const Worker& worker : idle_) worker->quit();
    ending_.insert(ending_.end(), idle_.begin(), idle_.end());
    idle_.clear();
    busy_ticker_->wake();
}

bool InProcessPool::is_gone() const {
    const std::lock_guard lock(mutex_);
    return retired_ && busy_.empty() && waiting_.empty() && ending_.empty();
}

std::size_t InProcessPool::runaway_calls() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
               std::ranges::count_if(busy_, [](const Busy& busy) { return busy.call->has_ended(); })) +
           ending_.size();
}

void InProcessPool::describe(core::PluginStatus& status) const {
    {
        const std::lock_guard lock(mutex_);
        const auto lost =
            std::ranges::count_if(busy_, [](const Busy& busy) { return busy.call->has_ended(); });
        if (lost > 0)
            status.reason += fmt::format(
                " {} of its {} threads run on with calls that were given up; once all do, it answers nobody "
                "until "
                "they end or the daemon is restarted.",
                lost, limits_.max_threads);
    }
    CallPool::describe(status);
}

}  // namespace assistd::tools
