// Calls that wait for a person, and messages that are answered again, over the real store.

#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

class ApprovalTest : public TurnServiceTest {
  protected:
    ApprovalTest() {
        tools_.add("guarded", false, true);
        provider_.script = [](int round, const ProviderRequest&) {
            return round == 0 ? calls({"guarded", "again"}) : says("Done.");
        };
    }
    // Waits until the call waits; returns what was told of it.
    Approval asked(const TurnHandle& handle, const std::string& call = "call_guarded") {
        std::int64_t last = 0;
        for (;;) {
            const auto events = io_.run(handle.feed->next(last, {}));
            if (events.empty()) throw std::runtime_error("The turn ended and nobody was asked.");
            for (const TurnEventPtr& event : events) {
                last = event->id;
                const auto* asks = std::get_if<ApprovalRequired>(&event->body);
                if (asks && asks->approval->call_id == call) return *asks->approval;
            }
        }
    }
    Approval decide(TurnId turn, ApprovalState state, const std::string& reason = "",
                    const std::string& call = "call_guarded") {
        return io_.run(service_->decide("local", turn, call, state, reason));
    }
    ErrorCode refusal_of(TurnId turn, ApprovalState state, const std::string& call = "call_guarded",
                         const Owner& owner = "local") {
        try {
            io_.run(service_->decide(owner, turn, call, state, ""));
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::internal;
    }
    std::vector<Approval> waiting(const TurnHandle& handle) {
        return io_.run(service_->waiting("local", handle.turn->id));
    }
    // Ends the daemon and starts it again over the same store.
    void restart() {
        io_.run(service_->shut_down(std::chrono::seconds(20)));
        start_service();
        io_.run(service_->resume());
    }
};

TEST_F(ApprovalTest, ACallWaitsAndRunsWhenItIsAllowedWhileOthersGoOn) {
    const TurnHandle handle = begin(request("Go"));
    const Approval approval = asked(handle);
    EXPECT_EQ(approval.name, "guarded");
    EXPECT_EQ(approval.arguments, "{\"for\": \"guarded\"}");
    EXPECT_THAT(approval.sentence, testing::HasSubstr("guarded"));
    ASSERT_EQ(waiting(handle).size(), 1u);
    EXPECT_EQ(waiting(handle)[0].call_id, "call_guarded");
    // The one beside it has its result meanwhile.
    while (transcript().size() < 3) std::this_thread::yield();
    EXPECT_THAT(tools_.names(), testing::ElementsAre("again"));

    EXPECT_EQ(decide(handle.turn->id, ApprovalState::allowed).state, ApprovalState::allowed);
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
    EXPECT_THAT(tools_.names(), testing::ElementsAre("again", "guarded"));
    EXPECT_TRUE(waiting(handle).empty());
    // Told again: the same event with the same id.
    start_service();
    const TurnHandle again = io_.run(service_->find("local", handle.turn->id));
    EXPECT_EQ(asked(again).event_id, approval.event_id);
    EXPECT_EQ(asked(again).state, ApprovalState::waiting);
}

TEST_F(ApprovalTest, ARefusalIsAResultWithThePersonsReason) {
    const TurnHandle handle = begin(request("Go"));
    asked(handle);
    decide(handle.turn->id, ApprovalState::refused, "Not today.");
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
    EXPECT_THAT(tools_.names(), testing::ElementsAre("again"));
    EXPECT_THAT(transcript()[2], testing::AllOf(testing::HasSubstr("PermissionError"),
                                                testing::HasSubstr("\"recoverable\":false"),
                                                testing::HasSubstr("Not today.")));
}

TEST_F(ApprovalTest, TheFirstDecisionCounts) {
    const TurnHandle handle = begin(request("Go"));
    asked(handle);
    EXPECT_EQ(refusal_of(handle.turn->id, ApprovalState::allowed, "call_again"), ErrorCode::not_found);
    EXPECT_EQ(refusal_of(handle.turn->id, ApprovalState::allowed, "call_guarded", "stranger"),
              ErrorCode::not_found);
    EXPECT_EQ(refusal_of(TurnId::make(), ApprovalState::allowed), ErrorCode::not_found);
    decide(handle.turn->id, ApprovalState::allowed);
    EXPECT_EQ(decide(handle.turn->id, ApprovalState::allowed).state, ApprovalState::allowed);
    EXPECT_EQ(refusal_of(handle.turn->id, ApprovalState::refused), ErrorCode::conflict);
    end_of(handle);
    EXPECT_EQ(decide(handle.turn->id, ApprovalState::allowed).state, ApprovalState::allowed);
}

TEST_F(ApprovalTest, TheWaitIsNoPartOfTheTurnsTimeAndEndsAsARefusal) {
    budget_.max_time = std::chrono::seconds(1);
    budget_.approval_timeout = std::chrono::seconds(2);
    start_service();
    const TurnHandle handle = begin(request("Go"));
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
    EXPECT_THAT(transcript()[2], testing::AllOf(testing::HasSubstr("PermissionError"),
                                                testing::HasSubstr("Nobody decided within 2 s")));
    EXPECT_EQ(refusal_of(handle.turn->id, ApprovalState::allowed), ErrorCode::conflict);
}

TEST_F(ApprovalTest, AfterTheWaitTheTimeLimitStillHolds) {
    budget_.max_time = std::chrono::seconds(1);
    start_service();
    const TurnHandle handle = begin(request("Go"));
    asked(handle);
    provider_.hangs = true;
    decide(handle.turn->id, ApprovalState::allowed);
    EXPECT_EQ(end_of(handle).error_code, "provider_timeout");
}

TEST_F(ApprovalTest, ACancelEndsTheWait) {
    const TurnHandle handle = begin(request("Go"));
    asked(handle);
    EXPECT_EQ(io_.run(service_->cancel("local", handle.turn->id)).state, TurnState::cancelled);
    EXPECT_THAT(transcript()[2], testing::HasSubstr("CancelledError"));
    EXPECT_TRUE(waiting(io_.run(service_->find("local", handle.turn->id))).empty());
    EXPECT_EQ(refusal_of(handle.turn->id, ApprovalState::allowed), ErrorCode::conflict);
}

TEST_F(ApprovalTest, AfterARestartItWaitsAgainUnderTheSameEvent) {
    const TurnHandle handle = begin(request("Go"));
    const Approval before = asked(handle);
    while (transcript().size() < 3) std::this_thread::yield();
    const auto began = std::chrono::steady_clock::now();
    restart();  // would take twenty seconds if anybody waited for the person
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
    const TurnHandle after = io_.run(service_->find("local", handle.turn->id));
    EXPECT_EQ(asked(after).event_id, before.event_id);
    EXPECT_EQ(waiting(after).size(), 1u);
    decide(handle.turn->id, ApprovalState::allowed);
    EXPECT_EQ(end_of(after).state, TurnState::completed);
    EXPECT_THAT(tools_.names(), testing::ElementsAre("again", "guarded"));
    int told = 0;
    for (const TurnEventPtr& event : events_of(after))
        if (std::holds_alternative<ApprovalRequired>(event->body)) ++told;
    EXPECT_EQ(told, 1);
}

// As when the daemon dies between the stored decision and what follows from it.
TEST_F(ApprovalTest, WhatWasDecidedBeforeTheRestartHolds) {
    for (const ApprovalState state : {ApprovalState::allowed, ApprovalState::refused}) {
        provider_.rounds = 0;
        tools_.forget();
        const TurnHandle handle = begin(request("Go"));
        asked(handle);
        io_.run(service_->shut_down(std::chrono::seconds(20)));
        io_.run(storage_->store().decide_approval(handle.turn->id, "call_guarded", state, "So be it."));
        start_service();
        io_.run(service_->resume());
        EXPECT_EQ(end_of(io_.run(service_->find("local", handle.turn->id))).state, TurnState::completed);
        EXPECT_EQ(tools_.count("guarded"), state == ApprovalState::allowed ? 1 : 0);
    }
    EXPECT_THAT(transcript(), testing::Contains(testing::HasSubstr("So be it.")));
}

class RegenerateTest : public TurnServiceTest {
  protected:
    TurnRequest once_more() const {
        TurnRequest request;
        request.owner = "local";
        request.conversation = conversation_.id;
        request.again = true;
        return request;
    }
};

TEST_F(RegenerateTest, TheLastMessageIsAnsweredAgainAndTheOldReplyIsHidden) {
    std::vector<std::string> context;
    provider_.script = [&](int round, const ProviderRequest& request) {
        context.clear();
        for (const auto& message : request.messages) context.push_back(message->text());
        return says("Answer " + std::to_string(round) + ".");
    };
    ask("One");
    const TurnHandle first = begin(request("Two"));
    end_of(first);
    const TurnHandle second = begin(once_more());
    EXPECT_EQ(end_of(second).state, TurnState::completed);
    EXPECT_THAT(context, testing::ElementsAre("One", "Answer 0.", "Two"));
    EXPECT_THAT(transcript(),
                testing::ElementsAre("user:One", "assistant:Answer 0.", "user:Two", "assistant:Answer 2."));
    ask("Three");
    EXPECT_THAT(context, testing::ElementsAre("One", "Answer 0.", "Two", "Answer 2.", "Three"));
    const Conversation now = io_.run(storage_->store().conversation("local", conversation_.id));
    EXPECT_EQ(now.message_count, 6);

    // Both turns know each other by the message, and the old one's reply can be read and told.
    const Turn old = io_.run(storage_->store().turn("local", first.turn->id));
    EXPECT_EQ(old.user_message, second.turn->user_message);
    EXPECT_THAT(io_.run(storage_->store().turns_answering(old.user_message)),
                testing::ElementsAre(first.turn->id, second.turn->id));
    const auto kept = io_.run(storage_->store().messages_of_turn(first.turn->id));
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0].text(), "Answer 1.");
    start_service();
    const auto told = events_of(io_.run(service_->find("local", first.turn->id)));
    EXPECT_EQ(std::get<TurnStarted>(told.front()->body).user_message, old.user_message);
    EXPECT_TRUE(std::holds_alternative<TurnEnded>(told.back()->body));
}

