#include "base/activity.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

#include "base/async.h"
#include "base/span.h"
#include "base/stay_executor.h"

namespace assistd {
namespace {

class Kept : public SpanSink {
  public:
    void ended(SpanRecord span) override {
        const std::lock_guard lock(mutex);
        spans.push_back(std::move(span));
    }
    const SpanRecord* find(std::string_view name) const {
        for (const SpanRecord& span : spans)
            if (span.name == name) return &span;
        return nullptr;
    }
    std::mutex mutex;
    std::vector<SpanRecord> spans;
};

std::shared_ptr<Activity> activity_of(const std::string& request_id,
                                      const std::shared_ptr<Kept>& kept = nullptr) {
    auto activity = std::make_shared<Activity>();
    activity->request_id = request_id;
    activity->trace = new_trace(true);
    activity->spans = kept;
    activity->doing = 42;
    return activity;
}

std::string request_here() {
    const Activity* activity = this_activity();
    return activity ? activity->request_id : "nobody";
}

Task<std::string> requests_on_the_way(asio::io_context& io) {
    std::string seen = request_here();
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here, std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
    seen += "," + request_here();
    const OneShot<> shot;
    asio::post(io, [shot] { shot.set(); });  // on a thread that works for nobody
    co_await shot.wait();
    seen += "," + request_here();
    std::vector<Task<std::string>> both;
    const auto look = []() -> Task<std::string> { co_return request_here(); };
    both.push_back(look());
    both.push_back(look());
    for (const std::string& one : co_await when_all(std::move(both))) seen += "," + one;
    co_return seen;
}

class ActivityTest : public testing::Test {
  protected:
    template <class T>
    T run(const std::shared_ptr<Activity>& activity, Task<T> task) {
        auto executor = working_for(activity, asio::make_strand(StayExecutor(io_)));
        auto result = asio::co_spawn(executor, std::move(task), asio::use_future);
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([this] {
                io_.run();
                EXPECT_EQ(this_activity(), nullptr);
            });
        for (std::thread& thread : threads) thread.join();
        io_.restart();
        return result.get();
    }
    asio::io_context io_;
};

TEST_F(ActivityTest, GoesWithACoroutineWhereverItIsResumed) {
    EXPECT_EQ(run(activity_of("a"), requests_on_the_way(io_)), "a,a,a,a,a");
    EXPECT_EQ(run(nullptr, requests_on_the_way(io_)), "nobody,nobody,nobody,nobody,nobody");
}

Task<void> spawn_others(asio::io_context& io, OneShot<std::string> goes_on, OneShot<std::string> does_not) {
    // Where Asio begins a coroutine right here, it is a part of what the thread does until it first waits.
    const auto tell = [](OneShot<std::string> to) -> Task<void> {
        co_await asio::post(asio::use_awaitable);
        to.set(request_here());
    };
    asio::co_spawn(continuing(asio::make_strand(io)), tell(goes_on), asio::detached);
    asio::co_spawn(asio::make_strand(io), tell(does_not), asio::detached);
    co_return;
}

TEST_F(ActivityTest, IsInheritedByWhatContinuesItAndNothingElse) {
    const OneShot<std::string> goes_on;
    const OneShot<std::string> does_not;
    const auto both = [&]() -> Task<std::string> {
        co_await spawn_others(io_, goes_on, does_not);
        const std::string first = co_await goes_on.wait();
        const std::string second = co_await does_not.wait();
        co_return first + "," + second;
    };
    EXPECT_EQ(run(activity_of("a"), both()), "a,nobody");
}

Task<int> steps(asio::io_context& io) {
    Span turn("turn");
    turn.enter();
    {
        Span prompt("prompt");
        prompt.enter();
        const Span inside("inside");
    }
    const Span left("left");
    Span right("right");
    const OneShot<> done;
    const auto work = [](OneShot<> to) -> Task<void> {
        { const Span below("below"); }
        to.set();
        co_return;
    };
    asio::co_spawn(working_for(right.activity(), asio::make_strand(io)), work(done), asio::detached);
    co_await done.wait();
    right.failed("timeout", "It took too long.");
    co_return 0;
}

TEST_F(ActivityTest, SpansContainWhatIsDoneMeanwhile) {
    const auto kept = std::make_shared<Kept>();
    const auto activity = activity_of("a", kept);
    run(activity, steps(io_));
    ASSERT_EQ(kept->spans.size(), 6u);
    const SpanId turn = kept->find("turn")->id;
    EXPECT_EQ(kept->find("turn")->parent, 42u);
    EXPECT_EQ(kept->find("prompt")->parent, turn);
    EXPECT_EQ(kept->find("inside")->parent, kept->find("prompt")->id);
    EXPECT_EQ(kept->find("left")->parent, turn);
    EXPECT_EQ(kept->find("right")->parent, turn);
    EXPECT_EQ(kept->find("below")->parent, kept->find("right")->id);
    EXPECT_TRUE(kept->find("right")->failed);
    EXPECT_EQ(kept->find("right")->failure, "It took too long.");
    EXPECT_GE(kept->find("turn")->duration, kept->find("right")->duration);
    for (const SpanRecord& span : kept->spans) EXPECT_EQ(span.trace.trace_id, activity->trace.trace_id);
    EXPECT_EQ(activity->doing, 42u);
}

TEST_F(ActivityTest, SpansThatNobodyWantsRecordNothing) {
    const auto look = []() -> Task<bool> {
        Span span("turn");
        span.enter();
        span.set("key", std::int64_t{1});
        co_return span.records() || this_activity()->doing != 42;
    };
    EXPECT_FALSE(run(activity_of("a"), look()));
    const Span outside("of any activity");
    EXPECT_FALSE(outside.records());
}

}  // namespace
}  // namespace assistd
