// Turns that are to be like something: tools of the client, choices of tools, limits, and turns of which
// nothing is kept.

#include "core/turn_tools.h"

#include "store/database.h"
#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

TurnOptions with_client_tool(const std::string& name) {
    TurnOptions options;
    options.client_tools.push_back({name, "Of the client.", R"({"type":"object"})"});
    return options;
}

class TurnOptionsTest : public TurnServiceTest {
  protected:
    TurnRequest request_with(TurnOptions options, const std::string& content = "Go") const {
        TurnRequest wanted = request(content);
        wanted.options = std::make_shared<const TurnOptions>(std::move(options));
        return wanted;
    }
    // The turn's events up to the moment where it waits for its client.
    std::vector<ToolCallBlock> waits_for_client(const TurnHandle& handle) {
        std::int64_t last = 0;
        for (;;) {
            const auto events = io_.run(handle.feed->next(last, {}));
            if (events.empty()) return {};
            for (const TurnEventPtr& event : events) {
                last = event->id;
                if (const auto* waits = std::get_if<ClientCallsRequired>(&event->body)) return waits->calls;
            }
        }
    }
    ErrorCode error_of_submit(TurnId turn, std::vector<ClientOutput> outputs, const Owner& owner = "local") {
        try {
            io_.run(service_->submit(owner, turn, std::move(outputs)));
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::internal;
    }
    UnkeptRequest unkept(TurnOptions options, const std::string& content = "Go") const {
        UnkeptRequest wanted;
        wanted.owner = "local";
        wanted.options = std::make_shared<const TurnOptions>(std::move(options));
        Message message;
        message.id = MessageId::make();
        message.blocks.push_back(TextBlock{content});
        wanted.messages.push_back(std::move(message));
        return wanted;
    }
};

TEST(TurnOptions, AreTheSameWhenTheyAreReadAgain) {
    TurnOptions options = with_client_tool("ask");
    options.wishes.max_tokens = 5;
    options.wishes.temperature = 0.5;
    options.wishes.top_p = 0.25;
    options.wishes.frequency_penalty = -1;
    options.wishes.presence_penalty = 1;
    options.wishes.seed = -7;
    options.wishes.stop = {"a", "b"};
    options.wishes.reasoning_effort = "low";
    options.wishes.response_format = R"({"type":"json_object"})";
    options.wishes.tool_choice = {ToolChoice::Kind::named, "ask"};
    options.wishes.parallel_tool_calls = false;
    options.assistant_id = "asst_1";
    options.instructions = "Grüße";
    options.plain_prompt = options.client_calls_end_it = options.unattended = true;
    options.tools = {"x"};
    options.vector_stores = {VectorStoreId::make()};
    options.search_results = 7;
    options.search_threshold = 0.25;
    options.last_messages = 3;
    options.max_prompt_tokens = 4;
    options.max_completion_tokens = 6;
    options.expires_at = from_micros(1'234'567);
    EXPECT_EQ(*options_from(text_of(options)), options);
    EXPECT_EQ(text_of(TurnOptions()), "");
    EXPECT_EQ(*options_from(""), TurnOptions());
    TurnOptions no_tools;
    no_tools.tools.emplace();
    EXPECT_EQ(*options_from(text_of(no_tools)), no_tools);
}

TEST(TurnTools, AreThoseThatTheOptionsLetThrough) {
    auto offered = std::make_shared<ToolSet>();
    offered->version = 7;
    for (const char* name : {"a", "b"}) {
        auto tool = std::make_shared<ToolSpec>();
        tool->name = name;
        tool->plugin = "ours";
        offered->tools.push_back(std::move(tool));
    }
    EXPECT_EQ(tools_of_turn(offered, TurnOptions()), offered);
    TurnOptions options = with_client_tool("b");
    const auto mixed = tools_of_turn(offered, options);
    ASSERT_EQ(mixed->tools.size(), 2u);
    EXPECT_EQ(mixed->tools[1]->plugin, "client");
    EXPECT_EQ(mixed->version, tools_of_turn(offered, options)->version);
    options.tools.emplace();
    const auto only_theirs = tools_of_turn(offered, options);
    EXPECT_EQ(only_theirs->tools.size(), 1u);
    EXPECT_NE(only_theirs->version, mixed->version);
    options.wishes.tool_choice.kind = ToolChoice::Kind::none;
    EXPECT_TRUE(tools_of_turn(offered, options)->tools.empty());
}

TEST_F(TurnOptionsTest, ATurnWaitsForTheResultsOfItsClient) {
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"ask", "again", "tell"}) : says("Done.");
    };
    TurnOptions options = with_client_tool("ask");
    options.client_tools.push_back({"tell"});
    const TurnHandle handle = begin(request_with(options));
    const TurnId turn = handle.turn->id;
    const std::vector<ToolCallBlock> waiting = waits_for_client(handle);
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_EQ(waiting[0].name, "ask");
    EXPECT_EQ(service_->client_calls("local", turn).size(), 2u);
    EXPECT_TRUE(service_->client_calls("somebody", turn).empty());
    EXPECT_THAT(tools_.names(), testing::ElementsAre("again"));

    EXPECT_EQ(error_of_submit(turn, {{"call_ask", "1"}}), ErrorCode::validation);
    EXPECT_EQ(error_of_submit(turn, {{"call_ask", "1"}, {"call_other", "2"}}), ErrorCode::validation);
    EXPECT_EQ(error_of_submit(turn, {{"call_ask", "1"}, {"call_ask", "2"}}), ErrorCode::validation);
    EXPECT_EQ(error_of_submit(turn, {{"call_ask", "1"}, {"call_tell", "2"}}, "somebody"),
              ErrorCode::not_found);
    io_.run(service_->submit("local", turn, {{"call_tell", "two"}, {"call_ask", "one"}}));
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Go", "assistant: calls ask calls again calls tell",
                                                   "tool:one", R"(tool:{"success":true,"data":"again"})",
                                                   "tool:two", "assistant:Done."));
    EXPECT_EQ(error_of_submit(turn, {{"call_ask", "1"}}), ErrorCode::conflict);
}

