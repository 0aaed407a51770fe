#include "store/turns.h"

#include <boost/asio/thread_pool.hpp>

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Turns : public StoreTest {
  protected:
    core::Turn keyed(const core::Conversation& conversation, const std::string& hash = "h") {
        core::Turn turn = a_turn(conversation);
        turn.idempotency_key = "key";
        turn.request_hash = hash;
        return turn;
    }
    core::TurnBegun begin(const core::Turn& turn) {
        return run(store().begin_turn(turn, a_message(turn, core::Role::user, "hello")));
    }
    std::int64_t message_count(const core::Conversation& conversation) {
        return run(store().conversation(conversation.owner, conversation.id)).message_count;
    }
};

TEST_F(Turns, AreReadAsTheyEnded) {
    const core::Conversation conversation = stored_conversation();
    core::Turn turn = a_turn(conversation);
    const std::string project = stored_project("p").id.text();
    turn.project_id = project;
    EXPECT_TRUE(begin(turn).is_new);
    EXPECT_EQ(run(store().turn("local", turn.id)).state, core::TurnState::running);
    turn.state = core::TurnState::failed;
    turn.finished_at = now();
    turn.error_code = "provider_failed";
    turn.error_message = "It did not answer.";
    turn.usage = {1, 2, 3, 0.5};
    turn.rounds = 4;
    turn.event_id = 9;
    commit(store().end_turn(turn, std::nullopt));
    reopen();
    const core::Turn read = run(store().turn("local", turn.id));
    EXPECT_EQ(read.conversation, conversation.id);
    EXPECT_EQ(read.state, core::TurnState::failed);
    EXPECT_EQ(read.project_id, project);
    EXPECT_EQ(read.created_at, turn.created_at);
    EXPECT_EQ(read.finished_at, turn.finished_at);
    EXPECT_EQ(read.error_code, "provider_failed");
    EXPECT_EQ(read.error_message, "It did not answer.");
    EXPECT_EQ(read.usage.total_tokens(), 3);
    EXPECT_EQ(read.usage.cached_tokens, 3);
    EXPECT_EQ(read.usage.cost, 0.5);
    EXPECT_EQ(read.rounds, 4);
    EXPECT_EQ(read.event_id, 9);
}

TEST_F(Turns, OfAnotherOwnerAreNotFound) {
    const core::Conversation mine = stored_conversation("me");
    const core::Turn turn = begun_turn(mine);
    EXPECT_EQ(error_of(store().turn("you", turn.id)), ErrorCode::not_found);
    core::Turn intruder = a_turn(mine);
    intruder.owner = "you";
    EXPECT_EQ(error_of(store().begin_turn(intruder, a_message(intruder, core::Role::user, "hi"))),
              ErrorCode::not_found);
    EXPECT_EQ(message_count(mine), 1);
}

TEST_F(Turns, WithoutAConversationAreRefused) {
    const core::Turn turn = a_turn(a_conversation());
    EXPECT_EQ(error_of(store().begin_turn(turn, a_message(turn, core::Role::user, "hi"))),
              ErrorCode::not_found);
    EXPECT_EQ(error_of(store().end_turn(turn, std::nullopt).committed()), ErrorCode::not_found);
}

TEST_F(Turns, OfTheSameKeyAreOne) {
    const core::Conversation conversation = stored_conversation();
    const core::TurnBegun first = begin(keyed(conversation));
    const core::TurnBegun second = begin(keyed(conversation));
    EXPECT_TRUE(first.is_new);
    EXPECT_FALSE(second.is_new);
    EXPECT_EQ(second.turn.id, first.turn.id);
    EXPECT_EQ(message_count(conversation), 1);
}

TEST_F(Turns, OfTheSameKeyForAnotherRequestConflict) {
    const core::Conversation conversation = stored_conversation();
    begin(keyed(conversation));
    const core::Turn other = keyed(conversation, "another hash");
    EXPECT_EQ(error_of(store().begin_turn(other, a_message(other, core::Role::user, "hi"))),
              ErrorCode::conflict);
    const core::Turn elsewhere = keyed(stored_conversation());
    EXPECT_EQ(error_of(store().begin_turn(elsewhere, a_message(elsewhere, core::Role::user, "hi"))),
              ErrorCode::conflict);
    EXPECT_EQ(message_count(conversation), 1);
}

TEST_F(Turns, OfTheSameKeyButAnotherOwnerAreTwo) {
    EXPECT_TRUE(begin(keyed(stored_conversation("me"))).is_new);
    EXPECT_TRUE(begin(keyed(stored_conversation("you"))).is_new);
}

