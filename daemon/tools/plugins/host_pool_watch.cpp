// The part of the pool that looks after hosts while nobody calls it: limits, idleness, the end.

#include <poll.h>

#include "tools/plugins/host_pool.h"

namespace assistd::tools {
namespace {

void wait_for_end(const HostProcess& host, HostProcess::Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - HostProcess::Clock::now());
    pollfd process{host.pidfd(), POLLIN, 0};
    ::poll(&process, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

}  // namespace

void HostPool::check_busy(HostProcess& host, Clock::time_point now) const {
    const auto asked_at = host.asked_to_stop_at.load();
    if (asked_at != Clock::time_point::max() && now - asked_at >= limits_.cancel_grace)
        host.kill(KillCause::cancelled);
    else if (now >= host.deadline)
        host.kill(KillCause::time_limit);
    else
        host.check_use(now);
}

bool HostPool::watch_busy() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    for (const auto& host : busy_) {
        check_busy(*host, now);
        host->drain_output(plugin_log());
    }
    for (const auto& host : idle_) host->drain_output(plugin_log());
    for (const auto& waiter : waiting_)
        if (now >= waiter->deadline) waiter->turn.set(Turn{Turn::Kind::time_limit, nullptr});
    std::erase_if(ending_, [&](const auto& host) {
        if (now - host->idle_since >= limits_.cancel_grace) host->kill(KillCause::worn_out);
        return host->try_reap().has_value();
    });
    const bool untold = plugin_log().tell_dropped(now);
    return untold || !busy_.empty() || !waiting_.empty() || !ending_.empty();
}

bool HostPool::watch_idle() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    std::erase_if(idle_, [&](const auto& host) {
        host->drain_output(plugin_log());
        if (now - host->idle_since < limits_.idle_after || places_ <= limits_.warm) return false;
        dismiss(host);
        --places_;
        return true;
    });
    return !idle_.empty();
}

void HostPool::close() {
    std::vector<std::shared_ptr<HostProcess>> hosts;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        for (const auto& waiter : waiting_) waiter->turn.set(Turn{Turn::Kind::closed, nullptr});
        for (const auto& host : busy_) host->kill(KillCause::shutdown);
        for (const auto& host : idle_) host->hang_up();
        places_ -= idle_.size();
        hosts = busy_;
        hosts.insert(hosts.end(), idle_.begin(), idle_.end());
        hosts.insert(hosts.end(), ending_.begin(), ending_.end());
        idle_.clear();
        ending_.clear();
    }
    const auto until = Clock::now() + limits_.cancel_grace;
    for (const auto& host : hosts) {
        wait_for_end(*host, until);
        host->kill(KillCause::shutdown);
        wait_for_end(*host, Clock::now() + limits_.cancel_grace);
    }
}

void HostPool::retire() {
    const std::lock_guard lock(mutex_);
    retired_ = true;
    for (const auto& host : idle_) dismiss(host);
    places_ -= idle_.size();
    idle_.clear();
    busy_ticker_->wake();
}

bool HostPool::is_gone() const {
    const std::lock_guard lock(mutex_);
    return retired_ && callers_ == 0 && places_ == 0 && ending_.empty();
}

std::size_t HostPool::hosts() const {
    const std::lock_guard lock(mutex_);
    return places_;
}

}  // namespace assistd::tools
