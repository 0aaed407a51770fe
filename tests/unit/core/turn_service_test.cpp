// Whole turns over the real store, with a provider and tools that do what each test says.

#include "store/database.h"
#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

TEST_F(TurnServiceTest, APlainAnswerIsStoredAndTold) {
    const TurnHandle handle = begin(request("Hi"));
    const Turn turn = end_of(handle);
    EXPECT_EQ(turn.state, TurnState::completed);
    EXPECT_EQ(turn.usage.total_tokens(), 15);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Hello."));

    const auto events = events_of(handle);
    std::string streamed;
    std::int64_t last = 0;
    for (const auto& event : events) {
        EXPECT_GT(event->id, last);
        last = event->id;
        if (const auto* delta = std::get_if<MessageDelta>(&event->body)) streamed += delta->text;
    }
    EXPECT_EQ(streamed, "Hello.");
    EXPECT_TRUE(std::holds_alternative<TurnStarted>(events.front()->body));
    EXPECT_TRUE(std::holds_alternative<MessageCompleted>(events[events.size() - 2]->body));
    EXPECT_EQ(io_.run(storage_->store().turn("local", turn.id)).event_id, last);
}

// The disk may take its time: the model is asked meanwhile, but nobody hears of a turn that is not stored.
TEST_F(TurnServiceTest, TheModelIsAskedWhileTheUserMessageIsBeingStored) {
    const OneShot<> asked;
    provider_.script = [asked](int, const ProviderRequest&) {
        asked.set();
        return says("Hello.");
    };
    store::Database other(folder_.path() / "state/assistd.db", store::Database::Mode::read_write);
    other.script("BEGIN IMMEDIATE");  // the store's writer has to wait
    std::future<TurnHandle> handle = io_.start(service_->start(request("Hi")));
    io_.run(asked.wait());
    EXPECT_EQ(handle.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    EXPECT_THAT(transcript(), testing::IsEmpty());
    other.script("ROLLBACK");
    EXPECT_EQ(end_of(handle.get()).state, TurnState::completed);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Hello."));
}

TEST_F(TurnServiceTest, ATurnThatCannotBeStoredEndsWithoutATrace) {
    store::Database other(folder_.path() / "state/assistd.db", store::Database::Mode::read_write);
    other.script("CREATE TRIGGER refuse BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'no'); END");
    provider_.hangs = true;
    EXPECT_THROW(begin(request("Lost")), Error);
    other.script("DROP TRIGGER refuse");
    provider_.hangs = false;
    // It has let go of the conversation, and neither its message nor a title is left of it.
    EXPECT_EQ(ask("Kept").state, TurnState::completed);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Kept", "assistant:Hello."));
    EXPECT_EQ(io_.run(storage_->store().conversation("local", conversation_.id)).title, "Kept");
}

// Its reply may be there before it is known that it cannot be stored.
TEST_F(TurnServiceTest, ATurnThatCannotBeStoredRunsNoTool) {
    store::Database other(folder_.path() / "state/assistd.db", store::Database::Mode::read_write);
    other.script("CREATE TRIGGER refuse BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'no'); END");
    provider_.script = [](int, const ProviderRequest&) { return calls({"again"}); };
    EXPECT_THROW(begin(request("Lost")), Error);
    io_.run(service_->shut_down(std::chrono::seconds(5)));
    EXPECT_TRUE(tools_.executed.empty());
    EXPECT_THAT(transcript(), testing::IsEmpty());
}

// A client that comes back after the end, or after a restart, is told what the others were told, by the same
// ids; only progress is gone.
TEST_F(TurnServiceTest, WhatWasToldIsToldAgainExactly) {
    provider_.script = [](int round, const ProviderRequest&) {
        ProviderReply reply = round == 0 ? calls({"again"}) : says("Done.");
        if (round == 0) reply.blocks.insert(reply.blocks.begin(), TextBlock{"First."});
        if (round == 0) reply.blocks.insert(reply.blocks.begin(), ThinkingBlock{"Hm.", "signed"});
        return reply;
    };
    const auto lines = [](const std::vector<TurnEventPtr>& events) {
        std::vector<std::string> all;
        for (const TurnEventPtr& event : events) {
            if (std::holds_alternative<ToolCallProgress>(event->body)) continue;
            std::string line = std::to_string(event->id) + " " + std::to_string(event->body.index());
            if (const auto* piece = std::get_if<MessageDelta>(&event->body)) line += piece->text;
            if (const auto* thought = std::get_if<ThoughtDelta>(&event->body)) line += thought->text;
            if (const auto* start = std::get_if<TurnStarted>(&event->body)) line += start->model;
            if (const auto* title = std::get_if<TitleUpdated>(&event->body)) line += title->title;
            all.push_back(line);
        }
        return all;
    };
    const TurnHandle handle = begin(request("Go"));
    const std::vector<std::string> live = lines(events_of(handle));
    start_service();  // which knows of it from the store only
    const TurnHandle again = io_.run(service_->find("local", handle.turn->id));
    EXPECT_EQ(lines(events_of(again)), live);
    EXPECT_THAT(live, testing::Contains("1 0test"));
    EXPECT_THAT(live, testing::Contains("2 6Go"));
    EXPECT_THAT(live, testing::IsSupersetOf({"3 10H", "4 10m", "5 10.", "6 1F"}));
}

TEST_F(TurnServiceTest, ARunningTurnShowsItsRoundsSoFar) {
    const OneShot<> running;
    const OneShot<> go_on;
    tools_.script = [=](ToolCall call, ProgressSink progress) -> Task<ToolOutcome> {
        running.set();
        const OneShot<> wait = go_on;
        co_await wait.wait();
        ToolOutcome outcome = co_await good_outcome(call, progress);
        co_return outcome;
    };
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"again"}) : says("Done.");
    };
    const TurnHandle handle = begin(request("Go"));
    io_.run(running.wait());
    const Turn turn = io_.run(service_->turn("local", handle.turn->id));
    EXPECT_EQ(turn.rounds, 1);
    EXPECT_EQ(turn.usage.prompt_tokens, 10);
    go_on.set();
    EXPECT_EQ(end_of(handle).rounds, 2);
}