TEST_F(RegenerateTest, AFailureCanBeTriedAgainAndItsMemoryIsForgotten) {
    provider_.script = [](int, const ProviderRequest&) -> ProviderReply {
        throw Error(ErrorCode::provider_failed, "The provider said no.");
    };
    ask("Hi");
    std::size_t seen = 0;
    provider_.script = [&](int, const ProviderRequest& request) {
        seen = request.messages.size();
        return says("Now.");
    };
    EXPECT_EQ(end_of(begin(once_more())).state, TurnState::completed);
    EXPECT_EQ(seen, 1u);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Now."));
    EXPECT_EQ(end_of(begin(once_more())).state, TurnState::completed);
    EXPECT_EQ(seen, 1u);
    EXPECT_EQ(io_.run(storage_->store().last_user_message(conversation_.id))->replies, 3);
}

TEST_F(RegenerateTest, AnEmptyConversationHasNothingToAnswer) {
    try {
        begin(once_more());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
}

TEST_F(RegenerateTest, OneKeyIsOneTurn) {
    ask("Hi");
    TurnRequest keyed = once_more();
    keyed.idempotency_key = "again-1";
    const TurnHandle first = begin(keyed);
    end_of(first);
    EXPECT_EQ(begin(keyed).turn->id, first.turn->id);
    EXPECT_EQ(provider_.rounds, 2);
}

TEST_F(RegenerateTest, ItWaitsForTheRunningTurnAndIsTakenUpAfterARestart) {
    provider_.hangs = true;
    const TurnHandle first = begin(request("Hi"));
    io_.run(provider_.hanging.wait());
    TurnRequest impatient = once_more();
    impatient.wait = false;
    EXPECT_THROW(begin(impatient), Error);
    auto waits = io_.start(service_->start(once_more()));
    provider_.hanging = {};
    io_.run(service_->cancel("local", first.turn->id));
    const TurnHandle second = waits.get();
    io_.run(provider_.hanging.wait());
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    provider_.hangs = false;
    start_service();
    io_.run(service_->resume());
    EXPECT_EQ(end_of(io_.run(service_->find("local", second.turn->id))).state, TurnState::completed);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Hello."));
}

}  // namespace
}  // namespace assistd::core
