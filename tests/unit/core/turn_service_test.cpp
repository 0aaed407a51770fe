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

// A result as file_search gives it, numbered as it was told to.
Task<ToolOutcome> found_something(ToolCall call, ProgressSink) {
    ToolOutcome outcome;
    outcome.success = true;
    outcome.body = R"({"success":true,"data":{"search":)" + std::to_string(call.search.number) +
                   R"(,"passages":[{"number":1,"file_id":")" + ArtifactId::make().text() +
                   R"(","file_name":"notes.md","score":1,"text":"For )" + call.call_id +
                   R"(.","start":0,"end":9}]}})";
    co_return outcome;
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
    tools_.script = [in_tool](ToolCall call, ProgressSink) -> Task<ToolOutcome> {
        const OneShot<> stopped;
        const std::stop_callback on_stop(call.stop, [stopped] { stopped.set(); });
        in_tool.set();
        co_await stopped.wait();
        co_return failed_outcome(ToolErrorType::CancelledError, "The call was cancelled.", true);
    };
    provider_.script = [](int, const ProviderRequest&) { return calls({"again"}); };
    const TurnHandle handle = begin(request("Go"));
    io_.run(in_tool.wait());
    EXPECT_EQ(io_.run(service_->cancel("local", handle.turn->id)).state, TurnState::cancelled);
    EXPECT_THAT(transcript()[2], testing::HasSubstr("CancelledError"));
}

TEST_F(TurnServiceTest, ASecondMessageWaitsItsTurnOrIsRefused) {
    provider_.hangs = true;
    const TurnHandle first = begin(request("One"));
    io_.run(provider_.hanging.wait());
    TurnRequest impatient = request("Two");
    impatient.wait = false;
    try {
        begin(impatient);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::conflict);
    }
    auto second = io_.start(service_->start(request("Three")));
    provider_.hangs = false;
    io_.run(service_->cancel("local", first.turn->id));
    EXPECT_EQ(end_of(second.get()).state, TurnState::completed);
    EXPECT_THAT(transcript(),
                testing::ElementsAre("user:One", "assistant:Hello.", "user:Three", "assistant:Hello."));
}

TEST_F(TurnServiceTest, OneKeyIsOneTurn) {
    TurnRequest keyed = request("Once");
    keyed.idempotency_key = "key-1";
    const TurnHandle first = begin(keyed);
    const TurnHandle again = begin(keyed);
    EXPECT_EQ(end_of(first).id, end_of(again).id);
    EXPECT_EQ(begin(keyed).turn->id, first.turn->id);
    EXPECT_EQ(provider_.rounds, 1);
    EXPECT_EQ(transcript().size(), 2u);
    keyed.content = "Something else";
    EXPECT_THROW(begin(keyed), Error);
}

TEST_F(TurnServiceTest, ManyPostsOfOneKeyAtOnceAreOneTurn) {
    TurnRequest keyed = request("Once");
    keyed.idempotency_key = "key-2";
    std::vector<std::future<TurnHandle>> posts;
    for (int i = 0; i < 20; ++i) posts.push_back(io_.start(service_->start(keyed)));
    std::set<TurnId> turns;
    for (auto& post : posts) turns.insert(post.get().turn->id);
    EXPECT_EQ(turns.size(), 1u);
    EXPECT_EQ(provider_.rounds, 1);
}

TEST_F(TurnServiceTest, OthersConversationsAndTurnsAreNotFound) {
    const TurnHandle handle = begin(request("Mine"));
    end_of(handle);
    TurnRequest stranger = request("Yours");
    stranger.owner = "stranger";
    for (const auto& attempt : std::vector<std::function<void()>>{
             [&] { begin(stranger); }, [&] { io_.run(service_->find("stranger", handle.turn->id)); },
             [&] { io_.run(service_->cancel("stranger", handle.turn->id)); }}) {
        try {
            attempt();
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::not_found);
        }
    }
}

TEST_F(TurnServiceTest, AnEndedTurnIsToldAgainFromTheStoreWithTheSameIds) {
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 0 ? calls({"again", "once"}) : says("Done.");
    };
    const TurnHandle handle = begin(request("Go"));
    std::map<std::int64_t, std::size_t> live;  // id -> kind of event
    for (const auto& event : events_of(handle)) live[event->id] = event->body.index();

    start_service();  // one that remembers no turn
    const TurnHandle replay = io_.run(service_->find("local", handle.turn->id));
    const auto events = events_of(replay);
    ASSERT_GE(events.size(), 8u);
    std::string text;
    for (const auto& event : events) {
        EXPECT_EQ(live.at(event->id), event->body.index()) << event->id;
        if (const auto* delta = std::get_if<MessageDelta>(&event->body)) text += delta->text;
    }
    EXPECT_EQ(text, "Done.");
    EXPECT_EQ(end_of(replay).state, TurnState::completed);
}

