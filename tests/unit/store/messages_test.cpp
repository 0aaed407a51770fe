#include "store/messages.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;

class Messages : public StoreTest {
  protected:
    std::vector<std::string> texts_of(const std::vector<core::Message>& messages) {
        std::vector<std::string> texts;
        for (const auto& message : messages) texts.push_back(message.text());
        return texts;
    }
    core::Message notice(const core::Conversation& conversation, const std::string& text) {
        core::Message message = a_message({}, core::Role::system, text);
        message.conversation = conversation.id;
        return message;
    }
    void append_many(const core::Conversation& conversation, int count) {
        for (int i = 1; i < count; ++i) store().append_message(notice(conversation, std::to_string(i)));
        commit(store().append_message(notice(conversation, std::to_string(count))));
    }
};

TEST_F(Messages, AreReadAsTheyWereAppended) {
    const core::Conversation conversation = stored_conversation();
    const core::Turn turn = begun_turn(conversation);
    core::Message reply = a_message(turn, core::Role::assistant, "text");
    reply.model = "m";
    reply.finish_reason = "stop";
    reply.usage = {10, 20, 5, 0.25};
    reply.event_id = 42;
    commit(store().append_message(reply));
    reopen();
    const auto messages = run(store().messages_of_turn(turn.id));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].role, core::Role::user);
    EXPECT_EQ(messages[0].sequence, 1);
    const core::Message& read = messages[1];
    EXPECT_EQ(read.id, reply.id);
    EXPECT_EQ(read.conversation, conversation.id);
    EXPECT_EQ(read.turn, turn.id);
    EXPECT_EQ(read.sequence, 2);
    EXPECT_EQ(read.role, core::Role::assistant);
    EXPECT_EQ(read.text(), "text");
    EXPECT_EQ(read.created_at, reply.created_at);
    EXPECT_EQ(read.model, "m");
    EXPECT_EQ(read.finish_reason, "stop");
    EXPECT_EQ(read.usage.prompt_tokens, 10);
    EXPECT_EQ(read.usage.completion_tokens, 20);
    EXPECT_EQ(read.usage.cached_tokens, 5);
    EXPECT_EQ(read.usage.cost, 0.25);
    EXPECT_EQ(read.event_id, 42);
}

TEST_F(Messages, KeepTheirConversationsCountersInStep) {
    const core::Conversation conversation = stored_conversation();
    const core::Turn turn = begun_turn(conversation, "Question");
    store().append_message(a_reply_with_calls(turn, {"c1"}));
    commit(store().append_message(a_result(turn, "c1")));
    core::Conversation read = run(store().conversation("local", conversation.id));
    EXPECT_EQ(read.message_count, 3);
    EXPECT_EQ(read.last_message_preview, "Question");  // calls and results have no text
    const core::Message reply = a_message(turn, core::Role::assistant, "Answer");
    commit(store().end_turn(turn, reply));
    read = run(store().conversation("local", conversation.id));
    EXPECT_EQ(read.message_count, 4);
    EXPECT_EQ(read.last_message_preview, "Answer");
    EXPECT_EQ(read.updated_at, reply.created_at);
}

TEST_F(Messages, PreviewsAreCutBetweenCodePoints) {
    const core::Conversation conversation = stored_conversation();
    std::string text;
    for (int i = 0; i < 60; ++i) text += "ä漢";
    begun_turn(conversation, text);
    std::string expected;
    for (int i = 0; i < 50; ++i) expected += "ä漢";
    EXPECT_EQ(run(store().conversation("local", conversation.id)).last_message_preview, expected);
    EXPECT_EQ(first_code_points("😀😀", 1), "😀");
    EXPECT_EQ(first_code_points("abc", 100), "abc");
    EXPECT_EQ(first_code_points("", 100), "");
}

TEST_F(Messages, ResultsStandBehindTheirReplyInCallOrder) {
    const core::Conversation conversation = stored_conversation();
    const core::Turn turn = begun_turn(conversation);
    store().append_message(a_reply_with_calls(turn, {"a", "b", "c"}));
    store().append_message(notice(conversation, "in between"));
    for (const char* call : {"c", "a", "b"}) store().append_message(a_result(turn, call));
    commit(store().end_turn(turn, a_message(turn, core::Role::assistant, "done")));
    std::vector<std::string> order;
    for (const auto& message : run(store().messages(conversation.id, "", 100)).items) {
        const auto* result = std::get_if<core::ToolResultBlock>(&message.blocks.front());
        order.push_back(result ? result->call_id : message.text());
    }
    EXPECT_THAT(order, ElementsAre("Run it", "", "a", "b", "c", "in between", "done"));
}

TEST_F(Messages, AreAppendedInTheOrderOfTheCalls) {
    const core::Conversation conversation = stored_conversation();
    append_many(conversation, 300);
    const auto page = run(store().messages(conversation.id, "", 300));
    ASSERT_EQ(page.items.size(), 300u);
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(page.items[static_cast<std::size_t>(i)].text(), std::to_string(i + 1));
        EXPECT_EQ(page.items[static_cast<std::size_t>(i)].sequence, i + 1);
    }
}

TEST_F(Messages, PageOldestFirst) {
    const core::Conversation conversation = stored_conversation();
    append_many(conversation, 250);
    const core::Conversation other = stored_conversation();
    append_many(other, 3);
    std::vector<std::string> seen;
    std::string cursor;
    do {
        const auto page = run(store().messages(conversation.id, cursor, 9));
        for (const auto& text : texts_of(page.items)) seen.push_back(text);
        cursor = page.next;
    } while (!cursor.empty());
    ASSERT_EQ(seen.size(), 250u);
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], std::to_string(i + 1));

    const std::string others = run(store().messages(other.id, "", 1)).next;
    EXPECT_EQ(error_of(store().messages(conversation.id, others, 9)), ErrorCode::validation);
    EXPECT_EQ(error_of(store().messages(conversation.id, "x", 9)), ErrorCode::validation);
    EXPECT_EQ(error_of(store().messages(conversation.id, "", 0)), ErrorCode::validation);
}

TEST_F(Messages, BeforeAPlaceComeNewestFirst) {
    const core::Conversation conversation = stored_conversation();
    append_many(conversation, 10);
    EXPECT_THAT(texts_of(run(store().messages_before(conversation.id, 8, 3))), ElementsAre("7", "6", "5"));
    const auto newest = std::numeric_limits<std::int64_t>::max();
    EXPECT_THAT(texts_of(run(store().messages_before(conversation.id, newest, 2))), ElementsAre("10", "9"));
    EXPECT_THAT(texts_of(run(store().messages_before(conversation.id, 2, 5))), ElementsAre("1"));
}

TEST_F(Messages, ForAConversationThatIsNoneAreRefused) {
    EXPECT_EQ(error_of(store().append_message(notice(a_conversation(), "lost")).committed()),
              ErrorCode::not_found);
}

TEST_F(Messages, WithTheSameIdAreRefusedAndChangeNothing) {
    const core::Conversation conversation = stored_conversation();
    const core::Message message = notice(conversation, "once");
    commit(store().append_message(message));
    EXPECT_EQ(error_of(store().append_message(message).committed()), ErrorCode::conflict);
    EXPECT_EQ(run(store().conversation("local", conversation.id)).message_count, 1);
}

}  // namespace
}  // namespace assistd::store
