// Turns that a restart interrupted, in each of their steps.

#include "unit/core/turns_fixture.h"

namespace assistd::core {
namespace {

// A shutdown in the middle of a turn, then a new service over the same store: as after a crash.
class ResumeTest : public TurnServiceTest {
  protected:
    // Begins a turn that calls `tool` and stops the daemon while the call runs.
    TurnId interrupt_in(const std::string& tool) {
        provider_.script = [tool](int round, const ProviderRequest&) {
            return round == 0 ? calls({tool}) : says("Done.");
        };
        const OneShot<> in_tool;
        tools_.script = until_stopped(in_tool);
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
    tools_.script = [second = until_stopped(in_second)](ToolCall call, ProgressSink progress) {
        const bool is_second = call.call_id == "call_2";
        return is_second ? second(std::move(call), std::move(progress))
                         : found_something(std::move(call), std::move(progress));
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
