#include "tools/builtin_tools.h"

#include "tools/completion.h"

#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

class BuiltinToolsTest : public ToolsTest {
  protected:
    BuiltinToolsTest() {
        registry.add(std::make_shared<BuiltinTools>(jobs, store, artifacts));
        source->offer("slow")->long_running = true;
    }
};

TEST_F(BuiltinToolsTest, AreThere) {
    start();
    for (const char* name :
         {"get_job_status", "wait_for_job", "cancel_job", "list_jobs", "list_artifacts", "show_artifact"}) {
        const auto tool = registry.find(name);
        ASSERT_TRUE(tool) << name;
        EXPECT_EQ(tool->spec->category, "assistd");
        EXPECT_FALSE(tool->spec->phrases.empty());
    }
}

TEST_F(BuiltinToolsTest, TellAJobsStatus) {
    start();
    EXPECT_EQ(call("get_job_status").summary, "There are no background jobs.");
    const JobId id = call("slow").job.value();
    source->begun()->progress({0.62, "200 of 500"});
    const auto status = call("get_job_status", json{{"job_id", id.text()}}.dump());
    EXPECT_EQ(body(status)["data"], (json{{"job_id", id.text()},
                                          {"tool", "slow"},
                                          {"status", "running"},
                                          {"progress", 0.62},
                                          {"note", "200 of 500"}}));
    EXPECT_EQ(status.summary, "slow is at 62 %: 200 of 500");
    EXPECT_EQ(body(call("get_job_status"))["data"]["job_id"], id.text());  // the newest
    EXPECT_EQ(call("get_job_status", R"({"job_id": "job_1"})").error, ToolErrorType::ValidationError);
    const std::string other = JobId::make().text();
    EXPECT_EQ(call("get_job_status", json{{"job_id", other}}.dump()).error, ToolErrorType::ValidationError);
}

TEST_F(BuiltinToolsTest, OthersJobsDoNotExist) {
    start();
    const JobId id = call("slow").job.value();
    core::ToolCall foreign = call_of("get_job_status", json{{"job_id", id.text()}}.dump());
    foreign.owner = "somebody";
    EXPECT_EQ(run(executor->execute(foreign, nullptr)).error, ToolErrorType::ValidationError);
    foreign.arguments = "{}";
    EXPECT_EQ(run(executor->execute(foreign, nullptr)).summary, "There are no background jobs.");
}

TEST_F(BuiltinToolsTest, WaitForAJobAndShowItsProgress) {
    start();
    const JobId id = call("slow").job.value();
    const auto held = source->begun();
    std::atomic<bool> seen = false;
    auto waiting = begin("wait_for_job", "{}", [&](const core::ToolProgress& progress) {
        if (progress.note == "half") seen = true;
    });
    ASSERT_TRUE(eventually([&] {
        held->progress({0.5, "half"});
        return seen.load();
    }));
    held->result.set(good("7", "Seven"));
    const auto outcome = get(std::move(waiting));
    EXPECT_EQ(body(outcome)["data"]["status"], "completed");
    EXPECT_EQ(body(outcome)["data"]["result"]["data"], 7);
    EXPECT_EQ(outcome.summary, "slow has ended (completed): Seven");
    EXPECT_EQ(body(outcome)["data"]["job_id"], id.text());
}

TEST_F(BuiltinToolsTest, AWaitIsBoundedAndEndsWithTheTurn) {
    start();
    call("slow");
    EXPECT_EQ(call("wait_for_job", R"({"timeout_s": 61})").summary,
              "timeout_s must be at most 60; it is 61.");
    EXPECT_EQ(body(call("wait_for_job", R"({"timeout_s": 0.01})"))["data"]["status"], "running");
    auto waiting = begin("wait_for_job");
    stop.request_stop();
    EXPECT_EQ(get(std::move(waiting)).error, ToolErrorType::CancelledError);
}

TEST_F(BuiltinToolsTest, MeanTheJobOfTheConversation) {
    start();
    const JobId here = call("slow").job.value();
    core::ToolCall elsewhere = call_of("slow", "{}");
    elsewhere.conversation = ConversationId::make();
    const JobId there = run(executor->execute(elsewhere, nullptr)).job.value();
    EXPECT_EQ(body(call("get_job_status"))["data"]["job_id"], here.text());
    elsewhere.name = "get_job_status";
    EXPECT_EQ(body(run(executor->execute(elsewhere, nullptr)))["data"]["job_id"], there.text());
    for (const char* name : {"get_job_status", "wait_for_job", "cancel_job"}) {
        elsewhere.name = name;
        elsewhere.conversation = ConversationId::make();
        const auto outcome = run(executor->execute(elsewhere, nullptr));
        EXPECT_EQ(outcome.error, ToolErrorType::ValidationError) << name;
        EXPECT_NE(outcome.summary.find("in this conversation"), std::string::npos) << outcome.summary;
        EXPECT_NE(outcome.summary.find(there.text()), std::string::npos) << outcome.summary;
    }
}

