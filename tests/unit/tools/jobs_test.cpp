#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using core::JobState;
using core::ToolErrorType;

class JobsTest : public ToolsTest {
  protected:
    // A call of "slow" that was made a job at once.
    JobId begin_job(const std::string& arguments = "{}") {
        const auto outcome = call("slow", arguments);
        EXPECT_TRUE(outcome.success);
        return outcome.job.value();
    }
    core::Job ended(JobId id) { return run(jobs.wait("local", id, std::chrono::seconds(10), {})); }

    ExecutorOptions at_once() {
        ExecutorOptions options;
        options.job_after["slow"] = std::chrono::milliseconds(0);
        return options;
    }
};

TEST_F(JobsTest, ALongCallGoesOnAsAJob) {
    source->offer("slow");
    ExecutorOptions options;
    options.job_after["slow"] = std::chrono::milliseconds(30);
    start(options);
    auto call = begin("slow", R"({"n": 1})");
    const auto held = source->begun();
    held->progress({0.4, "growing"});
    const auto outcome = get(std::move(call));
    ASSERT_TRUE(outcome.job);
    EXPECT_EQ(body(outcome)["data"],
              (json{{"status", "running"}, {"job_id", outcome.job->text()}, {"progress", 0.4}}));

    const core::Job running = run(jobs.status("local", *outcome.job));
    EXPECT_EQ(running.state, JobState::running);
    EXPECT_EQ(running.fraction, 0.4);
    EXPECT_EQ(running.note, "growing");
    EXPECT_EQ(running.tool, "slow");
    EXPECT_EQ(running.arguments, R"({"n": 1})");
    EXPECT_EQ(store.jobs_by_id.at(*outcome.job).state, JobState::running);

    SourceResult result = good(R"({"seed": 1})", "Grew 500 particles.");
    core::ArtifactDraft draft;
    draft.file = UniqueFd(::memfd_create("draft", 0));
    draft.about.kind = "simulation";
    result.artifacts.push_back(std::move(draft));
    held->result.set(std::move(result));
    const core::Job end = ended(*outcome.job);
    EXPECT_EQ(end.state, JobState::completed);
    EXPECT_EQ(end.fraction, 1.0);
    EXPECT_EQ(end.summary, "Grew 500 particles.");
    EXPECT_EQ(json::parse(end.result)["artifacts"][0]["handle"], "simulation-1");
    EXPECT_EQ(run(jobs.status("local", *outcome.job)).state, JobState::completed);
    EXPECT_THAT(store.notices(), testing::ElementsAre("slow finished: Grew 500 particles (simulation-1)."));
    const core::Message& notice = store.messages_added.at(0);
    EXPECT_EQ(notice.role, core::Role::system);
    EXPECT_EQ(notice.conversation, conversation);
    EXPECT_TRUE(notice.turn.is_nil());
}

// A model or a person takes the job for what it makes.
TEST_F(JobsTest, NamedAsAnArtifactSaysHowItIs) {
    source->offer("slow");
    source->offer("count", R"({"properties": {"simulation": {"type": "string", "format": "artifact"}}})");
    ExecutorOptions options;
    options.job_after["slow"] = std::chrono::milliseconds(0);
    start(options);
    auto begun = begin("slow", R"({"n": 1})");
    const auto held = source->begun();
    held->progress({0.25, "growing"});
    const JobId id = *get(std::move(begun)).job;
    const auto said = [&] { return call("count", json{{"simulation", id.text()}}.dump()).summary; };
    EXPECT_EQ(said(),
              "simulation names " + id.text() +
                  ", a job of slow that is still running (25 %); what it makes can be named when it has "
                  "ended. wait_for_job waits for it.");
    SourceResult result = good("{}", "Grew.");
    core::ArtifactDraft draft;
    draft.file = UniqueFd(::memfd_create("draft", 0));
    draft.about.kind = "simulation";
    result.artifacts.push_back(std::move(draft));
    held->result.set(std::move(result));
    ended(id);
    EXPECT_EQ(said(), "simulation names " + id.text() +
                          ", a job of slow that has ended; name what it made: simulation-1.");
    EXPECT_THAT(call("count", json{{"simulation", JobId::make().text()}}.dump()).summary,
                testing::HasSubstr("which does not exist"));
}

