#include "base/stay_executor.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "base/async.h"

namespace assistd {
namespace {

class StayExecutorTest : public testing::Test {
  protected:
    ~StayExecutorTest() override {
        work_.reset();
        thread_.join();
    }
    // A coroutine that waits for `news`, then says on which thread it went on.
    OneShot<std::thread::id> waiter(OneShot<> news) {
        const OneShot<std::thread::id> went_on;
        const OneShot<> waits;
        auto task = [](OneShot<> its_news, OneShot<> its_waits,
                       OneShot<std::thread::id> its_end) -> Task<void> {
            its_waits.set();
            co_await its_news.wait();
            its_end.set(std::this_thread::get_id());
        };
        asio::co_spawn(asio::make_strand(StayExecutor(io_)), task(news, waits, went_on), asio::detached);
        get(waits);
        return went_on;
    }
    template <class T>
    T get(OneShot<T> shot) {
        auto task = [](OneShot<T> its_shot) -> Task<T> { co_return co_await its_shot.wait(); };
        return asio::co_spawn(io_, task(shot), asio::use_future).get();
    }

    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    std::thread thread_{[this] { io_.run(); }};
};

TEST_F(StayExecutorTest, WhoIsWokenGoesOnOnTheContextByDefault) {
    const OneShot<> news;
    const auto went_on = waiter(news);
    news.set();
    EXPECT_EQ(get(went_on), thread_.get_id());
}

TEST_F(StayExecutorTest, WhoIsWokenGoesOnHereWhenAsked) {
    const OneShot<> news;
    const auto went_on = waiter(news);
    // Its wait() is begun, but it may not yet be suspended: an empty run of its thread makes sure.
    std::promise<void> passed;
    asio::post(io_, [&passed] { passed.set_value(); });
    passed.get_future().wait();
    {
        StayHere here;
        news.set();
        EXPECT_FALSE(went_on.done());  // not in the middle of what this thread does
        here.run();
    }
    ASSERT_TRUE(went_on.done());
    EXPECT_EQ(get(went_on), std::this_thread::get_id());
}

TEST_F(StayExecutorTest, WhatWasNotRunHereIsRunThere) {
    const auto executor = asio::make_strand(StayExecutor(io_));
    std::promise<std::thread::id> ran_on;
    {
        StayHere here;
        asio::post(executor, [&ran_on] { ran_on.set_value(std::this_thread::get_id()); });
    }
    EXPECT_EQ(ran_on.get_future().get(), thread_.get_id());
}

TEST_F(StayExecutorTest, WhatCanWaitIsDoneAfterTheSteps) {
    std::vector<std::string> done;
    const auto note = [&done](const char* what) { return [&done, what] { done.emplace_back(what); }; };
    StayHere::afterwards(note("at once"));
    {
        StayHere here;
        asio::post(StayExecutor(io_), [&] {
            StayHere::afterwards(note("after the steps"));
            done.emplace_back("a step");
            asio::post(StayExecutor(io_), note("the next step"));
        });
        here.run();
        StayHere::afterwards(note("at the end"));
        EXPECT_EQ(done.back(), "after the steps");
    }
    EXPECT_EQ(done, (std::vector<std::string>{"at once", "a step", "the next step", "after the steps",
                                              "at the end"}));
}

// One that goes on for ever must not keep the thread from what is its own.
TEST_F(StayExecutorTest, NobodyStaysForEver) {
    const StayExecutor executor(io_);
    std::atomic<int> left = 1000;
    std::atomic<int> here_count = 0;
    std::promise<void> over;
    const auto me = std::this_thread::get_id();
    std::function<void()> step = [&] {
        if (std::this_thread::get_id() == me) ++here_count;
        if (--left > 0)
            asio::post(executor, step);
        else
            over.set_value();
    };
    {
        StayHere here;
        asio::post(executor, step);
        here.run();
    }
    over.get_future().wait();
    EXPECT_GT(here_count, 0);
    EXPECT_LT(here_count, 100);
}

TEST_F(StayExecutorTest, OnAStrandNothingRunsAtTheSameTimeOrOutOfOrder) {
    const auto strand = asio::make_strand(StayExecutor(io_));
    std::vector<int> seen;  // guarded by the strand alone
    std::atomic<int> inside = 0;
    std::promise<void> over;
    for (int i = 0; i < 1000; ++i) {
        StayHere here;
        asio::post(strand, [&, i] {
            EXPECT_EQ(++inside, 1);
            seen.push_back(i);
            --inside;
            if (i == 999) over.set_value();
        });
        if (i % 3 != 0) here.run();
    }
    over.get_future().wait();
    ASSERT_EQ(seen.size(), 1000U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

}  // namespace
}  // namespace assistd
