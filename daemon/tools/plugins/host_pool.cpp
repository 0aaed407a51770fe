#include "tools/plugins/host_pool.h"

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"
#include "tools/call_bounds.h"
#include "tools/plugins/call_result.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

}  // namespace

// Holds a host for one call. A call that is dropped half-way (its coroutine destroyed) costs its host.
class HostPool::Lease {
  public:
    Lease(std::shared_ptr<HostPool> pool, std::shared_ptr<HostProcess> host, Clock::time_point deadline,
          core::Owner owner)
        : pool_(std::move(pool)), host_(std::move(host)) {
        pool_->begin(host_, deadline, std::move(owner));
    }
    ~Lease() { pool_->end(std::move(host_), reusable); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    const std::shared_ptr<HostProcess>& host() const { return host_; }
    bool reusable = false;

  private:
    std::shared_ptr<HostPool> pool_;
    std::shared_ptr<HostProcess> host_;
};

// While any of these lives, the pool is looked after.
class HostPool::Caller {
  public:
    explicit Caller(std::shared_ptr<HostPool> pool) : pool_(std::move(pool)) { ++pool_->callers_; }
    ~Caller() { --pool_->callers_; }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

  private:
    const std::shared_ptr<HostPool> pool_;
};

HostPool::HostPool(asio::io_context& context, std::shared_ptr<LibraryCopy> library, HostLimits limits,
                   std::shared_ptr<Ticker> busy_ticker, std::shared_ptr<Ticker> idle_ticker)
    : CallPool(std::move(library)),
      context_(context),
      limits_(std::move(limits)),
      busy_ticker_(std::move(busy_ticker)),
      idle_ticker_(std::move(idle_ticker)) {}

Task<SourceResult> HostPool::call(SourceCall call, core::ProgressSink progress) {
    return run(shared_from_this(), std::move(call), std::move(progress));
}

Task<SourceResult> HostPool::run(std::shared_ptr<HostPool> pool, SourceCall call,
                                 core::ProgressSink progress) {
    const auto begun = Clock::now();
    const auto deadline = begun + call.spec->time_limit;
    const Caller caller(pool);
    const std::string tool = call.spec->name;
    std::optional<SourceResult> refused = pool->refusal();
    if (refused) co_return std::move(*refused);
    Turn turn = co_await pool->take_turn(deadline, call.call.owner, call.call.stop);
    switch (turn.kind) {
        case Turn::Kind::time_limit:
            co_return failed_result(ToolErrorType::TimeoutError,
                                    "The tool " + tool + " did not get to run within " +
                                        time_limit_of(*call.spec) + ": its plugin is busy.",
                                    true);
        case Turn::Kind::cancelled:
            co_return failed_result(ToolErrorType::CancelledError, "The call was cancelled.", true);
        case Turn::Kind::closed:
            co_return failed_result(ToolErrorType::CancelledError,
                                    "The call was stopped because the daemon is shutting down.", true);
        case Turn::Kind::start_one:
        case Turn::Kind::host:
            break;
    }
    refused = pool->refusal();
    if (refused) {
        // It crashed once too often while this call stood in line.
        const std::lock_guard lock(pool->mutex_);
        pool->pass_place_on(std::move(turn.host));
        co_return std::move(*refused);
    }
    if (!turn.host) turn.host = pool->start_host();
    const bool loads = !turn.host->ready;
    Lease lease(pool, std::move(turn.host), deadline, call.call.owner);
    HostCallEnd end =
        co_await run_host_call(lease.host(), std::move(call), std::move(progress), pool->shared_plugin_log());
    lease.reusable = end.reusable;
    pool->ended(end, tool, loads, begun);
    co_return std::move(end.result);
}

Task<HostPool::Turn> HostPool::take_turn(Clock::time_point deadline, core::Owner owner,
                                         std::stop_token stop) {
    // No braced temporaries here either: g++ 12 destroys them twice in a coroutine.
    const auto waiter = std::make_shared<Waiter>(deadline, std::move(owner));
    std::optional<Turn> at_once = turn_or_wait(waiter, stop);
    if (at_once) co_return std::move(*at_once);
    busy_ticker_->wake();
    const std::stop_callback on_stop(stop, [waiter] {
        waiter->turn.set(Turn{Turn::Kind::cancelled, nullptr});
    });
    Turn turn = co_await waiter->turn.wait();
    if (turn.kind != Turn::Kind::host && turn.kind != Turn::Kind::start_one) {
        const std::lock_guard lock(mutex_);
        std::erase(waiting_, waiter);
    }
    co_return turn;
}

// A turn at once when there is one; otherwise the waiter stands in line.
std::optional<HostPool::Turn> HostPool::turn_or_wait(const std::shared_ptr<Waiter>& waiter,
                                                     const std::stop_token& stop) {
    if (stop.stop_requested()) return Turn{Turn::Kind::cancelled, nullptr};
    const std::lock_guard lock(mutex_);
    if (closed_) throw Error(ErrorCode::unavailable, "The daemon is shutting down.");
    if (auto host = idle_host_for(waiter->owner)) return Turn{Turn::Kind::host, std::move(host)};
    if (make_place()) return Turn{Turn::Kind::start_one, nullptr};
    if (waiting_.size() >= limits_.max_waiting)
        throw Error(ErrorCode::unavailable,
                    "Too many calls wait for the plugin " + plugin()->manifest.id + ".")
            .with_retry_after(std::chrono::seconds(1));
    waiting_.push_back(waiter);
    return std::nullopt;
}

// The one that this owner used last, or one that nobody has used.
std::shared_ptr<HostProcess> HostPool::idle_host_for(const core::Owner& owner) {
    for (;;) {
        auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                  [&](const auto& host) { return host->owner == owner; });
        if (found == idle_.rend())
            found = std::find_if(idle_.rbegin(), idle_.rend(), [](const auto& host) { return !host->owner; });
        if (found == idle_.rend()) return nullptr;
        std::shared_ptr<HostProcess> host = std::move(*found);
        idle_.erase(std::next(found).base());
        // What one says while it loads is for its first call.
        if (host->ready ? settle(*host, plugin_log()) : !host->try_reap()) return host;
        // It died while nobody used it.
        host->kill(KillCause::worn_out);
        ending_.push_back(std::move(host));
        --places_;
    }
}