// A shutdown in the middle of a turn, then a new service over the same store: as after a crash.
class ResumeTest : public TurnServiceTest {
  protected:
    // Begins a turn that calls `tool` and stops the daemon while the call runs.
    TurnId interrupt_in(const std::string& tool) {
        provider_.script = [tool](int round, const ProviderRequest&) {
            return round == 0 ? calls({tool}) : says("Done.");
        };
        const OneShot<> in_tool;
        tools_.script = [in_tool](ToolCall call, ProgressSink) -> Task<ToolOutcome> {
            const OneShot<> stopped;
            const std::stop_callback on_stop(call.stop, [stopped] { stopped.set(); });
            in_tool.set();
            co_await stopped.wait();
            co_return failed_outcome(ToolErrorType::CancelledError, "The call was cancelled.", true);
        };
        const TurnHandle handle = begin(request("Go"));
        io_.run(in_tool.wait());
        io_.run(service_->shut_down(std::chrono::seconds(0)));
        EXPECT_EQ(io_.run(storage_->store().turn("local", handle.turn->id)).state, TurnState::running);
        tools_.script = good_outcome;
        tools_.executed.clear();
        start_service();
        return handle.turn->id;
    }
    void resume(TurnId id) {
        io_.run(service_->resume());
        const TurnHandle handle = io_.run(service_->find("local", id));
        EXPECT_EQ(end_of(handle).state, TurnState::completed);
    }
};

// As a crash leaves it: a turn whose shutdown was nobody's wish.
TEST_F(ResumeTest, ATurnThatKillsTheDaemonAgainAndAgainIsGivenUp) {
    const TurnId id = interrupt_in("again");
    for (int death = 0; death < 3; ++death)
        EXPECT_EQ(io_.run(storage_->store().count_restart(id, 2)), death + 1);
    io_.run(service_->resume());
    const Turn turn = io_.run(storage_->store().turn("local", id));
    EXPECT_EQ(turn.state, TurnState::failed);
    EXPECT_THAT(turn.error_message, testing::HasSubstr("The daemon died 4 times"));
    EXPECT_TRUE(tools_.executed.empty());
}

