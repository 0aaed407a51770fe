#include "store/threads.h"

#include "unit/store/fixture.h"

namespace assistd::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ThreadRows : public StoreTest {
  protected:
    core::Threads& threads() { return storage_->threads(); }

    core::Message said(const core::Conversation& thread, core::Role role, const std::string& text) {
        core::Message message = a_message({}, role, text);
        message.conversation = thread.id;
        message.created_at = at(5);  // of all: the order is that of the sequence
        return message;
    }
    core::Conversation thread_with(const std::vector<std::string>& texts,
                                   const core::Owner& owner = "local") {
        core::Conversation thread = a_conversation(owner);
        thread.door = core::assistants_door;
        std::vector<core::Message> messages;
        for (const std::string& text : texts) messages.push_back(said(thread, core::Role::user, text));
        run(threads().add(thread, messages));
        return thread;
    }
    core::ThreadMessageQuery query_of(const core::Conversation& thread, int limit = 100) {
        core::ThreadMessageQuery query;
        query.owner = thread.owner;
        query.conversation = thread.id;
        query.range.order = core::Order::ascending;
        query.range.limit = limit;
        return query;
    }
    std::vector<std::string> texts(const core::ThreadMessageQuery& query) {
        std::vector<std::string> texts;
        for (const core::ThreadMessage& one : run(threads().messages(query)).items)
            texts.push_back(one.message.text());
        return texts;
    }
    MessageId id_of(const core::Conversation& thread, const std::string& text) {
        for (const core::ThreadMessage& one : run(threads().messages(query_of(thread))).items)
            if (one.message.text() == text) return one.message.id;
        ADD_FAILURE() << "no message " << text;
        return {};
    }
    core::Conversation read(const core::Conversation& thread) {
        return run(store().conversation(thread.owner, thread.id));
    }
    std::size_t found(const std::string& words) {
        return run(store().conversations({.owner = "local", .search = words})).items.size();
    }
};

TEST_F(ThreadRows, BeginWithTheirMessages) {
    core::Conversation thread = a_conversation();
    thread.door = core::assistants_door;
    thread.tool_resources = R"({"file_search":{"vector_store_ids":[]}})";
    thread.metadata = R"({"a":"1"})";
    core::Message first = said(thread, core::Role::user, "erste Frage");
    first.metadata = R"({"k":"v"})";
    first.attachments = R"([{"file_id":"file-1","tools":[]}])";
    first.replies = 0;
    first.blocks.push_back(core::ImageBlock{ArtifactId::make(), "image/png", "low"});
    run(threads().add(thread, {first, said(thread, core::Role::assistant, "Antwort")}));
    reopen();
    EXPECT_EQ(read(thread).door, "assistants");
    EXPECT_EQ(read(thread).tool_resources, thread.tool_resources);
    EXPECT_EQ(read(thread).message_count, 2);
    EXPECT_EQ(read(thread).last_message_preview, "Antwort");
    const auto slice = run(threads().messages(query_of(thread)));
    ASSERT_EQ(slice.items.size(), 2u);
    const core::Message& message = slice.items[0].message;
    EXPECT_EQ(message.id, first.id);
    EXPECT_TRUE(message.turn.is_nil());
    EXPECT_EQ(message.metadata, first.metadata);
    EXPECT_EQ(message.attachments, first.attachments);
    EXPECT_EQ(message.replies, 0);
    EXPECT_EQ(std::get<core::ImageBlock>(message.blocks[1]).detail, "low");
    EXPECT_EQ(found("erste Frage"), 1u);
    // The same conversation as by any other door.
    EXPECT_EQ(run(store().messages(thread.id, "", 10)).items.size(), 2u);
    EXPECT_EQ(run(store().last_user_message(thread.id))->id, first.id);
}