TEST_F(JobsTest, ALongRunningToolStartsAsOneAndIsStoredBeforeItRuns) {
    source->offer("slow")->long_running = true;
    start();
    const JobId id = begin_job();
    EXPECT_EQ(store.puts.at(0).state, JobState::running);
    source->begun()->result.set(failed(ToolErrorType::PluginCrashedError, "It crashed.", false));
    const core::Job end = ended(id);
    EXPECT_EQ(end.state, JobState::failed);
    EXPECT_EQ(json::parse(end.result)["error"]["error_type"], "PluginCrashedError");
    EXPECT_THAT(store.notices(), testing::ElementsAre("slow failed: It crashed."));
}

TEST_F(JobsTest, ACallThatIsNotStoredIsNoJob) {
    source->offer("slow")->long_running = true;
    start();
    store.fails = true;
    const auto outcome = call("slow");
    EXPECT_EQ(outcome.error, ToolErrorType::InternalError);
    EXPECT_EQ(source->begun_count(), 0u);
}

TEST_F(JobsTest, CancellingTheTurnLeavesItsJobsAlone) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    stop.request_stop();
    EXPECT_FALSE(source->begun()->call.call.stop.stop_requested());
    source->begun()->result.set(good("1"));
    EXPECT_EQ(ended(id).state, JobState::completed);
}

TEST_F(JobsTest, CancelStopsTheJobAndItsSource) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    const core::Job job = run(jobs.cancel("local", id));
    EXPECT_EQ(job.state, JobState::cancelled);
    EXPECT_TRUE(source->begun()->call.call.stop.stop_requested());
    EXPECT_THAT(store.notices(), testing::ElementsAre("slow was cancelled."));
    EXPECT_EQ(run(jobs.cancel("local", id)).state, JobState::cancelled);
    source->begun()->result.set(good("1"));
    EXPECT_EQ(store.jobs_by_id.at(id).state, JobState::cancelled);
}

TEST_F(JobsTest, BelongToTheirOwner) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    EXPECT_THROW(run(jobs.status("somebody", id)), Error);
    EXPECT_THROW(run(jobs.cancel("somebody", id)), Error);
    EXPECT_THROW(run(jobs.wait("somebody", id, std::chrono::seconds(1), {})), Error);
    EXPECT_FALSE(source->begun()->call.call.stop.stop_requested());
    source->begun()->result.set(good("1"));
    ended(id);
    EXPECT_THROW(run(jobs.status("somebody", id)), Error);
}

TEST_F(JobsTest, WaitingEndsWithTheTimeOrTheStop) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    EXPECT_EQ(run(jobs.wait("local", id, std::chrono::milliseconds(5), {})).state, JobState::running);
    std::stop_source gone;
    auto waiting = spawn(jobs.wait("local", id, std::chrono::seconds(60), gone.get_token()));
    gone.request_stop();
    EXPECT_THROW(get(std::move(waiting)), Error);
    source->begun()->result.set(good("1"));
    EXPECT_EQ(ended(id).state, JobState::completed);
}

TEST_F(JobsTest, ATimeLimitHoldsForJobsToo) {
    source->offer("slow")->time_limit = std::chrono::milliseconds(20);
    ExecutorOptions options = at_once();
    options.time_limit_grace = std::chrono::milliseconds(1);
    start(options);
    const core::Job end = ended(begin_job());
    EXPECT_EQ(end.state, JobState::failed);
    EXPECT_EQ(json::parse(end.result)["error"]["error_type"], "TimeoutError");
    source->begun()->result.set(good("1"));
}

TEST_F(JobsTest, AnEndThatCannotBeStoredIsStillKnown) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    {
        const std::lock_guard lock(store.mutex);
        store.fails = true;
    }
    source->begun()->result.set(good("1"));
    EXPECT_EQ(ended(id).state, JobState::completed);
    EXPECT_EQ(run(jobs.status("local", id)).state, JobState::completed);
}

core::Job left_behind(const std::string& tool, const std::string& arguments = "{}") {
    core::Job job;
    job.id = JobId::make();
    job.owner = "local";
    job.conversation = ConversationId::make();
    job.tool = tool;
    job.arguments = arguments;
    job.created_at = now();
    return job;
}

Task<int> recovered(ToolExecutor& executor) {
    co_await executor.recover();
    co_return 0;
}

