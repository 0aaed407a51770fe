#include "http/fair_queue.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>

#include "base/error.h"

namespace assistd::http {

FairQueue::FairQueue(boost::asio::io_context& io, int at_once, std::chrono::milliseconds longest_wait,
                     Clock clock)
    : io_(io), at_once_(at_once), clock_(std::move(clock)), longest_wait_(longest_wait) {}

void FairQueue::check(const std::string& subject) {
    const std::lock_guard lock(mutex_);
    if (queues_.empty()) return;
    const auto found = queues_.find(subject);
    if (found == queues_.end() || clock_() - found->second.front().since < longest_wait_) return;
    ++refused_;
    Error busy(ErrorCode::unavailable,
               "The daemon has more requests from here than it can answer; try again in a moment.");
    busy.with_retry_after(std::chrono::seconds(1));
    throw busy;
}

void FairQueue::run(const std::string& subject, Work work, Where where) {
    bool alone = false;
    {
        const std::lock_guard lock(mutex_);
        if (begun_ >= at_once_) {
            const auto [queue, is_new] = queues_.try_emplace(subject);
            if (is_new) turns_.push_back(subject);
            queue->second.push_back({clock_(), std::move(work)});
            ++waiting_;
            return;
        }
        alone = begun_++ == 0;
    }
    if (alone && where == Where::here_when_alone)
        run_begun(work);
    else
        post(std::move(work));
}

void FairQueue::run_begun(const Work& work) {
    struct Ended {
        FairQueue& queue;
        ~Ended() { queue.ended(); }
    };
    const Ended when_it_has_run{*this};
    work();
}

void FairQueue::post(Work work) {
    boost::asio::post(io_, [self = shared_from_this(), work = std::move(work)] { self->run_begun(work); });
}

void FairQueue::ended() {
    std::optional<Work> next;
    {
        const std::lock_guard lock(mutex_);
        if (turns_.empty()) {
            --begun_;
            return;
        }
        std::string subject = std::move(turns_.front());
        turns_.pop_front();
        const auto queue = queues_.find(subject);
        next = std::move(queue->second.front().work);
        queue->second.pop_front();
        --waiting_;
        if (queue->second.empty())
            queues_.erase(queue);
        else
            turns_.push_back(std::move(subject));
    }
    post(std::move(*next));
}

void FairQueue::change_longest_wait(std::chrono::milliseconds longest_wait) {
    const std::lock_guard lock(mutex_);
    longest_wait_ = longest_wait;
}

void FairQueue::clear() {
    std::unordered_map<std::string, std::deque<Waiting>> dropped;
    const std::lock_guard lock(mutex_);
    dropped.swap(queues_);
    turns_.clear();
    waiting_ = 0;
}

FairQueue::Figures FairQueue::figures() const {
    const std::lock_guard lock(mutex_);
    return {waiting_, refused_};
}

}  // namespace assistd::http