TEST_F(ThreadRows, AreAddedAndExtendedWhollyOrNotAtAll) {
    core::Conversation thread = a_conversation();
    const core::Message twice = said(thread, core::Role::user, "a");
    EXPECT_EQ(error_of(threads().add(thread, {twice, twice})), ErrorCode::conflict);
    EXPECT_EQ(error_of(store().conversation("local", thread.id)), ErrorCode::not_found);
    thread = thread_with({"a"});
    const core::Message other = said(thread, core::Role::user, "b");
    EXPECT_EQ(error_of(threads().append("local", thread.id, {other, other})), ErrorCode::conflict);
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("a"));
    EXPECT_EQ(read(thread).message_count, 1);
}

TEST_F(ThreadRows, ShowWhatWasSaidAndNotWhatWasDone) {
    const core::Conversation thread = thread_with({"posted"});
    const core::Turn turn = begun_turn(thread, "question");
    core::Message calls = a_reply_with_calls(turn, {"c1"});
    commit(store().append_message(calls));
    commit(store().append_message(a_result(turn, "c1")));
    core::Message speaking = a_reply_with_calls(turn, {"c2"});
    speaking.blocks.insert(speaking.blocks.begin(), core::TextBlock{"I look"});
    commit(store().append_message(speaking));
    commit(store().append_message(a_result(turn, "c2")));
    commit(store().append_message(said(thread, core::Role::system, "a notice")));
    commit(store().end_turn(turn, a_message(turn, core::Role::assistant, "answer")));
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("posted", "question", "I look", "answer"));
    core::ThreadMessageQuery of_run = query_of(thread);
    of_run.turn = turn.id;
    EXPECT_THAT(texts(of_run), ElementsAre("I look", "answer"));
    of_run.turn = TurnId::make();
    EXPECT_THAT(texts(of_run), IsEmpty());
    // One at a time: what is not shown takes no place on a page.
    core::ThreadMessageQuery one = query_of(thread, 1);
    std::vector<std::string> seen;
    for (bool more = true; more;) {
        const auto slice = run(threads().messages(one));
        ASSERT_EQ(slice.items.size(), 1u);
        seen.push_back(slice.items[0].message.text());
        one.range.after = slice.items[0].message.id;
        more = slice.has_more;
    }
    EXPECT_THAT(seen, ElementsAre("posted", "question", "I look", "answer"));
    EXPECT_EQ(error_of(threads().message("local", thread.id, calls.id)), ErrorCode::not_found);
}

TEST_F(ThreadRows, ArePagedInBothOrdersWithoutLossAlsoAtEqualTimes) {
    std::vector<std::string> expected;
    for (int i = 0; i < 250; ++i) expected.push_back(std::to_string(i));
    const core::Conversation thread = thread_with(expected);
    for (const core::Order order : {core::Order::ascending, core::Order::descending}) {
        core::ThreadMessageQuery query = query_of(thread, 20);
        query.range.order = order;
        std::vector<std::string> seen;
        for (bool more = true; more;) {
            const auto slice = run(threads().messages(query));
            ASSERT_FALSE(slice.items.empty());
            for (const core::ThreadMessage& one : slice.items) seen.push_back(one.message.text());
            query.range.after = slice.items.back().message.id;
            more = slice.has_more;
        }
        if (order == core::Order::descending) std::reverse(seen.begin(), seen.end());
        EXPECT_EQ(seen, expected);
    }
}

TEST_F(ThreadRows, LoseMessagesWhileTheyArePaged) {
    std::vector<std::string> expected;
    for (int i = 0; i < 50; ++i) expected.push_back(std::to_string(i));
    for (const core::Order order : {core::Order::ascending, core::Order::descending}) {
        const core::Conversation thread = thread_with(expected);
        core::ThreadMessageQuery query = query_of(thread, 7);
        query.range.order = order;
        std::vector<std::string> seen;
        for (bool more = true; more;) {
            const auto slice = run(threads().messages(query));
            for (const core::ThreadMessage& one : slice.items) {
                seen.push_back(one.message.text());
                run(threads().remove_message("local", thread.id, one.message.id));
            }
            query.range.after = slice.items.back().message.id;
            more = slice.has_more;
        }
        if (order == core::Order::descending) std::reverse(seen.begin(), seen.end());
        EXPECT_EQ(seen, expected);
    }
    // From both sides of what is gone.
    const core::Conversation thread = thread_with({"a", "b", "c", "d"});
    core::ThreadMessageQuery query = query_of(thread);
    const MessageId gone = id_of(thread, "b");
    run(threads().remove_message("local", thread.id, gone));
    query.range.before = gone;
    EXPECT_THAT(texts(query), ElementsAre("a"));
    query.range.before.reset();
    query.range.after = gone;
    EXPECT_THAT(texts(query), ElementsAre("c", "d"));
}