TEST_F(BuiltinToolsTest, CancelARunningJob) {
    start();
    EXPECT_EQ(call("cancel_job").summary, "There are no running background jobs.");
    const JobId id = call("slow").job.value();
    core::ToolCall foreign = call_of("cancel_job", json{{"job_id", id.text()}}.dump());
    foreign.owner = "somebody";
    EXPECT_EQ(run(executor->execute(foreign, nullptr)).error, ToolErrorType::ValidationError);
    const auto held = source->begun();
    auto cancelling = begin("cancel_job");
    ASSERT_TRUE(eventually([&] { return held->call.call.stop.stop_requested(); }));
    held->result.set(failed(ToolErrorType::CancelledError, "It was cancelled.", false));
    const auto outcome = get(std::move(cancelling));
    EXPECT_EQ(body(outcome)["data"]["status"], "cancelled");
    EXPECT_EQ(outcome.summary, "slow was cancelled.");
    const auto again = call("cancel_job", json{{"job_id", id.text()}}.dump());
    EXPECT_NE(again.summary.find("nothing to cancel"), std::string::npos) << again.summary;
}

TEST_F(BuiltinToolsTest, ListOwnJobs) {
    start();
    EXPECT_EQ(call("list_jobs").summary, "There are no jobs.");
    const JobId id = call("slow").job.value();
    source->begun()->progress({0.25, ""});
    const auto listed = call("list_jobs");
    EXPECT_EQ(listed.summary, "There is 1 job.");
    EXPECT_EQ(body(listed)["data"]["jobs"][0]["job_id"], id.text());
    EXPECT_EQ(body(listed)["data"]["jobs"][0]["summary"], "slow is at 25 %");
    EXPECT_EQ(body(listed)["data"]["jobs"][0]["here"], true);
    core::ToolCall foreign = call_of("list_jobs", "{}");
    foreign.owner = "somebody";
    EXPECT_EQ(run(executor->execute(foreign, nullptr)).summary, "There are no jobs.");
    EXPECT_EQ(call("list_jobs", R"({"state": "broken"})").error, ToolErrorType::ValidationError);
}

TEST_F(BuiltinToolsTest, NameTheArtifactsOfAnEndedJob) {
    start();
    artifacts.put("local", "plot", 4);
    call("slow");
    SourceResult made = good("7", "Seven");
    made.existing.push_back(ref_of(artifacts.stored.front()));
    core::ArtifactRef gone;
    gone.handle = "plot-9";
    made.existing.push_back(gone);
    source->begun()->result.set(std::move(made));
    for (const char* name : {"wait_for_job", "get_job_status"}) {
        const auto outcome = call(name);
        ASSERT_EQ(outcome.artifacts.size(), 1u) << name << outcome.body;
        EXPECT_EQ(outcome.artifacts[0].handle, "plot-4");
        EXPECT_EQ(body(outcome)["artifacts"][0]["handle"], "plot-4");
    }
}

TEST_F(BuiltinToolsTest, ListOwnArtifactsNewestFirst) {
    start();
    EXPECT_EQ(call("list_artifacts").summary, "There are none yet.");
    artifacts.put("local", "simulation", 1);
    artifacts.put("local", "plot", 1);
    artifacts.put("somebody", "plot", 2);
    const json all = body(call("list_artifacts"))["data"];
    EXPECT_EQ(all["count"], 2);
    EXPECT_EQ(all["artifacts"][0]["handle"], "plot-1");
    EXPECT_EQ(all["artifacts"][0]["description"], "plot.dat, uploaded");
    EXPECT_EQ(all["artifacts"][1]["url"], "/api/v1/ai/artifacts/simulation-1/content");
    const auto plots = call("list_artifacts", R"({"kind": "plot", "limit": 1})");
    EXPECT_EQ(plots.summary, "1 artifact.");
    const auto shown = call("show_artifact", json{{"artifact", all["artifacts"][0]["handle"]}}.dump());
    EXPECT_NE(shown.summary.find(all["artifacts"][0]["name"].get<std::string>()), std::string::npos);
    EXPECT_EQ(shown.artifacts.size(), 1u);
    EXPECT_FALSE(call("show_artifact", R"({"artifact": "plot-999"})").success);
    EXPECT_EQ(call("list_artifacts", R"({"limit": 0})").error, ToolErrorType::ValidationError);
}

}  // namespace
}  // namespace assistd::tools
