#include "tools/builtin_tools.h"

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
    for (const char* name : {"get_job_status", "wait_for_job", "list_artifacts"}) {
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

TEST_F(BuiltinToolsTest, ListOwnArtifactsNewestFirst) {
    start();
    EXPECT_EQ(call("list_artifacts").summary, "There are none yet.");
    artifacts.put("local", "simulation", 1);
    artifacts.put("local", "plot", 1);
    artifacts.put("somebody", "plot", 2);
    const json all = body(call("list_artifacts"))["data"];
    EXPECT_EQ(all["count"], 2);
    EXPECT_EQ(all["artifacts"][0]["handle"], "plot-1");
    EXPECT_EQ(all["artifacts"][1]["url"], "/api/v1/ai/artifacts/simulation-1/content");
    const auto plots = call("list_artifacts", R"({"kind": "plot", "limit": 1})");
    EXPECT_EQ(plots.summary, "1 artifact: plot-1 (plot.dat)");
    EXPECT_EQ(call("list_artifacts", R"({"limit": 0})").error, ToolErrorType::ValidationError);
}

}  // namespace
}  // namespace assistd::tools