TEST_F(TurnOptionsTest, ATurnThatWaitsGoesOnWaitingAfterARestart) {
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"ask", "once"}) : says("Done.");
    };
    const TurnHandle before = begin(request_with(with_client_tool("ask")));
    waits_for_client(before);
    start_service();
    io_.run(service_->resume());
    const TurnHandle handle = io_.run(service_->find("local", before.turn->id));
    while (service_->client_calls("local", before.turn->id).empty())
        io_.run(handle.feed->next(handle.feed->next_id() - 1, {}));
    io_.run(service_->submit("local", before.turn->id, {{"call_ask", "late"}}));
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
    EXPECT_EQ(tools_.count("once"), 1);
    EXPECT_EQ(transcript()[2], "tool:late");
}

// Whoever has seen calls wait must find them waiting after a crash.
TEST_F(TurnOptionsTest, NobodyHearsOfCallsThatAreNotStored) {
    store::Database other(folder_.path() / "state/assistd.db", store::Database::Mode::read_write);
    provider_.script = [&other](int round, const ProviderRequest&) {
        if (round == 1) other.script("BEGIN IMMEDIATE");  // the store's writer has to wait
        return round == 0 ? calls({"again"}) : round == 1 ? calls({"ask"}) : says("Done.");
    };
    const TurnHandle handle = begin(request_with(with_client_tool("ask")));
    const TurnId turn = handle.turn->id;
    std::int64_t last = 0;
    for (bool is_called = false; !is_called;) {
        for (const TurnEventPtr& event : io_.run(handle.feed->next(last, {}))) {
            last = event->id;
            const auto* started = std::get_if<ToolCallStarted>(&event->body);
            is_called |= started && started->name == "ask";
        }
    }
    for (int i = 0; i < 100; ++i) {
        EXPECT_THAT(transcript(), testing::Not(testing::Contains("assistant: calls ask")));
        ASSERT_TRUE(service_->client_calls("local", turn).empty());
    }
    other.script("ROLLBACK");
    EXPECT_EQ(waits_for_client(handle).size(), 1u);
    EXPECT_THAT(transcript(), testing::Contains("assistant: calls ask"));
    io_.run(service_->submit("local", turn, {{"call_ask", "it"}}));
    EXPECT_EQ(end_of(handle).state, TurnState::completed);
}