TEST_F(Turns, HonourAKeyForADay) {
    const core::Conversation conversation = stored_conversation();
    core::Turn first = keyed(conversation);
    first.created_at = at(1'000'000);
    begin(first);
    core::Turn same_day = keyed(conversation, "h");
    same_day.created_at = first.created_at + std::chrono::hours(24) - std::chrono::microseconds(1);
    EXPECT_EQ(begin(same_day).turn.id, first.id);
    core::Turn next_day = keyed(conversation, "another hash");
    next_day.created_at = first.created_at + std::chrono::hours(24);
    EXPECT_TRUE(begin(next_day).is_new);
    EXPECT_EQ(begin(next_day).turn.id, next_day.id);
    EXPECT_EQ(run(store().turn("local", first.id)).state, core::TurnState::running);
}

TEST_F(Turns, RacingForAKeyMakeOne) {
    const core::Conversation conversation = stored_conversation();
    asio::thread_pool pool(4);
    std::vector<std::future<core::TurnBegun>> racing;
    for (int i = 0; i < 64; ++i) {
        const core::Turn turn = keyed(conversation);
        racing.push_back(asio::co_spawn(
            pool, store().begin_turn(turn, a_message(turn, core::Role::user, "hi")), asio::use_future));
    }
    int made = 0;
    std::set<TurnId> ids;
    for (auto& one : racing) {
        const core::TurnBegun begun = one.get();
        made += begun.is_new ? 1 : 0;
        ids.insert(begun.turn.id);
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(ids.size(), 1u);
    EXPECT_EQ(message_count(conversation), 1);
    storage_.reset();  // before the pool, whose executor its threads may still hold
}

TEST_F(Turns, ThatRanWhenTheStoreClosedAreUnfinished) {
    const core::Conversation conversation = stored_conversation();
    core::Turn ended = begun_turn(conversation);
    const core::Turn running = begun_turn(conversation);
    ended.state = core::TurnState::completed;
    commit(store().end_turn(ended, std::nullopt));
    reopen();
    const auto unfinished = run(store().unfinished_turns());
    ASSERT_EQ(unfinished.size(), 1u);
    EXPECT_EQ(unfinished[0].id, running.id);
    EXPECT_EQ(unfinished[0].owner, "local");
}

TEST_F(Turns, KnowHowFarTheirCallsCame) {
    const core::Turn turn = begun_turn(stored_conversation());
    store().append_message(a_reply_with_calls(turn, {"b", "a"}));
    store().mark_call_started(turn.id, "b");
    store().append_message(a_result(turn, "b"));
    store().append_message(a_reply_with_calls(turn, {"c"}));
    commit(store().mark_call_started(turn.id, "c"));
    const auto calls = run(store().tool_calls(turn.id));
    ASSERT_EQ(calls.size(), 3u);
    EXPECT_EQ(calls[0].call_id, "b");
    EXPECT_EQ(calls[0].name, "tool_of_b");
    EXPECT_EQ(calls[0].arguments, R"({"n":1})");
    EXPECT_TRUE(calls[0].started && calls[0].finished);
    EXPECT_EQ(calls[1].call_id, "a");
    EXPECT_FALSE(calls[1].started || calls[1].finished);
    EXPECT_EQ(calls[2].call_id, "c");
    EXPECT_TRUE(calls[2].started);
    EXPECT_FALSE(calls[2].finished);
    EXPECT_THAT(run(store().tool_calls(TurnId::make())), IsEmpty());
}

TEST_F(Turns, RefuseResultsOfCallsThatWereNeverAnnounced) {
    const core::Turn turn = begun_turn(stored_conversation());
    EXPECT_EQ(error_of(store().append_message(a_result(turn, "x")).committed()), ErrorCode::not_found);
    EXPECT_EQ(error_of(store().mark_call_started(turn.id, "x").committed()), ErrorCode::not_found);
    EXPECT_EQ(run(store().messages_of_turn(turn.id)).size(), 1u);
}

TEST_F(Turns, AnApprovalIsDecidedOnceAndForAll) {
    const core::Turn turn = begun_turn(stored_conversation());
    commit(store().append_message(a_reply_with_calls(turn, {"one", "two"})));
    core::Approval approval;
    approval.call_id = "one";
    approval.effects.writes = approval.effects.destructive = true;
    approval.sentence = "May it?";
    approval.event_id = 7;
    approval.asked_at = now();
    commit(store().ask_approval(turn.id, approval));
    approval.call_id = "three";
    EXPECT_THROW(commit(store().ask_approval(turn.id, approval)), Error);
    EXPECT_EQ(error_of(store().decide_approval(turn.id, "two", core::ApprovalState::allowed, "")),
              ErrorCode::not_found);
    reopen();
    const core::Approval asked = run(store().approvals(turn.id)).at(0);
    EXPECT_EQ(asked.state, core::ApprovalState::waiting);
    EXPECT_TRUE(asked.effects.writes && asked.effects.destructive);
    EXPECT_FALSE(asked.effects.reads || asked.effects.network || asked.effects.idempotent);
    EXPECT_EQ(asked.sentence, "May it?");
    EXPECT_EQ(asked.event_id, 7);
    EXPECT_EQ(asked.decided_at, Timestamp());
    const core::Approval refused =
        run(store().decide_approval(turn.id, "one", core::ApprovalState::refused, "No."));
    EXPECT_EQ(refused.state, core::ApprovalState::refused);
    EXPECT_EQ(refused.reason, "No.");
    EXPECT_GT(refused.decided_at, asked.asked_at);
    EXPECT_EQ(run(store().decide_approval(turn.id, "one", core::ApprovalState::allowed, "Yes.")).reason,
              "No.");
}

TEST_F(Turns, ACallThatHasEndedIsNotDecidedAnyMore) {
    const core::Turn turn = begun_turn(stored_conversation());
    commit(store().append_message(a_reply_with_calls(turn, {"one"})));
    core::Approval approval;
    approval.call_id = "one";
    commit(store().ask_approval(turn.id, approval));
    commit(store().append_message(a_result(turn, "one")));
    EXPECT_EQ(run(store().decide_approval(turn.id, "one", core::ApprovalState::allowed, "")).state,
              core::ApprovalState::waiting);
}

TEST_F(Turns, WhatIsTakenBackIsHiddenWithAllThatFollowed) {
    const core::Conversation conversation = stored_conversation();
    const core::Turn first = begun_turn(conversation, "One");
    commit(store().end_turn(first, a_message(first, core::Role::assistant, "First.")));
    core::Message notice = a_message(first, core::Role::system, "A job has ended.");
    notice.turn = {};
    commit(store().append_message(notice));
    const core::Turn second = begun_turn(conversation, "Two");
    commit(store().end_turn(second, a_message(second, core::Role::assistant, "Second.")));
    const core::Message asked = *run(store().last_user_message(conversation.id));
    const core::Turn third = a_turn(conversation);
    EXPECT_TRUE(run(store().begin_turn(third, a_message(third, core::Role::user, "Three"), asked.id)).is_new);
    reopen();
    const auto texts = [&] {
        std::vector<std::string> all;
        for (const core::Message& message : run(store().messages(conversation.id, "", 10)).items)
            all.push_back(message.text());
        return all;
    };
    EXPECT_THAT(texts(), ElementsAre("One", "First.", "A job has ended.", "Three"));
    EXPECT_EQ(message_count(conversation), 4);
    EXPECT_EQ(run(store().last_user_message(conversation.id))->text(), "Three");
    EXPECT_EQ(error_of(store().user_message(conversation.id, asked.id)), ErrorCode::not_found);
    EXPECT_EQ(run(store().messages_of_turn(second.id)).size(), 2u);
    // The first message answered again takes everything with it but the notice of what it began itself.
    const core::Message one = run(store().messages(conversation.id, "", 1)).items.front();
    EXPECT_TRUE(run(store().begin_turn_again(a_turn(conversation), one.id)).is_new);
    EXPECT_THAT(texts(), ElementsAre("One", "A job has ended."));
    EXPECT_EQ(message_count(conversation), 2);
    const core::Turn fourth = a_turn(conversation);
    EXPECT_EQ(error_of(store().begin_turn(fourth, a_message(fourth, core::Role::user, "Four"), asked.id)),
              ErrorCode::not_found);
    EXPECT_EQ(message_count(conversation), 2);
}

TEST_F(Turns, AnsweringAgainHidesWhatWasSaid) {
    const core::Conversation conversation = stored_conversation();
    const core::Turn first = begun_turn(conversation, "Hello");
    commit(store().append_message(a_reply_with_calls(first, {"one"})));
    commit(store().append_message(a_result(first, "one")));
    commit(store().end_turn(first, a_message(first, core::Role::assistant, "First.")));
    const core::Message asked = *run(store().last_user_message(conversation.id));
    const core::Turn second = a_turn(conversation);
    EXPECT_TRUE(run(store().begin_turn_again(second, asked.id)).is_new);
    reopen();
    EXPECT_EQ(message_count(conversation), 1);
    const auto shown = run(store().messages(conversation.id, "", 10)).items;
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_EQ(shown[0].turn, second.id);
    EXPECT_EQ(shown[0].replies, 2);
    EXPECT_EQ(run(store().messages_before(conversation.id, 1'000, 10)).size(), 1u);
    EXPECT_EQ(run(store().messages_of_turn(first.id)).size(), 3u);
    EXPECT_THAT(run(store().turns_answering(asked.id)), ElementsAre(first.id, second.id));
    EXPECT_EQ(run(store().conversation("local", conversation.id)).last_message_preview, "Hello");
    EXPECT_EQ(error_of(store().begin_turn_again(a_turn(conversation), MessageId::make())),
              ErrorCode::not_found);
    EXPECT_EQ(error_of(store().begin_turn_again(a_turn(stored_conversation()), asked.id)),
              ErrorCode::not_found);
    run(store().remove_conversation("local", conversation.id));
}

}  // namespace
}  // namespace assistd::store
