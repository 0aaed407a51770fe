#include "core/turn_context.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "core/shorter_results.h"
#include "core/tokens.h"
#include "store/store.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {
namespace {

using nlohmann::json;

MessagePtr text_message(Role role, const std::string& text) {
    Message message;
    message.role = role;
    message.blocks.push_back(TextBlock{text});
    return std::make_shared<const Message>(message);
}

std::string words(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "word ";
    return text;
}

std::string result_json(std::size_t numbers) {
    json data;
    for (std::size_t i = 0; i < numbers; ++i) data["values"].push_back(i);
    return json{{"success", true}, {"data", data}, {"summary", "Many."}}.dump();
}

MessagePtr result_message(const std::string& content) {
    Message message;
    message.role = Role::tool;
    message.blocks.push_back(ToolResultBlock{"call", "tool", content, true});
    return std::make_shared<const Message>(message);
}

std::string content_of(const MessagePtr& message) {
    return std::get<ToolResultBlock>(message->blocks.at(0)).content;
}

class TurnContextTest : public testing::Test {
  protected:
    TurnContextTest() { conversation_.id = ConversationId::make(); }

    // A turn in memory: its question and answer of so many words are remembered.
    void past_turn(int size) {
        TurnContext context(contexts_, conversation_, TurnId::make());
        load(context, 1'000'000, {text_message(Role::user, words(size))});
        context.add(text_message(Role::assistant, words(size)));
        context.remember();
        conversation_.message_count += 2;
    }
    void load(TurnContext& context, std::int64_t window, std::vector<MessagePtr> own,
              std::int64_t prompt = 0) {
        io_.run(context.load({nullptr, "main", "m", window}, {prompt}, std::move(own)));
    }

    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_ = store::open_store({.folder = folder_.path()});
    ContextManager contexts_{storage_->store(), {}};
    Conversation conversation_;
};

TEST_F(TurnContextTest, ReportsCorrectWhatFits) {
    for (int i = 0; i < 10; ++i) past_turn(100);
    TurnContext context(contexts_, conversation_, TurnId::make());
    load(context, 3'000, {text_message(Role::user, "now")});
    const std::size_t as_estimated = context.messages().size();
    context.reported(context.expected_tokens() * 2);  // every token counts as two
    context.add(text_message(Role::assistant, "then"));
    io_.run(context.fit());
    EXPECT_LT(context.messages().size(), as_estimated);
    EXPECT_LE(context.expected_tokens(), contexts_.usable_tokens({nullptr, "main", "m", 3'000}));
    context.remember();

    // The next turn knows it from the begin, and so does another conversation with the same model.
    conversation_.message_count += 2;
    TurnContext next(contexts_, conversation_, TurnId::make());
    load(next, 3'000, {text_message(Role::user, "now")});
    EXPECT_LE(next.messages().size(), as_estimated / 2 + 4);
    EXPECT_LE(next.expected_tokens(), contexts_.usable_tokens({nullptr, "main", "m", 3'000}));
    EXPECT_GT(contexts_.scale({}, "main:m").counted(1'000), 1'500);
    EXPECT_EQ(contexts_.scale({}, "main:other").counted(1'000), 1'000);
}

TEST_F(TurnContextTest, AReportThatCannotBeTrueIsNotBelieved) {
    TurnContext context(contexts_, conversation_, TurnId::make());
    load(context, 100'000, {text_message(Role::user, words(1'000))});
    const std::int64_t expected = context.expected_tokens();
    for (const std::int64_t odd : {std::int64_t{0}, std::int64_t{3}, expected * 100}) {
        context.reported(odd);
        EXPECT_EQ(context.expected_tokens(), expected) << odd;
    }
}

TEST_F(TurnContextTest, TheHistoryGivesWayToNewResults) {
    for (int i = 0; i < 10; ++i) past_turn(100);
    TurnContext context(contexts_, conversation_, TurnId::make());
    load(context, 4'000, {text_message(Role::user, "now")});
    EXPECT_EQ(context.messages().size(), 21u);
    context.add(result_message(result_json(1'000)));
    const std::string before = content_of(context.messages().back());
    io_.run(context.fit());
    EXPECT_LT(context.messages().size(), 21u);
    EXPECT_EQ(content_of(context.messages().back()), before);
    EXPECT_EQ(context.messages().size() % 2, 0u);  // whole exchanges, the question and the result
}

TEST_F(TurnContextTest, ThenTheLongestResultsAreShortened) {
    past_turn(100);
    TurnContext context(contexts_, conversation_, TurnId::make());
    load(context, 4'000, {text_message(Role::user, "now")});
    context.add(result_message(result_json(10)));
    context.add(result_message(result_json(20'000)));
    context.add(result_message(result_json(3'000)));
    io_.run(context.fit());
    ASSERT_EQ(context.messages().size(), 4u);
    EXPECT_LE(context.expected_tokens(), contexts_.usable_tokens({nullptr, "main", "m", 4'000}));
    EXPECT_EQ(content_of(context.messages()[1]), result_json(10));
    const json shortened = json::parse(content_of(context.messages()[2]));
    EXPECT_EQ(shortened["success"], true);
    EXPECT_EQ(shortened["summary"], "Many.");
    EXPECT_EQ(shortened["data"]["truncated"], true);
    EXPECT_EQ(shortened["data"]["bytes"], json::parse(result_json(20'000))["data"].dump().size());
    EXPECT_TRUE(shortened["data"]["beginning"].get<std::string>().starts_with("{\"values\":[0,1,2,"));

    // What was shortened is not what is stored, so it is not remembered.
    context.remember();
    conversation_.message_count += 4;
    EXPECT_TRUE(io_.run(contexts_.history(conversation_, {}, {1'000'000, 1'000'000})).messages.empty());
}

TEST_F(TurnContextTest, HalvesUntilNothingIsLeftToLeaveOut) {
    for (int i = 0; i < 8; ++i) past_turn(100);
    TurnContext context(contexts_, conversation_, TurnId::make());
    load(context, 100'000, {text_message(Role::user, "now")});
    EXPECT_EQ(context.messages().size(), 17u);
    EXPECT_TRUE(io_.run(context.halve()));
    EXPECT_EQ(context.messages().size(), 9u);
    int times = 0;
    while (io_.run(context.halve())) ASSERT_LT(++times, 20);
    ASSERT_EQ(context.messages().size(), 1u);
    EXPECT_EQ(context.messages()[0]->text(), "now");
}

class SummaryTest : public TurnContextTest {
  protected:
    SummaryTest() {
        ContextSettings settings;
        settings.policy = ContextPolicy::summary;
        summarising_ = std::make_unique<ContextManager>(storage_->store(), settings);
        conversation_.owner = "local";
        conversation_.created_at = conversation_.updated_at = now();
        io_.run(storage_->store().add_conversation(conversation_).committed());
    }

    // A stored turn; what it says begins with its number.
    void stored_turn(int number, int size) {
        Turn turn;
        turn.id = TurnId::make();
        turn.conversation = conversation_.id;
        turn.owner = "local";
        turn.created_at = now();
        io_.run(storage_->store().begin_turn(turn, message(Role::user, turn.id, number, size)));
        io_.run(
            storage_->store().end_turn(turn, message(Role::assistant, turn.id, number, size)).committed());
        conversation_ = io_.run(storage_->store().conversation("local", conversation_.id));
    }
    Message message(Role role, TurnId turn, int number, int size) const {
        Message message;
        message.id = MessageId::make();
        message.conversation = conversation_.id;
        message.turn = turn;
        message.role = role;
        message.blocks.push_back(TextBlock{std::to_string(number) + " " + words(size)});
        message.created_at = now();
        return message;
    }
    TurnContext now_asked() {
        TurnContext context(*summarising_, conversation_, TurnId::make());
        load(context, window, {text_message(Role::user, "now")});
        return context;
    }
    static std::string first_word(const MessagePtr& message) {
        return message->text().substr(0, message->text().find(' '));
    }

    static constexpr std::int64_t window = 20'000;  // fifteen exchanges of the usual size
    std::unique_ptr<ContextManager> summarising_;
};

TEST_F(SummaryTest, WhatFitsIsNotSummarised) {
    for (int i = 0; i < 5; ++i) stored_turn(i, 500);
    const TurnContext context = now_asked();
    EXPECT_TRUE(context.to_summarise().upto.is_nil());
    EXPECT_EQ(context.messages().size(), 11u);
}

TEST_F(SummaryTest, OneSummaryLeavesRoomForManyTurns) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    TurnContext context = now_asked();
    const SummaryPlan& plan = context.to_summarise();
    ASSERT_FALSE(plan.upto.is_nil());
    // Together they are all that one call can take in; every exchange is in one of them.
    EXPECT_EQ(first_word(plan.dropped.front()), "0");
    EXPECT_EQ(first_word(plan.kept.back()), "16");
    EXPECT_EQ(plan.dropped.size() + plan.kept.size(), 34u);
    const std::size_t kept = plan.kept.size();
    context.summarised("They talked a lot.");
    ASSERT_EQ(context.messages().size(), kept + 2);
    EXPECT_EQ(context.messages()[0]->role, Role::system);
    EXPECT_THAT(context.messages()[0]->text(), testing::HasSubstr("They talked a lot."));
    EXPECT_EQ(context.messages().back()->text(), "now");

    // It serves the turns that follow until they have filled the room, with the same bytes in front.
    int turns = 0;
    for (;; ++turns) {
        stored_turn(17 + turns, 500);
        TurnContext next = now_asked();
        if (!next.to_summarise().upto.is_nil()) break;
        ASSERT_EQ(next.messages()[0]->text(), context.messages()[0]->text());
        ASSERT_EQ(next.messages()[1]->text(), context.messages()[1]->text());
    }
    EXPECT_GE(turns, 5);
}

TEST_F(SummaryTest, TheNextSummaryTakesThePlaceOfTheFirst) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    TurnContext first = now_asked();
    const std::string newest_covered = first_word(first.to_summarise().dropped.back());
    first.summarised("First.");
    for (int i = 17; i < 27; ++i) stored_turn(i, 500);
    TurnContext second = now_asked();
    ASSERT_TRUE(second.summary());
    EXPECT_EQ(second.summary()->text, "First.");
    // Only what came after the first one.
    EXPECT_EQ(std::stoi(first_word(second.to_summarise().dropped.front())), std::stoi(newest_covered) + 1);
    second.summarised("Second.");
    stored_turn(27, 1);
    EXPECT_EQ(now_asked().summary()->text, "Second.");
}

TEST_F(SummaryTest, TheNewestExchangeIsNeverSummarised) {
    for (int i = 0; i < 5; ++i) stored_turn(i, 1'000);
    stored_turn(5, 5'000);  // more than half of the room
    const TurnContext context = now_asked();
    ASSERT_FALSE(context.to_summarise().upto.is_nil());
    ASSERT_EQ(context.to_summarise().kept.size(), 2u);
    EXPECT_EQ(first_word(context.to_summarise().kept.front()), "5");
}

TEST_F(SummaryTest, WithoutASummaryTheOldestIsLeftOut) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    const TurnContext context = now_asked();
    EXPECT_EQ(first_word(context.messages()[context.messages().size() - 2]), "16");
    EXPECT_LE(context.expected_tokens(), summarising_->usable_tokens({nullptr, "main", "m", window}));
}

// A call that fails costs each turn time and tokens.
TEST_F(SummaryTest, NotEveryTurnAsksAgainForOneThatFailed) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    std::vector<int> asked;
    for (int i = 0; i < 60; ++i) {
        const TurnContext context = now_asked();
        if (!context.to_summarise().upto.is_nil()) asked.push_back(i);
        // It goes on with what fits.
        EXPECT_EQ(first_word(context.messages()[context.messages().size() - 2]), std::to_string(16 + i));
        EXPECT_LE(context.expected_tokens(), summarising_->usable_tokens({nullptr, "main", "m", window}));
        stored_turn(17 + i, 500);
    }
    EXPECT_THAT(asked, testing::ElementsAre(0, 2, 5, 10, 19, 36, 53));
}

TEST_F(SummaryTest, OneThatWasGivenEndsThePause) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    EXPECT_FALSE(now_asked().to_summarise().upto.is_nil());
    EXPECT_TRUE(now_asked().to_summarise().upto.is_nil());
    TurnContext third = now_asked();
    ASSERT_FALSE(third.to_summarise().upto.is_nil());
    const std::string newest_covered = first_word(third.to_summarise().dropped.back());
    third.summarised("They talked.");
    // Where the history began without it does not count any more: nothing is missing behind the summary.
    stored_turn(17, 500);
    const TurnContext next = now_asked();
    EXPECT_TRUE(next.to_summarise().upto.is_nil());
    EXPECT_THAT(next.messages()[0]->text(), testing::HasSubstr("They talked."));
    EXPECT_EQ(std::stoi(first_word(next.messages()[1])), std::stoi(newest_covered) + 1);
    // The next one that is needed is asked for at once.
    int turns = 0;
    while (now_asked().to_summarise().upto.is_nil()) {
        stored_turn(18 + turns, 500);
        ASSERT_LT(++turns, 30);
    }
    EXPECT_LE(turns, 10);
}

TEST_F(SummaryTest, AModelThatWritesNoProseIsNotAsked) {
    for (int i = 0; i < 17; ++i) stored_turn(i, 500);
    TurnContext context(*summarising_, conversation_, TurnId::make());
    ProviderChoice choice{nullptr, "main", "m", window};
    choice.writes_prose = false;
    io_.run(context.load(choice, {}, {text_message(Role::user, "now")}));
    EXPECT_TRUE(context.to_summarise().upto.is_nil());
    EXPECT_FALSE(now_asked().to_summarise().upto.is_nil());  // it was no failure
}

TEST_F(SummaryTest, OneOfAConversationThatIsGoneIsDropped) {
    summarising_->put_summary({ConversationId::make(), TurnId::make(), "Of nothing.", now()});
    stored_turn(1, 1);  // a later write is committed
    EXPECT_FALSE(io_.run(summarising_->summary(ConversationId::make())));
}

TEST(AsText, TellsWhoSaidWhat) {
    Message call;
    call.role = Role::assistant;
    call.blocks = {TextBlock{"I look."}, ToolCallBlock{"c", "run_it", R"({"n":5})"}};
    const std::vector<MessagePtr> messages = {
        text_message(Role::user, "Run it."), std::make_shared<const Message>(call),
        result_message(std::string(3'000, 'x')), text_message(Role::assistant, "Done.")};
    const std::string text = as_text(messages);
    EXPECT_TRUE(
        text.starts_with("User: Run it.\n\nAssistant: I look.\n[calls run_it with {\"n\":5}]\n\nResult: x"));
    EXPECT_TRUE(text.ends_with("x … (cut)\n\nAssistant: Done."));
    EXPECT_LT(text.size(), 2'200u);
}

TEST(ShortenResults, KeepsErrorsAndHandles) {
    const std::string note = truncated_data(std::string(10'000, 'a'), 6'000, "result-7");
    std::vector<MessagePtr> messages = {result_message("{\"success\":true,\"data\":" + note + "}"),
                                        result_message(std::string(5'000, 'b'))};
    EXPECT_GT(shorten_results(messages, 1'000'000), 0);
    const json first = json::parse(content_of(messages[0]));
    EXPECT_EQ(first["data"]["artifact"], "result-7");
    EXPECT_EQ(first["data"]["bytes"], 10'000);
    EXPECT_LT(content_of(messages[0]).size(), 2'000u);
    EXPECT_LT(content_of(messages[1]).size(), 2'000u);
    EXPECT_EQ(shorten_results(messages, 1'000'000), 0);
}

TEST(ShortenResults, AToolMayHaveMembersOfThoseNames) {
    const json data = {{"truncated", "at the edge"},
                       {"beginning", {1, 2}},
                       {"artifact", 7},
                       {"rest", std::string(5'000, 'r')}};
    std::vector<MessagePtr> messages = {result_message(json{{"success", true}, {"data", data}}.dump())};
    EXPECT_GT(shorten_results(messages, 500), 0);
    const json shortened = json::parse(content_of(messages[0]));
    EXPECT_TRUE(data.dump().starts_with(shortened["data"]["beginning"].get<std::string>()));
    EXPECT_EQ(shortened["data"]["bytes"], data.dump().size());
}

TEST(TruncatedData, NeverCutsACharacter) {
    const std::string text = "aä日🎉";
    for (std::size_t kept = 0; kept <= text.size(); ++kept) {
        const json data = json::parse(truncated_data(text, kept, ""));
        EXPECT_TRUE(text.starts_with(data["beginning"].get<std::string>())) << kept;
    }
}

}  // namespace
}  // namespace assistd::core