TEST_F(TurnOptionsTest, ATurnDoesNotWaitForEver) {
    provider_.script = [](int, const ProviderRequest&) { return calls({"ask"}); };
    TurnOptions options = with_client_tool("ask");
    options.expires_at = now();
    const Turn turn = end_of(begin(request_with(options)));
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_EQ(turn.error_code, name_of(ErrorCode::timeout));
}

TEST_F(TurnOptionsTest, ATurnThatWaitsCanBeCancelled) {
    provider_.script = [](int, const ProviderRequest&) { return calls({"ask"}); };
    const TurnHandle handle = begin(request_with(with_client_tool("ask")));
    waits_for_client(handle);
    EXPECT_EQ(io_.run(service_->cancel("local", handle.turn->id)).state, TurnState::cancelled);
}

TEST_F(TurnOptionsTest, AToolThatIsNotOfferedIsNotCalled) {
    provider_.script = [](int round, const ProviderRequest& asked) {
        EXPECT_EQ(asked.tools->tools.size(), 1u);
        return round == 0 ? calls({"once"}) : says("Done.");
    };
    TurnOptions options;
    options.tools = {"again"};
    EXPECT_EQ(end_of(begin(request_with(options))).state, TurnState::completed);
    EXPECT_TRUE(tools_.names().empty());
    EXPECT_THAT(transcript()[2], testing::HasSubstr("ToolNotFoundError"));
}

TEST_F(TurnOptionsTest, OneThatWaitsIsCalledSinceWhoeverRunsItSaysForWhat) {
    const auto set = std::make_shared<ToolSet>(*tools_.set);
    set->waiting = {{"later", "later waits."}};
    tools_.set = set;
    provider_.script = [](int round, const ProviderRequest&) {
        return round % 2 == 0 ? calls({"later"}) : says("Done.");
    };
    TurnOptions options;
    options.tools = {"again", "later"};
    end_of(begin(request_with(options)));
    EXPECT_THAT(tools_.names(), testing::ElementsAre("later"));
    options.tools = {"again"};
    end_of(begin(request_with(options)));
    EXPECT_EQ(tools_.count("later"), 1);
}

TEST_F(TurnOptionsTest, AForcedCallIsAskedForOnce) {
    std::vector<ToolChoice::Kind> kinds;
    provider_.script = [&](int round, const ProviderRequest& asked) {
        kinds.push_back(asked.wishes.tool_choice.kind);
        return round == 0 ? calls({"again"}) : says("Done.");
    };
    TurnOptions options;
    options.wishes.tool_choice.kind = ToolChoice::Kind::required;
    end_of(begin(request_with(options)));
    EXPECT_THAT(kinds, testing::ElementsAre(ToolChoice::Kind::required, ToolChoice::Kind::automatic));
}

TEST_F(TurnOptionsTest, TokensOfATurnAreLimited) {
    std::vector<int> most;
    provider_.script = [&](int, const ProviderRequest& asked) {
        most.push_back(asked.wishes.max_tokens.value_or(0));
        ProviderReply reply = calls({"again"});
        reply.usage.completion_tokens = 30;
        return reply;
    };
    TurnOptions options;
    options.max_completion_tokens = 50;
    const Turn turn = end_of(begin(request_with(options)));
    EXPECT_EQ(turn.state, TurnState::completed);
    EXPECT_EQ(turn.limit_reached, "max_completion_tokens");
    EXPECT_THAT(most, testing::ElementsAre(50, 20));
}

