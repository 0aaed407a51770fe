#include "core/context_manager.h"

#include "base/error.h"
#include "core/tokens.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {
namespace {

// All that fits, whatever was told before.
HistoryRoom exactly(std::int64_t tokens) {
    return {.tokens = tokens, .kept = tokens};
}

class ContextManagerTest : public testing::Test {
  protected:
    ContextManagerTest() {
        conversation_.id = ConversationId::make();
        conversation_.owner = "local";
        conversation_.created_at = conversation_.updated_at = now();
        io_.run(storage_->store().add_conversation(conversation_).committed());
    }

    Message message(Role role, TurnId turn, std::vector<Block> blocks) const {
        Message message;
        message.id = MessageId::make();
        message.conversation = conversation_.id;
        message.turn = turn;
        message.role = role;
        message.blocks = std::move(blocks);
        message.created_at = now();
        return message;
    }
    void append(const Message& message) { io_.run(storage_->store().append_message(message).committed()); }

    // A question, a tool call with its result, and an answer; each text names the exchange.
    TurnId exchange(int number, std::size_t padding = 0) {
        const std::string name = std::to_string(number) + std::string(padding, 'x');
        Turn turn;
        turn.id = TurnId::make();
        turn.conversation = conversation_.id;
        turn.owner = "local";
        turn.created_at = now();
        io_.run(storage_->store().begin_turn(turn, message(Role::user, turn.id, {TextBlock{"Q" + name}})));
        append(message(Role::assistant, turn.id, {ToolCallBlock{"call", "tool", "{}"}}));
        append(message(Role::tool, turn.id, {ToolResultBlock{"call", "tool", "{}", true}}));
        append(message(Role::assistant, turn.id, {TextBlock{"A" + name}}));
        return turn.id;
    }

    std::vector<std::string> history(ContextSettings settings, std::int64_t budget,
                                     TurnId current = TurnId::make()) {
        ContextManager contexts(storage_->store(), settings);
        return history(contexts, budget, current);
    }
    std::vector<std::string> history(ContextManager& contexts, std::int64_t budget, TurnId current = {}) {
        std::vector<std::string> texts;
        for (const MessagePtr& message :
             io_.run(contexts.history(now_stored(), current, exactly(budget))).messages)
            texts.push_back(std::string(name_of(message->role)) + ":" + message->text());
        return texts;
    }
    Conversation now_stored() { return io_.run(storage_->store().conversation("local", conversation_.id)); }

    // What a model is told in the next turn, when half of the room is freed once it is full.
    std::vector<std::string> told(ContextManager& contexts, std::int64_t room, const std::string& model) {
        const HistoryRoom wanted{room, room / 2, {}, model};
        const History found = io_.run(contexts.history(now_stored(), TurnId::make(), wanted));
        EXPECT_LE(found.tokens, room);
        std::vector<std::string> texts;
        for (const MessagePtr& message : found.messages) texts.push_back(message->text());
        return texts;
    }