TEST_F(TurnServiceTest, TheFirstMessageGivesTheTitle) {
    ask("What is a fractal?");
    ask("And a second question");
    EXPECT_EQ(io_.run(storage_->store().conversation("local", conversation_.id)).title, "What is a fractal?");
}

TEST_F(TurnServiceTest, CallsRunSideBySideAndResultsGoBackInCallOrder) {
    // "first" ends only after "second" has: one after the other would never end.
    tools_.add("first", true);
    tools_.add("second", true);
    const OneShot<> second_ended;
    tools_.script = [second_ended](ToolCall call, ProgressSink progress) -> Task<ToolOutcome> {
        const OneShot<> other = second_ended;
        if (call.name == "first") co_await other.wait();
        ToolOutcome outcome = co_await good_outcome(call, progress);
        if (call.name == "second") other.set();
        co_return outcome;
    };
    provider_.script = [](int round, const ProviderRequest& request) {
        if (round == 0) return calls({"first", "second"});
        const auto& messages = request.messages;
        EXPECT_EQ(std::get<ToolResultBlock>(messages[messages.size() - 2]->blocks[0]).name, "first");
        EXPECT_EQ(std::get<ToolResultBlock>(messages[messages.size() - 1]->blocks[0]).name, "second");
        return says("Both.");
    };
    EXPECT_EQ(ask("Go").state, TurnState::completed);
    EXPECT_THAT(transcript(),
                testing::ElementsAre("user:Go", "assistant: calls first calls second",
                                     R"(tool:{"success":true,"data":"first"})",
                                     R"(tool:{"success":true,"data":"second"})", "assistant:Both."));
}

TEST_F(TurnServiceTest, SearchesAreNumberedInTheOrderOfTheirCalls) {
    tools_.add("file_search", true);
    const OneShot<> second_is_over;
    tools_.script = [second_is_over](ToolCall call, ProgressSink progress) -> Task<ToolOutcome> {
        const OneShot<> other = second_is_over;
        const std::string id = call.call_id;
        // The first one called ends last.
        if (id == "call_1") co_await other.wait();
        ToolOutcome outcome = co_await found_something(std::move(call), std::move(progress));
        if (id == "call_2") other.set();
        co_return outcome;
    };
    provider_.script = [](int round, const ProviderRequest&) {
        if (round == 2) return says("One 【1:1†notes.md】, two 【2:1†notes.md】, three 【3:1†notes.md】.");
        ProviderReply reply = calls({"again"});
        for (int i = 1 + 2 * round; i <= 2 + round; ++i)
            reply.blocks.push_back(ToolCallBlock{"call_" + std::to_string(i), "file_search", "{}"});
        return reply;
    };
    EXPECT_EQ(ask("Search.").state, TurnState::completed);
    const std::vector<Citation> citations = last_citations();
    ASSERT_EQ(citations.size(), 3u);
    EXPECT_EQ(citations[0].quote, "For call_1.");
    EXPECT_EQ(citations[1].quote, "For call_2.");
    EXPECT_EQ(citations[2].quote, "For call_3.");
}