TEST_F(TurnOptionsTest, WhatWasSaidWithoutATurnIsAnswered) {
    std::vector<std::string> told;
    provider_.script = [&](int, const ProviderRequest& asked) {
        told.clear();
        for (const auto& message : asked.messages) told.push_back(message->text());
        return says("Answer.");
    };
    ask("Before");
    for (const char* text : {"One", "Two"}) {
        Message message;
        message.id = MessageId::make();
        message.conversation = conversation_.id;
        message.role = Role::user;
        message.created_at = now();
        message.blocks.push_back(TextBlock{text});
        io_.run(storage_->store().append_message(message).committed());
    }
    TurnRequest wanted = request("");
    wanted.as_it_stands = true;
    const Turn turn = end_of(begin(wanted));
    EXPECT_THAT(told, testing::ElementsAre("Before", "Answer.", "One", "Two"));
    EXPECT_EQ(io_.run(storage_->store().messages_of_turn(turn.id)).size(), 2u);
    // Nothing new was said: it goes on from what there is.
    const Turn again = end_of(begin(wanted));
    EXPECT_EQ(again.state, TurnState::completed);
    EXPECT_TRUE(again.user_message.is_nil());
    EXPECT_THAT(told, testing::ElementsAre("Before", "Answer.", "One", "Two", "Answer."));
    EXPECT_EQ(transcript().size(), 6u);
}

TEST_F(TurnOptionsTest, NothingIsKeptOfATurnThatIsNotToBeKept) {
    provider_.script = [](int round, const ProviderRequest& asked) {
        EXPECT_EQ(asked.system, "Only this.");
        return round == 0 ? calls({"again"}) : says("Done.");
    };
    TurnOptions options;
    options.instructions = "Only this.";
    options.plain_prompt = true;
    const UnkeptHandle handle = io_.run(service_->answer_unkept(unkept(options)));
    EXPECT_EQ(end_of(handle.turn).state, TurnState::completed);
    EXPECT_EQ(handle.told->messages().size(), 3u);
    EXPECT_TRUE(transcript().empty());
    EXPECT_THROW(io_.run(storage_->store().turn("local", handle.turn.turn->id)), Error);
    // The answer did not wait for the book; a later write is committed behind it.
    io_.run(storage_->store().set_first_title(conversation_.id, "Later").committed());
    const auto spent =
        io_.run(storage_->usage().sums({"local", from_micros(0), now() + std::chrono::days(1)}));
    ASSERT_EQ(spent.size(), 1u);
    EXPECT_EQ(spent[0].usage.prompt_tokens, 20);
}

TEST_F(TurnOptionsTest, CallsOfTheClientMayEndTheTurn) {
    provider_.script = [](int, const ProviderRequest&) { return calls({"ask", "again"}); };
    TurnOptions options = with_client_tool("ask");
    options.client_calls_end_it = true;
    const UnkeptHandle handle = io_.run(service_->answer_unkept(unkept(options)));
    EXPECT_EQ(end_of(handle.turn).state, TurnState::completed);
    EXPECT_EQ(tools_.count("again"), 1);
    EXPECT_EQ(handle.told->messages().size(), 2u);
}

TEST_F(TurnOptionsTest, WhereNobodyCanBeAskedACallThatNeedsItIsRefused) {
    tools_.add("danger", false, true);
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"danger"}) : says("Done.");
    };
    TurnOptions options;
    options.unattended = true;
    const UnkeptHandle handle = io_.run(service_->answer_unkept(unkept(options)));
    end_of(handle.turn);
    EXPECT_TRUE(tools_.names().empty());
    const auto& result = std::get<ToolResultBlock>(handle.told->messages()[1].blocks.front());
    EXPECT_THAT(result.content, testing::HasSubstr("PermissionError"));
}

TEST_F(TurnOptionsTest, WhatCannotFitIsRefusedWithItsNumbers) {
    const UnkeptHandle handle =
        io_.run(service_->answer_unkept(unkept(TurnOptions(), std::string(200'000, 'x'))));
    const Turn turn = end_of(handle.turn);
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_EQ(turn.error_code, name_of(ErrorCode::context_too_long));
    EXPECT_EQ(provider_.rounds, 0);
}

TEST_F(TurnOptionsTest, ATurnThatIsNotKeptStopsWhenItsClientLeaves) {
    provider_.hangs = true;
    const UnkeptHandle handle = io_.run(service_->answer_unkept(unkept(TurnOptions())));
    io_.run(provider_.hanging.wait());
    service_->stop(handle.turn);
    EXPECT_EQ(end_of(handle.turn).state, TurnState::cancelled);
}

}  // namespace
}  // namespace assistd::core