TEST_F(ResumeTest, NothingGoesOnOfWhoIsShutOut) {
    const TurnId id = interrupt_in("again");
    shut_out_ = "The user local is disabled.";
    start_service();
    io_.run(service_->resume());
    const Turn turn = io_.run(storage_->store().turn("local", id));
    EXPECT_EQ(turn.state, TurnState::cancelled);
    EXPECT_EQ(turn.error_message, shut_out_);
    EXPECT_TRUE(tools_.executed.empty());
    EXPECT_THROW(begin(request("And now?")), Error);
    EXPECT_EQ(transcript().front(), "user:Go");
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

TEST_F(ResumeTest, ProgressAndShutdownsAreNoDeaths) {
    const TurnId id = interrupt_in("again");
    for (int i = 0; i < 3; ++i) io_.run(storage_->store().count_restart(id, 2));
    EXPECT_EQ(io_.run(storage_->store().count_restart(id, 3)), 1);
    EXPECT_EQ(io_.run(storage_->store().count_restart(id, 3)), 2);
    io_.run(storage_->store().forgive_restarts().committed());
    EXPECT_EQ(io_.run(storage_->store().count_restart(id, 3)), 1);
    resume(id);
}

TEST_F(ResumeTest, AnIdempotentCallIsRunAgain) {
    resume(interrupt_in("again"));
    EXPECT_THAT(tools_.executed, testing::ElementsAre("again"));
    EXPECT_THAT(transcript(),
                testing::ElementsAre("user:Go", "assistant: calls again",
                                     R"(tool:{"success":true,"data":"again"})", "assistant:Done."));
}

TEST_F(ResumeTest, ItsEventsGoOnBehindThoseOfBefore) {
    const TurnId id = interrupt_in("again");
    io_.run(service_->resume());
    std::vector<std::string> told;
    for (const TurnEventPtr& event : events_of(io_.run(service_->find("local", id)))) {
        const std::string when = event->id < 1'000'000 ? "before " : "after ";
        if (std::holds_alternative<TurnStarted>(event->body)) told.push_back(when + "started");
        if (std::holds_alternative<ToolCallStarted>(event->body)) told.push_back(when + "call");
        if (std::holds_alternative<ToolCallFinished>(event->body)) told.push_back(when + "result");
        if (std::holds_alternative<TurnEnded>(event->body)) told.push_back(when + "end");
    }
    EXPECT_THAT(told, testing::ElementsAre("before started", "before call", "after result", "after end"));
}

TEST_F(ResumeTest, ACallIdThatComesAgainIsStillMadeUnique) {
    const TurnId id = interrupt_in("again");
    provider_.script = [](int round, const ProviderRequest&) {
        return round == 1 ? calls({"again"}) : says("Done.");
    };
    resume(id);
    EXPECT_THAT(tools_.executed, testing::ElementsAre("again", "again"));
    EXPECT_EQ(transcript().back(), "assistant:Done.");
}

TEST_F(ResumeTest, AnyOtherCallIsNotAndTheModelIsToldSo) {
    resume(interrupt_in("once"));
    EXPECT_TRUE(tools_.executed.empty());
    EXPECT_THAT(transcript()[2], testing::HasSubstr("its outcome is unknown"));
    EXPECT_EQ(transcript().back(), "assistant:Done.");
}

TEST_F(ResumeTest, SearchesGoOnBeingNumberedAfterARestart) {
    tools_.add("file_search", true);
    const OneShot<> in_second;
    tools_.script = [in_second](ToolCall call, ProgressSink progress) -> Task<ToolOutcome> {
        const OneShot<> here = in_second;
        const OneShot<> stopped;
        const std::stop_callback on_stop(call.stop, [stopped] { stopped.set(); });
        if (call.call_id == "call_2") {
            here.set();
            co_await stopped.wait();
            co_return failed_outcome(ToolErrorType::CancelledError, "The call was cancelled.", true);
        }
        co_return co_await found_something(std::move(call), std::move(progress));
    };
    provider_.script = [](int round, const ProviderRequest&) {
        ProviderReply reply = calls({"again"});
        if (round == 2) return says("One 【1:1†notes.md】, two 【2:1†notes.md】.");
        reply.blocks = {ToolCallBlock{"call_" + std::to_string(round + 1), "file_search", "{}"}};
        return reply;
    };
    const TurnHandle handle = begin(request("Search."));
    io_.run(in_second.wait());
    tools_.script = found_something;
    start_service();
    resume(handle.turn->id);
    const std::vector<Citation> citations = last_citations();
    ASSERT_EQ(citations.size(), 2u);
    EXPECT_EQ(citations[1].quote, "For call_2.");
}

TEST_F(ResumeTest, ATurnThatWaitedForItsProviderAsksAgain) {
    provider_.hangs = true;
    const TurnHandle handle = begin(request("Hi"));
    io_.run(provider_.hanging.wait());
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    provider_.hangs = false;
    start_service();
    resume(handle.turn->id);
    EXPECT_THAT(transcript(), testing::ElementsAre("user:Hi", "assistant:Hello."));
}

TEST_F(ResumeTest, ACallThatHadBecomeAJobIsNotRunASecondTime) {
    const TurnId id = interrupt_in("again");
    Job job;
    job.id = JobId::make();
    job.owner = "local";
    job.conversation = conversation_.id;
    job.turn = id;
    job.call_id = "call_again";
    job.tool = "again";
    job.arguments = "{}";
    io_.run(storage_->store().put_job(job).committed());
    resume(id);
    EXPECT_TRUE(tools_.executed.empty());
    EXPECT_THAT(transcript()[2], testing::HasSubstr(job.id.text()));
    EXPECT_EQ(transcript().back(), "assistant:Done.");
}

TEST_F(ResumeTest, TwoInOneConversationGoOnOneAfterTheOther) {
    provider_.hangs = true;
    const TurnHandle first = begin(request("One"));
    io_.run(provider_.hanging.wait());
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    // As when the first one's end could not be stored.
    Turn second = *first.turn;
    second.id = TurnId::make();
    Message message;
    message.id = MessageId::make();
    message.conversation = conversation_.id;
    message.turn = second.id;
    message.blocks.push_back(TextBlock{"Two"});
    io_.run(storage_->store().begin_turn(second, message));
    provider_.hangs = false;
    const OneShot<> second_asks;
    provider_.script = [second_asks](int round, const ProviderRequest&) {
        if (round == 2) second_asks.set();
        return says("Hello.");
    };
    start_service();
    io_.run(service_->resume());
    EXPECT_EQ(end_of(io_.run(service_->find("local", first.turn->id))).state, TurnState::completed);
    io_.run(second_asks.wait());
    io_.run(service_->shut_down(std::chrono::seconds(30)));
    EXPECT_EQ(io_.run(storage_->store().turn("local", second.id)).state, TurnState::completed);
}

TEST_F(ResumeTest, ShuttingDownRefusesNewTurns) {
    io_.run(service_->shut_down(std::chrono::seconds(0)));
    try {
        begin(request("Late"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unavailable);
    }
}

}  // namespace
}  // namespace assistd::core