TEST_F(ThreadRows, OfAnotherOwnerAreNotFound) {
    const core::Conversation thread = thread_with({"mine"}, "me");
    const core::Conversation others = thread_with({"yours"}, "you");
    const MessageId id = id_of(thread, "mine");
    core::ThreadMessageQuery query = query_of(thread);
    query.owner = "you";
    EXPECT_EQ(error_of(threads().messages(query)), ErrorCode::not_found);
    EXPECT_EQ(error_of(threads().message("you", thread.id, id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(threads().message("you", others.id, id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(threads().change_message("you", others.id, id, "{}")), ErrorCode::not_found);
    EXPECT_EQ(error_of(threads().remove_message("you", others.id, id)), ErrorCode::not_found);
    EXPECT_EQ(error_of(threads().change("you", thread.id, {})), ErrorCode::not_found);
    const core::Message intruder = said(thread, core::Role::user, "x");
    EXPECT_EQ(error_of(threads().append("you", thread.id, {intruder})), ErrorCode::not_found);
    query = query_of(others);
    query.range.after = id;  // of another thread
    EXPECT_EQ(error_of(threads().messages(query)), ErrorCode::validation);
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("mine"));
}

TEST_F(ThreadRows, ChangeTheirMetadata) {
    const core::Conversation thread = thread_with({"a"});
    core::ThreadChange change;
    change.metadata = R"({"a":"1","b":"2"})";
    EXPECT_EQ(run(threads().change("local", thread.id, change)).metadata, R"({"a":"1","b":"2"})");
    change.metadata = R"({"a":null,"c":"3"})";
    change.tool_resources = R"({"x":1})";
    const core::Conversation changed = run(threads().change("local", thread.id, change));
    EXPECT_EQ(changed.metadata, R"({"b":"2","c":"3"})");
    EXPECT_EQ(changed.tool_resources, R"({"x":1})");
    const MessageId id = id_of(thread, "a");
    EXPECT_EQ(run(threads().change_message("local", thread.id, id, R"({"k":"v"})")).message.metadata,
              R"({"k":"v"})");
    EXPECT_EQ(run(threads().change_message("local", thread.id, id, "null")).message.metadata, "{}");
}

TEST_F(ThreadRows, LoseAMessageWithItsWordsAndItsPlaceInTheList) {
    const core::Conversation thread = thread_with({"alpha", "beta", "gamma"});
    EXPECT_EQ(found("gamma"), 1u);
    run(store().put_summary({thread.id, TurnId::make(), "They said gamma.", at(6)}).committed());
    run(threads().remove_message("local", thread.id, id_of(thread, "gamma")));
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("alpha", "beta"));
    EXPECT_EQ(found("gamma"), 0u);
    EXPECT_EQ(found("beta"), 1u);
    EXPECT_EQ(read(thread).message_count, 2);
    EXPECT_EQ(read(thread).last_message_preview, "beta");
    EXPECT_FALSE(run(store().summary(thread.id)));
    run(threads().remove_message("local", thread.id, id_of(thread, "alpha")));
    run(threads().remove_message("local", thread.id, id_of(thread, "beta")));
    EXPECT_EQ(read(thread).message_count, 0);
    EXPECT_EQ(read(thread).last_message_preview, "");
    run(store().remove_conversation("local", thread.id));
    EXPECT_EQ(found("beta"), 0u);
}

TEST_F(ThreadRows, KeepCallsWithTheirResultsWhenWhatWasSaidGoes) {
    const core::Conversation thread = thread_with({});
    const core::Turn turn = begun_turn(thread, "question");
    core::Message speaking = a_reply_with_calls(turn, {"c1"});
    speaking.blocks.insert(speaking.blocks.begin(), core::TextBlock{"I look"});
    commit(store().append_message(speaking));
    commit(store().append_message(a_result(turn, "c1")));
    commit(store().end_turn(turn, a_message(turn, core::Role::assistant, "answer")));
    run(threads().remove_message("local", thread.id, speaking.id));
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("question", "answer"));
    const auto all = run(store().messages_of_turn(turn.id));
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[1].tool_calls().size(), 1u);
    EXPECT_EQ(all[1].text(), "");
    EXPECT_EQ(read(thread).message_count, 4);
}