TEST_F(TurnServiceTest, AModelThatNeverStopsCallingIsAskedForAFinalAnswer) {
    bool asked_without_tools = false;
    std::string system;
    std::vector<MessagePtr> sent;
    provider_.script = [&](int, const ProviderRequest& request) {
        if (system.empty()) system = request.system;
        EXPECT_EQ(request.system, system);
        // What was sent before is sent again as it was, so that the provider finds it in its cache.
        const bool goes_on = std::equal(sent.begin(), sent.end(), request.messages.begin());
        EXPECT_TRUE(goes_on);
        sent.assign(request.messages.begin(), request.messages.end());
        if (request.allow_tools) return calls({"again"});
        asked_without_tools = true;
        EXPECT_EQ(sent.back()->role, Role::system);
        EXPECT_THAT(sent.back()->text(), testing::HasSubstr("used up what this turn may spend"));
        ProviderReply reply = calls({"again"});  // it still calls one
        reply.blocks.push_back(TextBlock{"Enough."});
        return reply;
    };
    const TurnHandle handle = begin(request("Go"));
    const Turn turn = end_of(handle);
    EXPECT_EQ(io_.run(storage_->store().messages_of_turn(handle.turn->id)).back().finish_reason, "stop");
    EXPECT_TRUE(asked_without_tools);
    EXPECT_EQ(turn.state, TurnState::completed);
    EXPECT_EQ(turn.rounds, budget_.max_rounds + 1);
    EXPECT_EQ(transcript().back(), "assistant:Enough.");
    EXPECT_THAT(transcript(), testing::Not(testing::Contains(testing::HasSubstr("used up"))));
}

// The numbers of a project change with every file that is made; the prompt does not, until the next day.
TEST_F(TurnServiceTest, TurnsInAProjectAreToldOfItInTheSameBytes) {
    Project project;
    project.id = ProjectId::make();
    project.owner = "local";
    project.name = "Soot";
    project.facts = R"({"temperature": "1800 K"})";
    project.created_at = project.updated_at = now();
    io_.run(storage_->projects().add(project));
    ConversationChange change;
    change.project_id = project.id.text();
    io_.run(storage_->store().change_conversation("local", conversation_.id, change));
    std::vector<std::string> systems;
    provider_.script = [&](int, const ProviderRequest& request) {
        systems.emplace_back(request.system);
        return says("Hello.");
    };
    ask("One");
    Conversation another = conversation_;
    another.id = ConversationId::make();
    another.project_id = project.id.text();
    io_.run(storage_->store().add_conversation(another).committed());
    ask("Two");
    EXPECT_THAT(systems[0], testing::HasSubstr("\"Soot\""));
    EXPECT_THAT(systems[0], testing::HasSubstr("- \"temperature\": \"1800 K\""));
    EXPECT_THAT(systems[0], testing::HasSubstr("1 conversation, 0 artifacts, 0 jobs"));
    EXPECT_EQ(systems[1], systems[0]);
    // What the user says about it counts at once.
    ProjectChange renamed;
    renamed.name = "Ash";
    io_.run(storage_->projects().change("local", project.id, renamed));
    ask("Three");
    EXPECT_THAT(systems[2], testing::HasSubstr("\"Ash\""));
    EXPECT_THAT(systems[2], testing::HasSubstr("2 conversations"));
    io_.run(storage_->projects().remove("local", project.id, true));
    ask("Four");
    EXPECT_THAT(systems[3], testing::Not(testing::HasSubstr("project")));
}

TEST_F(TurnServiceTest, CallsBeyondTheBudgetAreRefusedOneByOne) {
    budget_.max_tool_calls = 2;
    start_service();
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"again", "once", "third"}) : says("Done.");
    };
    EXPECT_EQ(ask("Go").state, TurnState::completed);
    EXPECT_EQ(tools_.executed.size(), 2u);
    EXPECT_THAT(transcript()[4], testing::HasSubstr("QuotaExceededError"));
}

TEST_F(TurnServiceTest, AMessageThatCannotFitIsRefusedAndNotStored) {
    try {
        begin(request(std::string(100'000, 'x')));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        EXPECT_THAT(error.what(), testing::HasSubstr("too long"));
    }
    EXPECT_TRUE(transcript().empty());
    EXPECT_EQ(ask("Hi").state, TurnState::completed);
}

}  // namespace
}  // namespace assistd::core