// Others' hosts give way, the one that was not used for longest first.
bool HostPool::make_place() {
    if (places_ >= limits_.max_hosts) {
        if (idle_.empty()) return false;
        dismiss(std::move(idle_.front()));
        idle_.erase(idle_.begin());
        --places_;
    }
    ++places_;
    return true;
}

void HostPool::dismiss(std::shared_ptr<HostProcess> host) {
    host->hang_up();
    host->idle_since = Clock::now();
    ending_.push_back(std::move(host));
    busy_ticker_->wake();
}

void HostPool::prepare() {
    try {
        library()->fd();
    } catch (const Error& error) {
        log::info("plugin {}: {}", plugin()->manifest.id, error.what());
        return;
    }
    start_warm_hosts();
}

// They become idle as if a call had ended.
void HostPool::start_warm_hosts() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            const std::size_t wanted = std::min(limits_.warm, limits_.max_hosts);
            if (places_ >= wanted || retired_ || closed_ || is_left_alone()) return;
            ++places_;
        }
        try {
            std::shared_ptr<HostProcess> host = start_host();
            const std::lock_guard lock(mutex_);
            pass_place_on(std::move(host));
        } catch (const Error& error) {
            log::info("plugin {}: {}", plugin()->manifest.id, error.what());
            return;
        }
    }
}

std::shared_ptr<HostProcess> HostPool::start_host() {
    try {
        HostRights rights = limits_.rights;
        rights.library = library()->fd();
        rights.scratch /= plugin()->manifest.id;
        return std::make_shared<HostProcess>(context_, rights);
    } catch (...) {
        const std::lock_guard lock(mutex_);
        pass_place_on(nullptr);
        throw;
    }
}

void HostPool::begin(const std::shared_ptr<HostProcess>& host, Clock::time_point deadline,
                     core::Owner owner) {
    host->begin_call();
    host->deadline = deadline;
    host->owner = std::move(owner);
    {
        const std::lock_guard lock(mutex_);
        busy_.push_back(host);
        if (closed_) host->kill(KillCause::shutdown);
    }
    busy_ticker_->wake();
}

void HostPool::end(std::shared_ptr<HostProcess> host, bool reusable) {
    const std::lock_guard lock(mutex_);
    std::erase(busy_, host);
    // After this no watch kills it any more: what has not happened by now does not happen.
    if (reusable && !closed_ && host->kill_cause() == KillCause::none) {
        pass_place_on(std::move(host));
        return;
    }
    if (!host->try_reap()) {
        host->kill(KillCause::worn_out);
        host->idle_since = Clock::now();
        ending_.push_back(std::move(host));
    }
    pass_place_on(nullptr);
}

// The place goes to the call that has waited longest, with the host that stands on it if there is one.
void HostPool::pass_place_on(std::shared_ptr<HostProcess> idle_host) {
    while (!waiting_.empty()) {
        const std::shared_ptr<Waiter> waiter = std::move(waiting_.front());
        waiting_.pop_front();
        const bool fits = idle_host && (!idle_host->owner || idle_host->owner == waiter->owner);
        const Turn turn{fits ? Turn::Kind::host : Turn::Kind::start_one, fits ? idle_host : nullptr};
        if (!waiter->turn.set(turn)) continue;
        if (idle_host && !fits) dismiss(std::move(idle_host));
        return;
    }
    if (!idle_host) {
        --places_;
        return;
    }
    if (retired_) {
        dismiss(std::move(idle_host));
        --places_;
        return;
    }
    idle_host->idle_since = Clock::now();
    idle_.push_back(std::move(idle_host));
    idle_ticker_->wake();
}

void HostPool::ended(const HostCallEnd& end, const std::string& tool, bool loads, Clock::time_point begun) {
    // Said once: a plugin that does so may do so with each call.
    if (!end.result.left_behind.empty() && !told_what_was_left_.exchange(true))
        log::warn(
            "plugin {}: a call of {} left {} behind, so its process was ended; the next call has to wait "
            "for another one, and so after each such call",
            plugin()->manifest.id, tool, end.result.left_behind);
    if (!end.result.success && end.result.error == ToolErrorType::PluginCrashedError)
        crashed(end.result.message);
    else if (end.result.success || end.reusable)
        worked(begun);
    if (loads) loaded(end.load_failure, end.unprotected);
}

}  // namespace assistd::tools