TEST_F(ThreadRows, AnsweringAgainHidesAReplyThatAClientPutThere) {
    const core::Conversation thread = thread_with({"question"});
    run(threads().append("local", thread.id, {said(thread, core::Role::assistant, "posted answer")}));
    const core::Turn turn = a_turn(thread);
    run(store().begin_turn_again(turn, id_of(thread, "question")));
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("question"));
    EXPECT_EQ(read(thread).message_count, 1);
}

// The run that gave it tells of it still.
TEST_F(ThreadRows, AReplyThatWasGivenAgainIsFoundByItsIdAndItsTurn) {
    const core::Conversation thread = thread_with({"question"});
    core::Turn first = a_turn(thread);
    first.user_message = id_of(thread, "question");
    run(store().begin_turn_as_it_stands(first, {}));
    core::Message reply = said(thread, core::Role::assistant, "first answer");
    reply.turn = first.id;
    run(store().append_message(reply).committed());
    run(store().begin_turn_again(a_turn(thread), first.user_message));
    EXPECT_THAT(texts(query_of(thread)), ElementsAre("question"));
    core::ThreadMessageQuery of_turn = query_of(thread);
    of_turn.turn = first.id;
    EXPECT_THAT(texts(of_turn), ElementsAre("first answer"));
    EXPECT_EQ(run(threads().message("local", thread.id, reply.id)).message.text(), "first answer");
    run(threads().remove_message("local", thread.id, reply.id));
    EXPECT_EQ(error_of(threads().message("local", thread.id, reply.id)), ErrorCode::not_found);
    EXPECT_EQ(read(thread).message_count, 1);
}

TEST_F(ThreadRows, UnusedOnesOfADoorAreRemovedTheOldestFirst) {
    std::vector<core::Conversation> all;
    for (int i = 0; i < 5; ++i) {
        core::Conversation thread = a_conversation(i % 2 ? "me" : "you");
        thread.door = i == 0 ? "" : i == 1 ? "chatkit" : core::assistants_door;
        thread.created_at = thread.updated_at = at(100 + i);
        run(threads().add(thread, {}));
        all.push_back(thread);
    }
    const auto is_there = [&](int i) {
        try {
            read(all[static_cast<std::size_t>(i)]);
            return true;
        } catch (const Error&) {
            return false;
        }
    };
    core::Turn running = a_turn(all[3]);
    core::Message question = a_message(running, core::Role::user, "still answered");
    running.created_at = question.created_at = at(103);
    run(store().begin_turn(running, question));
    EXPECT_EQ(run(threads().remove_unused("assistants", at(102), 10)), 0);
    EXPECT_EQ(run(threads().remove_unused("assistants", at(1'000), 1)), 1);
    EXPECT_FALSE(is_there(2));
    EXPECT_EQ(run(threads().remove_unused("assistants", at(1'000), 10)), 1);
    EXPECT_FALSE(is_there(4));
    EXPECT_EQ(run(threads().remove_unused("", at(1'000), 10)), 0);
    EXPECT_TRUE(is_there(0));
    EXPECT_TRUE(is_there(1));
    EXPECT_TRUE(is_there(3));
}

}  // namespace
}  // namespace assistd::store
