// Calls whose callers wait for the end.

#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

class CallerWaitsTest : public ToolsTest {
  protected:
    core::ToolCall waiting(const std::string& name) {
        core::ToolCall call = call_of(name, "{}");
        call.caller_waits = true;
        return call;
    }
};

TEST_F(CallerWaitsTest, ALongCallBecomesNoJob) {
    source->offer("slow");
    ExecutorOptions options;
    options.job_after["slow"] = std::chrono::milliseconds(0);
    start(options);
    auto call = spawn(executor->execute(waiting("slow"), nullptr));
    source->begun()->result.set(good("1", "Done."));
    const core::ToolOutcome outcome = get(std::move(call));
    EXPECT_FALSE(outcome.job);
    EXPECT_EQ(outcome.summary, "Done.");
    EXPECT_TRUE(store.jobs_by_id.empty());
}

TEST_F(CallerWaitsTest, NorDoesOneThatBeginsAsAJobElsewhere) {
    source->offer("brew", "{}", [](SourceCall&) { return good("1", "Brewed."); })->long_running = true;
    start();
    EXPECT_EQ(run(executor->execute(waiting("brew"), nullptr)).summary, "Brewed.");
    EXPECT_TRUE(call("brew").job);
}

TEST_F(CallerWaitsTest, ItIsCancelledAllTheSame) {
    source->offer("slow");
    start();
    auto call = spawn(executor->execute(waiting("slow"), nullptr));
    source->begun();
    stop.request_stop();
    EXPECT_EQ(get(std::move(call)).error, core::ToolErrorType::CancelledError);
}

TEST_F(ToolsTest, TheRegistryTellsOfChangesAndOfNothingElse) {
    int changes = 0;
    registry.on_change([&] { ++changes; });
    registry.refresh();
    EXPECT_EQ(changes, 0);
    source->offer("new");
    registry.refresh();
    EXPECT_EQ(changes, 1);
    registry.refresh();
    EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace assistd::tools