    // A question and its answer that history() has to read, or that remember() is told.
    std::vector<MessagePtr> plain_exchange(const std::string& name) {
        Turn turn;
        turn.id = TurnId::make();
        turn.conversation = conversation_.id;
        turn.owner = "local";
        turn.created_at = now();
        const Message question = message(Role::user, turn.id, {TextBlock{"Q" + name}});
        const Message answer = message(Role::assistant, turn.id, {TextBlock{"A" + name}});
        io_.run(storage_->store().begin_turn(turn, question));
        append(answer);
        return {std::make_shared<const Message>(question), std::make_shared<const Message>(answer)};
    }

    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_ = store::open_store({folder_.path() / "state", false});
    Conversation conversation_;
};

TEST_F(ContextManagerTest, TakesEverythingThatFitsOldestFirst) {
    exchange(1);
    exchange(2);
    EXPECT_THAT(history({}, 1'000), testing::ElementsAre("user:Q1", "assistant:", "tool:", "assistant:A1",
                                                         "user:Q2", "assistant:", "tool:", "assistant:A2"));
}

TEST_F(ContextManagerTest, TakesWholeExchangesOnly) {
    for (int i = 0; i < 40; ++i) exchange(i, 400);
    for (std::int64_t budget = 0; budget < 3'000; budget += 37) {
        const auto texts = history({}, budget);
        EXPECT_EQ(texts.size() % 4, 0u) << budget;
        if (!texts.empty()) {
            EXPECT_THAT(texts.front(), testing::StartsWith("user:Q"));
            EXPECT_THAT(texts.back(), testing::StartsWith("assistant:A39"));
        }
    }
    EXPECT_EQ(history({}, 100'000).size(), 160u);  // more than one chunk of reading
}

TEST_F(ContextManagerTest, TheBudgetIsKept) {
    for (int i = 0; i < 20; ++i) exchange(i, 200);
    ContextManager contexts(storage_->store(), {});
    for (const std::int64_t budget : {100, 500, 1'000}) {
        const History history = io_.run(contexts.history(now_stored(), {}, exactly(budget)));
        std::int64_t used = 0;
        for (const MessagePtr& message : history.messages) used += estimate_tokens(*message);
        EXPECT_LE(used, budget);
        EXPECT_EQ(used, history.tokens);
    }
}

TEST_F(ContextManagerTest, LeavesOutTheTurnThatIsBeingAnswered) {
    exchange(1);
    const TurnId current = exchange(2);
    EXPECT_EQ(history({}, 1'000, current).size(), 4u);
}

TEST_F(ContextManagerTest, LastMessagesAreCutAtAnExchangeToo) {
    for (int i = 0; i < 10; ++i) exchange(i);
    ContextSettings settings;
    settings.policy = ContextPolicy::last_messages;
    settings.last_messages = 11;
    const auto texts = history(settings, 1'000'000);
    ASSERT_EQ(texts.size(), 8u);
    EXPECT_EQ(texts.front(), "user:Q8");
}

TEST_F(ContextManagerTest, TheNewestExchangeIsToldAlsoWhenItAloneIsMoreThanTheLastMessages) {
    exchange(1);
    exchange(2);
    ContextSettings settings;
    settings.policy = ContextPolicy::last_messages;
    settings.last_messages = 2;
    const auto texts = history(settings, 1'000'000);
    ASSERT_EQ(texts.size(), 4u);
    EXPECT_EQ(texts.front(), "user:Q2");
}

TEST_F(ContextManagerTest, ANoticeNeverPartsACallFromItsResult) {
    Turn turn;
    turn.id = TurnId::make();
    turn.conversation = conversation_.id;
    turn.owner = "local";
    turn.created_at = now();
    io_.run(storage_->store().begin_turn(turn, message(Role::user, turn.id, {TextBlock{"Q"}})));
    append(message(Role::assistant, turn.id,
                   {ToolCallBlock{"a", "tool", "{}"}, ToolCallBlock{"b", "tool", "{}"}}));
    append(message(Role::system, {}, {TextBlock{"a job ended"}}));
    append(message(Role::tool, turn.id, {ToolResultBlock{"b", "tool", "\"b\"", true}}));
    append(message(Role::tool, turn.id, {ToolResultBlock{"a", "tool", "\"a\"", true}}));
    append(message(Role::assistant, turn.id, {TextBlock{"A"}}));
    ContextManager contexts(storage_->store(), {});
    const auto messages = io_.run(contexts.history(now_stored(), TurnId::make(), exactly(1'000))).messages;
    ASSERT_EQ(messages.size(), 6u);
    // The results stand right behind their calls, in call order.
    EXPECT_EQ(std::get<ToolResultBlock>(messages[2]->blocks[0]).call_id, "a");
    EXPECT_EQ(std::get<ToolResultBlock>(messages[3]->blocks[0]).call_id, "b");
    EXPECT_EQ(messages[4]->role, Role::system);
    EXPECT_TRUE(history({}, 10).empty());
}

// What clients put into a conversation is told as it stands there, in exchanges that begin with what the user
// says.
TEST_F(ContextManagerTest, WhatClientsPutThereIsHistoryToo) {
    append(message(Role::assistant, {}, {TextBlock{"P0"}}));
    append(message(Role::user, {}, {TextBlock{"P1"}}));
    append(message(Role::assistant, {}, {TextBlock{"P2"}}));
    exchange(1);
    append(message(Role::user, {}, {TextBlock{"P3"}}));
    append(message(Role::system, {}, {TextBlock{"notice"}}));
    append(message(Role::user, {}, {TextBlock{"P4"}}));
    const std::vector<std::string> all = {"assistant:P0",  "user:P1", "assistant:P2", "user:Q1",
                                          "assistant:",    "tool:",   "assistant:A1", "user:P3",
                                          "system:notice", "user:P4"};
    EXPECT_EQ(history({}, 10'000), all);
    EXPECT_EQ(history({}, 10'000, TurnId()), all);
    const auto last = [&](int messages) { return history({ContextPolicy::last_messages, messages}, 10'000); };
    EXPECT_THAT(last(2), testing::ElementsAre("system:notice", "user:P4"));
    EXPECT_THAT(last(3), testing::ElementsAre("user:P3", "system:notice", "user:P4"));
    EXPECT_THAT(last(6), testing::ElementsAre("user:P3", "system:notice", "user:P4"));
    EXPECT_EQ(last(7), std::vector<std::string>(all.begin() + 3, all.end()));
    EXPECT_EQ(last(9), std::vector<std::string>(all.begin() + 1, all.end()));
    EXPECT_EQ(last(10), all);
}

TEST_F(ContextManagerTest, BeginsWithTheSameExchangeAlsoWhenClientsPutThemThere) {
    for (int i = 0; i < 30; ++i) {
        const std::string name = std::to_string(i);
        append(message(Role::user, {}, {TextBlock{"Q" + name}}));
        append(message(Role::assistant, {}, {TextBlock{"A" + name}}));
    }
    ContextManager contexts(storage_->store(), {});
    const std::vector<std::string> first = told(contexts, 150, "main:m");
    ASSERT_LT(first.size(), 30u);
    ASSERT_GE(first.size(), 4u);
    EXPECT_THAT(first.front(), testing::StartsWith("Q"));
    EXPECT_EQ(first.back(), "A29");
    append(message(Role::user, {}, {TextBlock{"Q30"}}));
    append(message(Role::assistant, {}, {TextBlock{"A30"}}));
    const std::vector<std::string> second = told(contexts, 150, "main:m");
    EXPECT_EQ(second.front(), first.front());
    EXPECT_EQ(second.size(), first.size() + 2);
}

TEST_F(ContextManagerTest, AMessageThatCannotFitIsRefused) {
    ContextManager contexts(storage_->store(), {});
    const Message big = message(Role::user, {}, {TextBlock{std::string(40'000, 'x')}});
    EXPECT_GT(contexts.history_budget({nullptr, "main", "m", 100'000}, {500}, big, {}), 0);
    try {
        contexts.history_budget({nullptr, "main", "m", 8'000}, {500}, big, {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        ASSERT_EQ(error.fields().size(), 1u);
        EXPECT_THAT(error.fields()[0].message, testing::HasSubstr("can take at most 5500"));
    }
}

TEST_F(ContextManagerTest, AWindowThatTheInstructionsFillIsSaid) {
    ContextManager contexts(storage_->store(), {});
    ToolSet tools;
    for (const std::size_t words : {30, 900, 2, 90}) {
        auto tool = std::make_shared<ToolSpec>();
        tool->name = "tool_of_" + std::to_string(words);
        tool->plugin = "org.example";
        for (std::size_t i = 0; i < words; ++i) tool->description += "word ";
        tools.tools.push_back(std::move(tool));
    }
    try {
        contexts.history_budget({nullptr, "local", "small", 4'096}, {4'000, &tools},
                                message(Role::user, {}, {}), {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(),
                    testing::HasSubstr("The instructions and the tools take about 4000 tokens"));
        EXPECT_THAT(error.what(), testing::HasSubstr("local:small, 4096 tokens"));
        EXPECT_THAT(error.what(),
                    testing::ContainsRegex("tool_of_900 of org.example \\(about 9[0-9]+\\), tool_of_90 of"));
        EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("tool_of_2 ")));
    }
}

TEST_F(ContextManagerTest, AReplyHasTheRoomThatIsAskedForIt) {
    ContextManager contexts(storage_->store(), {});
    ProviderChoice choice{nullptr, "main", "m", 8'000};
    EXPECT_EQ(contexts.usable_tokens(choice), 6'000);
    choice.reply_tokens = 4'096;
    EXPECT_EQ(contexts.usable_tokens(choice), 3'904);
}

TEST_F(ContextManagerTest, AnExchangeThatNeverFitsDoesNotHideThoseBeforeIt) {
    exchange(1);
    exchange(2, 40'000);
    exchange(3);
    const auto texts = history({}, 1'000);
    ASSERT_EQ(texts.size(), 8u);
    EXPECT_EQ(texts.front(), "user:Q1");
    EXPECT_EQ(texts.back(), "assistant:A3");
}

TEST_F(ContextManagerTest, AResultThatNeverFitsIsShortenedNotForgotten) {
    exchange(1);
    Turn turn;
    turn.id = TurnId::make();
    turn.conversation = conversation_.id;
    turn.owner = "local";
    turn.created_at = now();
    io_.run(storage_->store().begin_turn(turn, message(Role::user, turn.id, {TextBlock{"Q2"}})));
    append(message(Role::assistant, turn.id, {ToolCallBlock{"call", "tool", "{}"}}));
    const std::string content = R"({"success":true,"data":")" + std::string(40'000, 'r') + R"("})";
    append(message(Role::tool, turn.id, {ToolResultBlock{"call", "tool", content, true}}));
    append(message(Role::assistant, turn.id, {TextBlock{"A2"}}));
    exchange(3);
    ContextManager contexts(storage_->store(), {});
    const History history = io_.run(contexts.history(now_stored(), {}, exactly(2'000)));
    ASSERT_EQ(history.messages.size(), 12u);
    EXPECT_LE(history.tokens, 1'000);
    const std::string shown = std::get<ToolResultBlock>(history.messages[6]->blocks.at(0)).content;
    EXPECT_LT(shown.size(), 2'000u);
    EXPECT_THAT(shown, testing::HasSubstr("\"truncated\":true"));
    // Where there is room for it, it is whole.
    const History more = io_.run(contexts.history(now_stored(), {}, exactly(100'000)));
    EXPECT_EQ(std::get<ToolResultBlock>(more.messages[6]->blocks.at(0)).content, content);
}

// What is remembered must never differ from what is stored: a manager that remembers every turn is compared,
// turn by turn, with one that reads.
TEST_F(ContextManagerTest, WhatIsRememberedIsWhatIsStored) {
    ContextManager contexts(storage_->store(), {});
    for (int i = 0; i < 120; ++i) {
        const std::int64_t budget = 200 + 37 * (i % 5) + (i == 60 ? 100'000 : 0);
        ASSERT_EQ(history(contexts, budget), history({}, budget, TurnId{})) << i;
        const Conversation before = now_stored();
        const std::string name = std::to_string(i) + std::string(static_cast<std::size_t>(i % 7) * 20, 'x');
        std::vector<MessagePtr> told = plain_exchange(name);
        // Some turns end without being remembered, some notices come between.
        if (i % 10 != 9) contexts.remember(before, std::move(told), "m", {});
        if (i % 25 == 24) append(message(Role::system, {}, {TextBlock{"a job ended"}}));
    }
}

TEST_F(ContextManagerTest, RemembersInsteadOfReading) {
    ContextManager contexts(storage_->store(), {});
    const Conversation before = now_stored();
    contexts.remember(before, plain_exchange("1"), "m", {});
    storage_.reset();  // a read would fail from here
    Conversation after = before;
    after.message_count = 2;
    EXPECT_EQ(io_.run(contexts.history(after, {}, exactly(1'000))).messages.size(), 2u);
}

// Providers cache what requests begin with: a window that is full must not begin anew with every turn.
TEST_F(ContextManagerTest, AFullWindowBeginsWithTheSameExchangeForManyTurns) {
    ContextManager contexts(storage_->store(), {});
    std::vector<std::string> before;
    std::vector<int> begun;  // the turns in which the begin was another one
    for (int i = 0; i < 150; ++i) {
        const std::vector<std::string> texts = told(contexts, 2'000, "m");
        const bool goes_on =
            texts.size() >= before.size() && std::equal(before.begin(), before.end(), texts.begin());
        if (!goes_on) begun.push_back(i);
        before = texts;
        const Conversation stored = now_stored();
        std::vector<MessagePtr> exchange = plain_exchange(std::to_string(i) + std::string(100, 'x'));
        // Whatever is forgotten of the messages, the begin is not.
        if (i % 3 > 0) contexts.remember(stored, std::move(exchange), "m", {});
        if (i % 7 == 0) contexts.forget_all();
    }
    ASSERT_GE(begun.size(), 3u);
    for (std::size_t i = 1; i < begun.size(); ++i) EXPECT_GE(begun[i] - begun[i - 1], 10);
    EXPECT_EQ(before.back().substr(0, 4), "A148");
}

TEST_F(ContextManagerTest, AfterARestartALongConversationBeginsOnceMore) {
    for (int i = 0; i < 60; ++i) plain_exchange(std::to_string(i) + std::string(100, 'x'));
    ContextManager contexts(storage_->store(), {});
    const std::vector<std::string> first = told(contexts, 2'000, "m");
    const std::size_t all = history(contexts, 2'000).size();
    EXPECT_EQ(first.back().substr(0, 3), "A59");
    EXPECT_LE(first.size(), all / 2 + 2);
    EXPECT_GE(first.size(), all / 2 - 4);
    EXPECT_EQ(told(contexts, 2'000, "m"), first);
    plain_exchange("60");
    EXPECT_EQ(told(contexts, 2'000, "m").front(), first.front());
    // A model with a larger window gets more, and takes nothing from the other one.
    EXPECT_GT(told(contexts, 4'000, "other").size(), all);
    EXPECT_EQ(told(contexts, 2'000, "m").front(), first.front());
}

// What no longer has room and what a summary covers end at different places.
TEST_F(ContextManagerTest, BehindANewSummaryNothingIsMissing) {
    ContextManager contexts(storage_->store(), {});
    TurnId covered;
    for (int i = 0; i < 20; ++i) {
        const auto exchange = plain_exchange(std::to_string(i) + std::string(100, 'x'));
        if (i == 3) covered = exchange.front()->turn;
    }
    EXPECT_LT(told(contexts, 1'000, "m").size(), 20u);
    const History behind = io_.run(contexts.history(now_stored(), {}, {100'000, 50'000, covered, "m"}));
    EXPECT_EQ(behind.messages.size(), 32u);
    EXPECT_EQ(behind.messages.front()->text().substr(0, 2), "Q4");
    EXPECT_TRUE(behind.whole);
}

TEST_F(ContextManagerTest, WhatNeverOverflowedIsToldFromItsBegin) {
    ContextManager contexts(storage_->store(), {});
    for (int i = 0; i < 10; ++i) plain_exchange(std::to_string(i));
    EXPECT_EQ(told(contexts, 2'000, "m").size(), 20u);
}

TEST_F(ContextManagerTest, TheNewestExchangeStaysWhenItTakesMoreThanHalf) {
    ContextManager contexts(storage_->store(), {});
    plain_exchange("1" + std::string(1'000, 'x'));
    const History one = io_.run(contexts.history(now_stored(), {}, exactly(100'000)));
    plain_exchange("2" + std::string(1'000, 'x'));
    const std::vector<std::string> texts = told(contexts, one.tokens * 3 / 2, "m");
    ASSERT_EQ(texts.size(), 2u);
    EXPECT_EQ(texts[0].substr(0, 2), "Q2");
}

TEST_F(ContextManagerTest, LastMessagesAreAsManyAsWanted) {
    for (int i = 0; i < 30; ++i) plain_exchange(std::to_string(i) + std::string(100, 'x'));
    ContextManager contexts(storage_->store(), {.policy = ContextPolicy::last_messages, .last_messages = 10});
    for (int i = 30; i < 33; ++i) {
        EXPECT_EQ(told(contexts, 100'000, "m").size(), 10u);
        plain_exchange(std::to_string(i));
    }
}

TEST_F(ContextManagerTest, ATinyRoomIsNoReasonToReadTheWholeConversation) {
    for (int i = 0; i < 12; ++i) exchange(i, 400);
    ContextManager contexts(storage_->store(), {});
    for (const std::int64_t room : {0, 10}) {
        const History history = io_.run(contexts.history(now_stored(), {}, exactly(room)));
        EXPECT_TRUE(history.messages.empty());
        EXPECT_FALSE(history.whole) << room;
    }
}

}  // namespace
}  // namespace assistd::core
