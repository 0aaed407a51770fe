#include "core/conversation_locks.h"

#include "base/error.h"
#include "support/io_threads.h"

namespace assistd::core {
namespace {

class ConversationLocksTest : public testing::Test {
  protected:
    std::future<ConversationLocks::Lock> ask(ConversationId id, std::stop_token stop = {}) {
        return io_.start(locks_.lock(id, true, stop));
    }
    bool is_waiting(std::future<ConversationLocks::Lock>& future) {
        io_.run([]() -> Task<void> { co_return; }());
        return future.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
    }
    ErrorCode refusal(ConversationId id) {
        try {
            io_.run(locks_.lock(id, false, {}));
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::internal;
    }

    test::IoThreads io_;
    ConversationLocks locks_;
    const ConversationId id_ = ConversationId::make();
};

TEST_F(ConversationLocksTest, IsGivenOnInTheOrderOfAsking) {
    auto first = std::optional(ask(id_).get());
    first->keep_for_turn([] { return false; });
    auto second = ask(id_);
    EXPECT_EQ(refusal(id_), ErrorCode::conflict);
    EXPECT_TRUE(is_waiting(second));
    first.reset();
    auto held = std::optional(second.get());
    held->keep_for_turn([] { return false; });
    EXPECT_EQ(refusal(id_), ErrorCode::conflict);
    held.reset();
    EXPECT_NO_THROW(io_.run(locks_.lock(id_, false, {})));
}

TEST_F(ConversationLocksTest, WhoDoesNotWaitForTurnsWaitsForOthers) {
    auto first = std::optional(ask(id_).get());
    auto second = io_.start(locks_.lock(id_, false, {}));
    EXPECT_TRUE(is_waiting(second));
    first.reset();
    auto held = std::optional(second.get());
    // Once a turn holds it, who does not wait for turns is told so, and the others wait on.
    auto third = io_.start(locks_.lock(id_, false, {}));
    auto fourth = ask(id_);
    EXPECT_TRUE(is_waiting(third));
    std::atomic<bool> has_ended = false;
    held->keep_for_turn([&has_ended] { return has_ended.load(); });
    EXPECT_THROW(third.get(), Error);
    EXPECT_EQ(refusal(id_), ErrorCode::conflict);
    // It ends any moment: who heard of it comes next.
    has_ended = true;
    auto fifth = io_.start(locks_.lock(id_, false, {}));
    EXPECT_TRUE(is_waiting(fourth));
    EXPECT_TRUE(is_waiting(fifth));
    held.reset();
    auto next = std::optional(fourth.get());
    EXPECT_TRUE(is_waiting(fifth));
    next.reset();
    fifth.get();
}

TEST_F(ConversationLocksTest, OtherConversationsAreFree) {
    const auto held = ask(id_).get();
    EXPECT_NO_THROW(io_.run(locks_.lock(ConversationId::make(), false, {})));
}

TEST_F(ConversationLocksTest, WhoGivesUpIsPassedOver) {
    auto first = std::optional(ask(id_).get());
    std::stop_source stop;
    auto leaver = ask(id_, stop.get_token());
    stop.request_stop();
    EXPECT_THROW(leaver.get(), Error);
    auto third = ask(id_);
    first.reset();
    EXPECT_NO_THROW(third.get());
}

TEST_F(ConversationLocksTest, ManyThreadsNeverHoldItTogether) {
    std::atomic<int> inside = 0;
    std::atomic<int> done = 0;
    std::vector<std::future<void>> all;
    const auto work = [](ConversationLocks& locks, ConversationId id, std::atomic<int>& in,
                         std::atomic<int>& out) -> Task<void> {
        const auto lock = co_await locks.lock(id, true, {});
        EXPECT_EQ(++in, 1);
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        EXPECT_EQ(--in, 0);
        ++out;
    };
    for (std::size_t i = 0; i < ConversationLocks::max_waiting; ++i)
        all.push_back(io_.start(work(locks_, id_, inside, done)));
    for (auto& one : all) one.get();
    EXPECT_EQ(done, static_cast<int>(ConversationLocks::max_waiting));
}

TEST_F(ConversationLocksTest, TheQueueIsBounded) {
    auto held = std::optional(ask(id_).get());
    const auto take_and_leave = [](ConversationLocks& locks, ConversationId id) -> Task<void> {
        co_await locks.lock(id, true, {});
    };
    std::vector<std::future<void>> waiting;
    for (std::size_t i = 0; i <= ConversationLocks::max_waiting; ++i)
        waiting.push_back(io_.start(take_and_leave(locks_, id_)));
    // While the conversation is held only the one that was too many can be answered.
    const auto is_ready = [](const auto& one) {
        return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::none_of(waiting.begin(), waiting.end(), is_ready) &&
           std::chrono::steady_clock::now() < deadline) {}
    const auto refused = std::find_if(waiting.begin(), waiting.end(), is_ready);
    ASSERT_NE(refused, waiting.end());
    EXPECT_THROW(refused->get(), Error);
    waiting.erase(refused);
    held.reset();
    for (auto& one : waiting) EXPECT_NO_THROW(one.get());
}

}  // namespace
}  // namespace assistd::core
