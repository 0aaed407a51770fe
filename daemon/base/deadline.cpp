#include "base/deadline.h"

#include <atomic>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <condition_variable>
#include <map>
#include <thread>

namespace assistd {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

struct Deadline::State {
    State(const Executor& its_executor, std::function<void()> what)
        : executor(asio::prefer(its_executor, asio::execution::outstanding_work.tracked)),
          then(std::move(what)) {}

    Executor executor;  // until it has come: its context has work to do as long
    const std::function<void()> then;
    std::atomic<bool> called_off{false};
    Keeper* keeper = nullptr;
    std::multimap<Clock::time_point, std::shared_ptr<State>>::iterator place;
    bool kept = false;  // guarded by the keeper's lock, as is its place
};

class Deadline::Keeper : public asio::execution_context::service {
  public:
    static inline asio::execution_context::id id;

    explicit Keeper(asio::execution_context& context) : service(context) {}
    ~Keeper() override { shutdown(); }

    void keep(const std::shared_ptr<State>& state, Clock::time_point until) {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        state->keeper = this;
        state->place = waiting_.emplace(until, state);
        state->kept = true;
        if (!thread_.joinable())
            thread_ = std::thread([this] { run(); });
        else if (until < sleeps_until_)
            earlier_.notify_one();
    }

    // The thread sleeps on: it finds out when it wakes.
    void forget(State& state) {
        const std::lock_guard lock(mutex_);
        if (state.kept) waiting_.erase(state.place);
        state.kept = false;
    }

  private:
    void shutdown() override {
        std::multimap<Clock::time_point, std::shared_ptr<State>> dropped;
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            dropped.swap(waiting_);
            for (const auto& [until, state] : dropped) state->kept = false;
        }
        earlier_.notify_one();
        if (thread_.joinable()) thread_.join();
    }

    void run() {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            while (!waiting_.empty() && waiting_.begin()->first <= Clock::now()) {
                const std::shared_ptr<State> due = std::move(waiting_.begin()->second);
                waiting_.erase(waiting_.begin());
                due->kept = false;
                lock.unlock();
                const Executor executor = std::move(due->executor);
                asio::post(executor, [due] {
                    if (!due->called_off) due->then();
                });
                lock.lock();
            }
            if (stopping_) return;
            sleeps_until_ = waiting_.empty() ? Clock::time_point::max() : waiting_.begin()->first;
            if (waiting_.empty())
                earlier_.wait(lock);
            else
                earlier_.wait_until(lock, sleeps_until_);
        }
    }

    std::mutex mutex_;
    std::condition_variable earlier_;
    std::multimap<Clock::time_point, std::shared_ptr<State>> waiting_;
    Clock::time_point sleeps_until_;
    bool stopping_ = false;
    std::thread thread_;
};

Deadline::Deadline(const Executor& executor, std::chrono::nanoseconds time, std::function<void()> then)
    : state_(std::make_shared<State>(executor, std::move(then))) {
    asio::execution_context& context = asio::query(executor, asio::execution::context);
    asio::use_service<Keeper>(context).keep(state_, Clock::now() + time);
}

Deadline::~Deadline() {
    if (!state_) return;
    state_->called_off = true;
    if (state_->keeper) state_->keeper->forget(*state_);
}

}  // namespace assistd
