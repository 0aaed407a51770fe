// Who begins when more come than can. One thread, which runs one piece of work at a time, and a clock that
// the test sets.

#include "http/fair_queue.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "base/error.h"
#include "base/stay_executor.h"

namespace assistd::http {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

class FairQueueTest : public testing::Test {
  protected:
    void come(const std::string& subject, int times = 1) {
        for (int i = 0; i < times; ++i) queue_->run(subject, [this, subject] { begun_.push_back(subject); });
    }
    void run_all() {
        io_.restart();
        io_.poll();
    }
    bool refused(const std::string& subject) {
        try {
            queue_->check(subject);
            return false;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unavailable);
            EXPECT_TRUE(error.retry_after());
            return true;
        }
    }

    boost::asio::io_context io_{1};
    FairQueue::Instant now_{1'000h};
    std::shared_ptr<FairQueue> queue_ = std::make_shared<FairQueue>(io_, 2, 500ms, [this] { return now_; });
    std::vector<std::string> begun_;
};

TEST_F(FairQueueTest, SubjectsTakeTurns) {
    come("mallory", 6);
    come("alice");
    come("bob", 2);
    EXPECT_EQ(queue_->figures().waiting, 7u) << "two have begun, which is as many as may";
    run_all();
    EXPECT_THAT(begun_, ElementsAre("mallory", "mallory", "mallory", "alice", "bob", "mallory", "bob",
                                    "mallory", "mallory"));
    EXPECT_EQ(queue_->figures().waiting, 0u);
    come("alice", 2);
    EXPECT_EQ(queue_->figures().waiting, 0u) << "places are given back";
    run_all();
}

TEST_F(FairQueueTest, WhoIsAloneMayBeginOnHisOwnThread) {
    const auto come_here = [&](const std::string& name) {
        queue_->run(
            "alice", [this, name] { begun_.push_back(name); }, FairQueue::Where::here_when_alone);
    };
    come_here("first");
    come_here("second");
    EXPECT_THAT(begun_, ElementsAre("first", "second")) << "nothing was at work when they came";
    come("bob");
    come_here("third");
    EXPECT_THAT(begun_, ElementsAre("first", "second"));
    run_all();
    EXPECT_THAT(begun_, ElementsAre("first", "second", "bob", "third"));
}

TEST_F(FairQueueTest, WhatIsBegunByWorkThatRunsWaitsAsWell) {
    queue_->run("alice", [this] { come("alice", 3); });
    run_all();
    EXPECT_EQ(begun_.size(), 3u);
}

TEST_F(FairQueueTest, WhoseOldestRequestWaitsForTooLongIsRefused) {
    come("mallory", 4);
    come("alice");
    EXPECT_FALSE(refused("mallory"));
    now_ += 499ms;
    EXPECT_FALSE(refused("mallory"));
    now_ += 1ms;
    EXPECT_TRUE(refused("mallory"));
    EXPECT_TRUE(refused("alice"));
    EXPECT_FALSE(refused("bob")) << "who has nothing waiting is let in";
    EXPECT_EQ(queue_->figures().refused, 2u);
    io_.run_one();
    io_.run_one();
    EXPECT_FALSE(refused("alice")) << "hers has begun";
    EXPECT_TRUE(refused("mallory"));
    run_all();
    EXPECT_FALSE(refused("mallory"));
    queue_->change_longest_wait(0ms);
    come("mallory", 3);
    EXPECT_TRUE(refused("mallory"));
}

TEST_F(FairQueueTest, WhatHasBegunGoesOnBeforeAnythingNew) {
    const LanePtr mallory = queue_->lane("mallory");
    come("mallory", 5);
    come("alice");
    for (int i = 0; i < 3; ++i) mallory->go_on([this] { begun_.push_back("mallory goes on"); });
    EXPECT_EQ(queue_->figures().waiting, 4u) << "steps are no requests";
    run_all();
    EXPECT_THAT(begun_, ElementsAre("mallory", "mallory", "mallory goes on", "alice", "mallory goes on",
                                    "mallory goes on", "mallory", "mallory", "mallory"));
}

// One that asks for little waits for one step of each of the others at most, at every step of its own.
TEST_F(FairQueueTest, EachStepOfAnExecutorStandsInItsLane) {
    come("mallory", 2);
    const LanePtr mallory = queue_->lane("mallory");
    for (int i = 0; i < 20; ++i) mallory->go_on([this] { begun_.push_back("mallory"); });
    const auto executor = boost::asio::make_strand(StayExecutor(io_, queue_->lane("alice")));
    const auto inherits = [&](auto step) {
        boost::asio::post(boost::asio::make_strand(StayExecutor(io_)), std::move(step));
    };
    boost::asio::post(executor, [&] {
        begun_.push_back("alice");
        inherits([&] {
            begun_.push_back("alice");
            inherits([&] { begun_.push_back("alice"); });
        });
    });
    run_all();
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < begun_.size(); ++i)
        if (begun_[i] == "alice") at.push_back(i);
    ASSERT_EQ(at.size(), 3u);
    EXPECT_LE(at[0], 4u);
    EXPECT_LE(at[1] - at[0], 4u);
    EXPECT_LE(at[2] - at[1], 4u);
}

TEST_F(FairQueueTest, WhenTheServerEndsWhatWaitsIsDroppedAndWhatGoesOnIsDone) {
    const auto held = std::make_shared<int>();
    come("alice", 2);
    const LanePtr lane = queue_->lane("alice");
    lane->go_on([this] { begun_.push_back("goes on"); });
    queue_->run("alice", [held] {});
    EXPECT_EQ(held.use_count(), 2);
    queue_->close();
    EXPECT_EQ(held.use_count(), 1);
    run_all();
    EXPECT_THAT(begun_, ElementsAre("alice", "alice", "goes on"));
    lane->go_on([this] { begun_.push_back("goes on"); });
    run_all();
    EXPECT_EQ(begun_.size(), 4u);
}

}  // namespace
}  // namespace assistd::http
