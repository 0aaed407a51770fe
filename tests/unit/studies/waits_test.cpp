// What a study waits for: a tool that is gone, that is left alone, or that says when it can be asked again.

#include "unit/studies/runner_fixture.h"

namespace assistd::tools {
namespace {

TEST_F(StudyRunnerTest, WaitsWhenItIsAskedTo) {
    std::atomic<int> tries = 0;
    source
        ->offer("shy", grow_schema,
                [&](SourceCall&) {
                    if (tries++ == 0)
                        return failed(core::ToolErrorType::QuotaExceededError, "Not now.", true,
                                      R"({"retry_after_s": 0.01})");
                    return good("{}");
                })
        ->effects.idempotent = true;
    registry.refresh();
    const StudyId id = run(studies->create(request("shy", R"({"n": [1]})"))).id;
    EXPECT_EQ(ended(id).state, StudyState::completed);
    EXPECT_EQ(tries, 2);
}

TEST_F(StudyRunnerTest, WaitsForAToolThatIsGone) {
    runner_options.missing_pause = std::chrono::hours(1);
    begin_again();
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3]})"))).id;
    source->begun(1);
    const auto specs = source->specs;
    source->specs.clear();
    registry.refresh();
    source->begun(0)->result.set(good("{}"));
    ASSERT_TRUE(eventually([&] { return !run(studies->find("local", id)).waits_for.empty(); }));
    EXPECT_EQ(run(studies->find("local", id)).waits_for,
              "There is no tool named hold now; the study goes on when there is.");
    EXPECT_THAT(
        call("get_study_status").summary,
        testing::EndsWith(". It waits: There is no tool named hold now; the study goes on when there is."));
    source->begun(1)->result.set(good("{}"));
    ASSERT_TRUE(eventually([&] { return runs_of(id).size() == 2; }));

    source->specs = specs;
    registry.refresh();
    studies->look_again();
    source->begun(2)->result.set(good("{}"));
    const core::Study study = ended(id);
    EXPECT_EQ(study.counts.completed, 3);
    EXPECT_EQ(study.state, StudyState::completed);
}

// An hour is long, and somebody may do something about it meanwhile.
TEST_F(StudyRunnerTest, LooksAgainWhenItIsTold) {
    std::atomic<bool> left_alone = true;
    source
        ->offer("shy", grow_schema,
                [&](SourceCall&) {
                    if (left_alone)
                        return failed(core::ToolErrorType::PluginCrashedError, "It is left alone.", true,
                                      R"({"retry_after_s": 3600})");
                    return good("{}");
                })
        ->effects.idempotent = true;
    registry.refresh();
    const StudyId id = run(studies->create(request("shy", R"({"n": [1, 2]})"))).id;
    ASSERT_TRUE(eventually([&] { return run(studies->find("local", id)).waits_for == "It is left alone."; }));
    left_alone = false;
    studies->look_again();
    EXPECT_EQ(ended(id).counts.completed, 2);
}

TEST_F(StudyRunnerTest, WaitsWhileThePluginOfOneOfItsToolsIsLeftAlone) {
    source->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                  [](SourceCall&) { return good(R"({"points": 9})"); });
    registry.refresh();
    for (const std::string tool : {"grow", "analyze"}) {
        source->leave_alone(tool, std::chrono::hours(1));
        core::StudyRequest wanted = request("grow", R"({"n": [1, 2]})");
        wanted.then = "analyze";
        const StudyId id = run(studies->create(wanted)).id;
        ASSERT_TRUE(eventually(
            [&] { return run(studies->find("local", id)).waits_for == "Its plugin is left alone."; }));
        EXPECT_TRUE(runs_of(id).empty());
        source->leave_alone(tool, std::nullopt);
        studies->look_again();  // as when it is released or replaced
        EXPECT_EQ(ended(id).counts.completed, 2);
    }
    EXPECT_EQ(calls.size(), 4u) << "no call was tried in vain";
    // Or when the time is over.
    source->leave_alone("grow", std::chrono::seconds(0));
    const StudyId id = run(studies->create(request("grow", R"({"n": [1]})"))).id;
    ASSERT_TRUE(eventually([&] { return !run(studies->find("local", id)).waits_for.empty(); }));
    source->leave_alone("grow", std::nullopt);
    EXPECT_EQ(ended(id).counts.completed, 1);
}

