// How turns end that are not answered: a model that fails, limits, and people who stop them.

#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

TEST_F(TurnServiceTest, AProviderThatFailsEndsTheTurnAndKeepsTheMessage) {
    provider_.script = [](int, const ProviderRequest&) -> ProviderReply {
        throw Error(ErrorCode::provider_failed, "The provider said no.");
    };
    const Turn turn = ask("Hi");
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_EQ(turn.error_code, "provider_failed");
    EXPECT_EQ(turn.error_message, "The provider said no.");
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi"));
    provider_.script = [](int, const ProviderRequest&) { return says("Now."); };
    EXPECT_EQ(ask("Again").state, TurnState::completed);
}

TEST_F(TurnServiceTest, WhenToTryAgainIsToldWithTheFailure) {
    provider_.script = [](int, const ProviderRequest&) -> ProviderReply {
        throw Error(ErrorCode::rate_limited, "Later.").with_retry_after(std::chrono::hours(1));
    };
    const Turn turn = ask("Hi");
    EXPECT_EQ(turn.error_code, "rate_limited");
    EXPECT_EQ(turn.retry_after, std::chrono::hours(1));
}

TEST_F(TurnServiceTest, WhatCameToNothingIsBookedToo) {
    // One attempt fails, the next one answers; then both fail.
    provider_.script = [](int, const ProviderRequest& request) {
        Usage lost;
        lost.prompt_tokens = 100;
        lost.cost = 0.25;
        request.lost_usage(lost);
        if (request.messages.back()->text() == "Fail") throw Error(ErrorCode::provider_failed, "No.");
        return says("Hello.");
    };
    const Turn answered = ask("Hi");
    EXPECT_EQ(answered.usage.prompt_tokens, 110);
    EXPECT_EQ(answered.usage.completion_tokens, 5);
    EXPECT_EQ(answered.usage.cost, 0.25);
    const Turn failed = ask("Fail");
    EXPECT_EQ(failed.state, TurnState::failed);
    EXPECT_EQ(failed.usage.prompt_tokens, 100);
    EXPECT_EQ(failed.usage.cost, 0.25);

    provider_.script = [](int, const ProviderRequest&) { return says("Half"); };
    provider_.hangs = true;
    const TurnHandle handle = begin(request("Hang"));
    io_.run([](OneShot<> hanging) -> Task<void> { co_await hanging.wait(); }(provider_.hanging));
    io_.run(service_->cancel("local", handle.turn->id));
    const Turn cancelled = end_of(handle);
    EXPECT_EQ(cancelled.usage.total_tokens(), 15);
    // What is kept of the reply says so as well.
    const std::vector<Message> messages = io_.run(storage_->store().messages_of_turn(handle.turn->id));
    EXPECT_EQ(messages.back().finish_reason, "cancelled");
    EXPECT_EQ(messages.back().usage.prompt_tokens, 10);
    provider_.hangs = false;
}

TEST_F(TurnServiceTest, AModelThatOnlyCallsWhenItMayNotHasNotAnswered) {
    provider_.script = [&](int, const ProviderRequest&) { return calls({"again"}); };
    const Turn turn = ask("Go");
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_EQ(turn.error_code, "provider_failed");
    EXPECT_THAT(turn.error_message, testing::HasSubstr("budget is used up"));
    EXPECT_EQ(turn.usage.prompt_tokens, 10 * (budget_.max_rounds + 1));
}

TEST_F(TurnServiceTest, AnInternalErrorTellsNoInternals) {
    provider_.script = [](int, const ProviderRequest&) -> ProviderReply {
        throw std::runtime_error("secret");
    };
    const Turn turn = ask("Hi");
    EXPECT_EQ(turn.error_code, "internal");
    EXPECT_THAT(turn.error_message, testing::Not(testing::HasSubstr("secret")));
}

TEST_F(TurnServiceTest, CancellingKeepsWhatWasStreamed) {
    provider_.hangs = true;
    const TurnHandle handle = begin(request("Hi"));
    io_.run(provider_.hanging.wait());
    const Turn turn = io_.run(service_->cancel("local", handle.turn->id));
    EXPECT_EQ(turn.state, TurnState::cancelled);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Hello."));
    EXPECT_EQ(io_.run(service_->cancel("local", handle.turn->id)).state, TurnState::cancelled);  // and again
}

TEST_F(TurnServiceTest, ATurnEndsAtItsTimeLimit) {
    budget_.max_time = std::chrono::seconds(1);
    start_service();
    provider_.hangs = true;
    const Turn turn = ask("Hi");
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_EQ(turn.error_code, "provider_timeout");
}

TEST_F(TurnServiceTest, CancellingReachesTheToolsAndLeavesNoCallWithoutResult) {
    const OneShot<> in_tool;
    tools_.script = until_stopped(in_tool);
    provider_.script = [](int, const ProviderRequest&) { return calls({"again"}); };
    const TurnHandle handle = begin(request("Go"));
    io_.run(in_tool.wait());
    EXPECT_EQ(io_.run(service_->cancel("local", handle.turn->id)).state, TurnState::cancelled);
    EXPECT_THAT(transcript()[2], testing::HasSubstr("CancelledError"));
}

TEST_F(TurnServiceTest, EndAllOfAUserEndsThemAndSaysWhy) {
    provider_.hangs = true;
    const TurnHandle handle = begin(request("Go"));
    service_->end_all_of("somebody", "The user somebody is disabled.");
    EXPECT_FALSE(service_->is_stopping("local", handle.turn->id));
    service_->end_all_of("local", "The user local is disabled.");
    const Turn turn = end_of(handle);
    EXPECT_EQ(turn.state, TurnState::cancelled);
    EXPECT_EQ(turn.error_code, "cancelled");
    EXPECT_EQ(turn.error_message, "The user local is disabled.");
}

}  // namespace
}  // namespace assistd::core
