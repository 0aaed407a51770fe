#pragma once
// An executor on an io_context for work that is handed from thread to thread: where a thread asks for it,
// what comes next runs on that thread instead of waking another one, which takes longer than most of our
// steps do.
//
//     StayHere here;        // on the thread that has just received something for one coroutine
//     exchange.wake();      // posts the coroutine to a strand on a StayExecutor
//     here.run();           // … which goes on right here, and with it whom it wakes in turn
//
// Without a StayHere it is the io_context's own executor, but for work that is in somebody's lane, which
// waits there for its turn. Copies are alike; any thread.

#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/lane.h"

namespace assistd {

namespace asio = boost::asio;

// Lives on the stack of one thread; at most one there at a time counts, the innermost.
class StayHere {
  public:
    StayHere() : outer_(std::exchange(current(), this)) {}
    ~StayHere();  // what was not run goes to the io_context
    StayHere(const StayHere&) = delete;
    StayHere& operator=(const StayHere&) = delete;

    // Runs what was posted, and what that posts, in order; after a while the rest goes to the io_context, so
    // that the thread is free again for what is its own.
    void run();

    // For waking a thread that can wait while this one does its steps: called after them, or at once on a
    // thread where nobody stays. Must not throw.
    static void afterwards(std::function<void()> action);

  private:
    friend class StayExecutor;

    struct Step {
        Step(asio::io_context& its_io, LanePtr its_lane) : io(its_io), lane(std::move(its_lane)) {}
        virtual ~Step() = default;
        void run() {
            const LaneScope scope(lane);
            do_it();
        }
        virtual void do_it() = 0;
        asio::io_context& io;
        const LanePtr lane;
    };
    template <class Function>
    struct StepOf : Step {
        StepOf(asio::io_context& its_io, LanePtr its_lane, Function its_function)
            : Step(its_io, std::move(its_lane)), function(std::move(its_function)) {}
        void do_it() override { std::move(function)(); }
        Function function;
    };

    static StayHere*& current();
    static void hand_over(std::unique_ptr<Step> step);
    void do_the_rest();

    StayHere* outer_;
    std::vector<std::unique_ptr<Step>> steps_;
    std::vector<std::function<void()>> afterwards_;
};

class StayExecutor {
  public:
    // In the caller's own lane, unless another one is named.
    explicit StayExecutor(asio::io_context& io, LanePtr lane = LaneScope::current())
        : io_(&io), lane_(std::move(lane)) {}

    template <class Function>
    void execute(Function function) const {
        StayHere* here = io_->stopped() ? nullptr : StayHere::current();
        if (here == nullptr && lane_ == nullptr)
            return asio::require(io_->get_executor(), asio::execution::blocking.never)
                .execute(std::move(function));
        auto step = std::make_unique<StayHere::StepOf<Function>>(*io_, lane_, std::move(function));
        if (here != nullptr)
            here->steps_.push_back(std::move(step));
        else
            StayHere::hand_over(std::move(step));
    }

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *io_; }
    static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
        return asio::execution::blocking.never;
    }
    StayExecutor require(asio::execution::blocking_t::never_t) const { return *this; }
    friend bool operator==(const StayExecutor& a, const StayExecutor& b) noexcept {
        return a.io_ == b.io_ && a.lane_ == b.lane_;
    }
    friend bool operator!=(const StayExecutor& a, const StayExecutor& b) noexcept { return !(a == b); }

  private:
    asio::io_context* io_;
    LanePtr lane_;
};

}  // namespace assistd