// Not even where the tool behind it is left alone since the run began.
TEST_F(StudyRunnerTest, ARunThatMayNotBeRepeatedIsNotGivenUpForTheToolBehindIt) {
    source->specs.front()->effects.idempotent = false;
    std::atomic<bool> left_alone = true;
    source->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                  [&](SourceCall&) {
                      if (left_alone) return refused_by({"It is left alone.", std::chrono::hours(1)});
                      return good(R"({"points": 9})");
                  });
    registry.refresh();
    core::StudyRequest wanted = request("grow", R"({"n": [1, 2, 3]})");
    wanted.then = "analyze";
    const StudyId id = run(studies->create(wanted)).id;
    ASSERT_TRUE(eventually([&] { return run(studies->find("local", id)).waits_for == "It is left alone."; }));
    // Others have the places of the runs that wait.
    EXPECT_EQ(ended(run(studies->create(request("grow", R"({"n": [7, 8]})"))).id).counts.completed, 2);
    left_alone = false;
    studies->look_again();
    EXPECT_EQ(ended(id).counts.completed, 3);
    EXPECT_EQ(calls.size(), 5u);
    EXPECT_EQ(json::parse(runs_of(id)[0].metrics), (json{{"df", 1.0}, {"analyze.points", 9}}));
}

TEST_F(StudyRunnerTest, ARunThatWaitsForTheToolBehindItEndsWithItsStudy) {
    source->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                  [&](SourceCall&) {
                      return refused_by({"It is left alone.", std::chrono::hours(1)});
                  });
    registry.refresh();
    core::StudyRequest wanted = request("grow", R"({"n": [1, 2, 3]})");
    wanted.then = "analyze";
    const StudyId id = run(studies->create(wanted)).id;
    ASSERT_TRUE(eventually([&] { return !run(studies->find("local", id)).waits_for.empty(); }));
    EXPECT_EQ(run(studies->cancel("local", id)).state, StudyState::cancelled);
    EXPECT_EQ(ended(run(studies->create(request())).id).counts.completed, 3) << "no place is lost";
}

TEST_F(StudyRunnerTest, WaitsForThePluginThatItBeganWith) {
    runner_options.missing_pause = std::chrono::hours(1);
    begin_again();
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3]})"))).id;
    source->begun(1);
    const auto own = source->specs;
    auto another = std::make_shared<core::ToolSpec>(*own.back());
    another->plugin = "org.example.other";
    source->specs = {another};
    registry.refresh();
    source->begun(0)->result.set(good("{}"));
    ASSERT_TRUE(eventually([&] { return !run(studies->find("local", id)).waits_for.empty(); }));
    EXPECT_EQ(run(studies->find("local", id)).waits_for,
              "The tool hold is one of the plugin org.example.other now, and the study began with that of "
              "org.example.test, for which it waits.");
    source->begun(1)->result.set(good("{}"));
    source->specs = own;
    registry.refresh();
    studies->look_again();
    source->begun(2)->result.set(good("{}"));
    EXPECT_EQ(ended(id).counts.completed, 3);
}

TEST_F(StudyRunnerTest, WaitsForAToolThatWaitsItself) {
    runner_options.missing_pause = std::chrono::hours(1);
    begin_again();
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3]})"))).id;
    source->begun(1);
    source->specs.clear();
    source->waits = {{"hold", "hold waits for somebody"}};
    registry.refresh();
    source->begun(0)->result.set(good("{}"));
    ASSERT_TRUE(eventually([&] { return !run(studies->find("local", id)).waits_for.empty(); }));
    EXPECT_EQ(run(studies->find("local", id)).waits_for,
              "hold waits for somebody; the study goes on when that is done.");
}

}  // namespace
}  // namespace assistd::tools
