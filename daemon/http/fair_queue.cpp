#include "http/fair_queue.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/error.h"

namespace assistd::http {

class FairQueue::SubjectLane : public Lane {
  public:
    SubjectLane(std::shared_ptr<FairQueue> queue, std::string subject)
        : queue_(std::move(queue)), subject_(std::move(subject)) {}
    void go_on(Work step) override { queue_->go_on(subject_, std::move(step)); }

  private:
    const std::shared_ptr<FairQueue> queue_;
    const std::string subject_;
};

FairQueue::FairQueue(boost::asio::io_context& io, int at_once, std::chrono::milliseconds longest_wait,
                     Clock clock)
    : io_(io), at_once_(at_once), clock_(std::move(clock)), longest_wait_(longest_wait) {}

void FairQueue::check(const std::string& subject) {
    const std::lock_guard lock(mutex_);
    if (waiting_ == 0) return;
    const auto found = queues_.find(subject);
    if (found == queues_.end() || found->second.requests.empty()) return;
    if (clock_() - found->second.requests.front().since < longest_wait_) return;
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
        if (begun_ >= at_once_ && !closed_) {
            waiting_of(subject).requests.push_back({clock_(), std::move(work)});
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

LanePtr FairQueue::lane(const std::string& subject) {
    return std::make_shared<SubjectLane>(shared_from_this(), subject);
}

void FairQueue::go_on(const std::string& subject, Work step) {
    {
        const std::lock_guard lock(mutex_);
        if (begun_ >= at_once_ && !closed_) return waiting_of(subject).steps.push_back(std::move(step));
        ++begun_;
    }
    post(std::move(step));
}

FairQueue::Waiting& FairQueue::waiting_of(const std::string& subject) {
    const auto [waiting, is_new] = queues_.try_emplace(subject);
    if (is_new) turns_.push_back(subject);
    return waiting->second;
}

// Of the subject whose turn it is.
FairQueue::Work FairQueue::next() {
    std::string subject = std::move(turns_.front());
    turns_.pop_front();
    const auto found = queues_.find(subject);
    Waiting& waiting = found->second;
    Work work;
    if (!waiting.steps.empty()) {
        work = std::move(waiting.steps.front());
        waiting.steps.pop_front();
    } else {
        work = std::move(waiting.requests.front().work);
        waiting.requests.pop_front();
        --waiting_;
    }
    if (waiting.is_none())
        queues_.erase(found);
    else
        turns_.push_back(std::move(subject));
    return work;
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
    Work work;
    {
        const std::lock_guard lock(mutex_);
        if (turns_.empty()) {
            --begun_;
            return;
        }
        work = next();
    }
    post(std::move(work));
}

void FairQueue::change_longest_wait(std::chrono::milliseconds longest_wait) {
    const std::lock_guard lock(mutex_);
    longest_wait_ = longest_wait;
}

void FairQueue::close() {
    std::unordered_map<std::string, Waiting> waiting;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        waiting.swap(queues_);
        turns_.clear();
        waiting_ = 0;
    }
    for (auto& [subject, its] : waiting)
        for (Work& step : its.steps) boost::asio::post(io_, std::move(step));
}

FairQueue::Figures FairQueue::figures() const {
    const std::lock_guard lock(mutex_);
    return {waiting_, refused_};
}

}  // namespace assistd::http