TEST_F(JobsTest, RecoverRunsIdempotentToolsAgainAndGivesUpOthers) {
    source->offer("slow")->effects.idempotent = true;
    source->offer("pay");
    source->offer("strict", R"({"required": ["n"]})")->effects.idempotent = true;
    start();
    const std::vector<core::Job> left = {left_behind("slow", R"({"n": 3})"), left_behind("pay"),
                                         left_behind("gone"), left_behind("strict")};
    for (const core::Job& job : left) store.jobs_by_id[job.id] = job;
    run(recovered(*executor));
    EXPECT_EQ(store.jobs_by_id.at(left[0].id).state, JobState::running);
    EXPECT_EQ(source->begun()->call.call.arguments, R"({"n": 3})");
    source->begun()->result.set(good("1", "Done again"));
    EXPECT_EQ(ended(left[0].id).state, JobState::completed);
    EXPECT_EQ(ended(left[1].id).state, JobState::lost);
    EXPECT_EQ(ended(left[2].id).state, JobState::lost);
    EXPECT_EQ(ended(left[3].id).state, JobState::failed);
    EXPECT_THAT(store.notices(),
                testing::UnorderedElementsAre(
                    "slow finished: Done again.",
                    "pay was lost. The daemon ended while it ran, and it cannot simply be run again.",
                    "gone was lost. The daemon ended while it ran, and the tool is no longer there.",
                    "strict failed: n is missing."));
    EXPECT_EQ(source->begun_count(), 1u);
    EXPECT_EQ(audit.losses, 1);
    std::map<std::string, std::string> outcomes;
    for (const core::AuditEntry& entry : audit.entries) outcomes[entry.tool] = entry.outcome;
    EXPECT_EQ(outcomes["pay"] + " " + outcomes["gone"], "lost lost");
}

TEST_F(JobsTest, OfWhoIsShutOutEndAndSayWhy) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    source->begun();
    executor->end_all_of("somebody", "The user somebody is disabled.");
    EXPECT_EQ(run(jobs.status("local", id)).state, JobState::running);
    executor->end_all_of("local", "The user local is disabled.");
    ASSERT_TRUE(eventually([&] { return source->begun()->call.call.stop.stop_requested(); }));
    source->begun()->result.set(failed(ToolErrorType::CancelledError, "Somebody wants it to stop.", true));
    const core::Job end = ended(id);
    EXPECT_EQ(end.state, JobState::cancelled);
    EXPECT_EQ(end.summary, "The user local is disabled.");
}

TEST_F(JobsTest, OfWhoIsShutOutAreNotBegunAgain) {
    source->offer("slow")->effects.idempotent = true;
    const auto shut_out = std::make_shared<std::atomic<bool>>(true);
    ExecutorOptions options;
    options.policy = std::make_shared<Policy>(std::vector<PolicyRule>(), [shut_out](const core::Owner& user) {
        return Caller{user, {}, *shut_out ? "The user " + user + " is disabled." : ""};
    });
    start(options);
    const core::Job left = left_behind("slow", "{}");
    store.jobs_by_id[left.id] = left;
    run(recovered(*executor));
    const core::Job end = ended(left.id);
    EXPECT_EQ(end.state, JobState::cancelled);
    EXPECT_EQ(end.summary, "The user local is disabled.");
    EXPECT_EQ(call("slow").error, ToolErrorType::CancelledError);
    EXPECT_EQ(source->begun_count(), 0u);
    *shut_out = false;
    auto again = begin("slow");
    source->begun()->result.set(good("{}"));
    EXPECT_TRUE(get(std::move(again)).success);
}

TEST_F(JobsTest, AfterStopStoringAJobStaysToBeTakenUpAgain) {
    source->offer("slow");
    start(at_once());
    const JobId id = begin_job();
    jobs.stop_storing();
    source->begun()->result.set(failed(ToolErrorType::PluginCrashedError, "The host was killed.", false));
    EXPECT_EQ(run(jobs.wait("local", id, std::chrono::milliseconds(20), {})).state, JobState::running);
    EXPECT_EQ(store.jobs_by_id.at(id).state, JobState::running);
    EXPECT_TRUE(store.notices().empty());
}

TEST_F(JobsTest, ManyAtOnceAllEndOnce) {
    source->offer("slow");
    ExecutorOptions options = at_once();
    options.max_running = 4;
    start(options);
    std::vector<std::future<core::ToolOutcome>> calls;
    for (int i = 0; i < 100; ++i) calls.push_back(begin("slow"));
    std::vector<JobId> ids;
    for (auto& call : calls) ids.push_back(get(std::move(call)).job.value());
    for (std::size_t i = 0; i < 100; ++i) source->begun(i)->result.set(good("1"));
    for (const JobId id : ids) EXPECT_EQ(ended(id).state, JobState::completed);
    EXPECT_EQ(store.notices().size(), 100u);
}

}  // namespace
}  // namespace assistd::tools
