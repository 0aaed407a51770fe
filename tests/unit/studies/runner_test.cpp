#include "tools/studies.h"

#include "unit/studies/runner_fixture.h"

namespace assistd::tools {
namespace {

TEST_F(StudyRunnerTest, RunsEveryCombinationAndKeepsWhatCameOfIt) {
    core::StudyRequest wanted = request();
    wanted.name = "sizes";
    wanted.seeds_per_combination = 2;
    wanted.base_parameters = R"({"seed": 5})";
    const StudyId id = run(studies->create(wanted)).id;
    const core::Study study = ended(id);
    EXPECT_EQ(study.state, StudyState::completed);
    EXPECT_EQ(study.name, "sizes");
    EXPECT_EQ(study.runs, 6);
    EXPECT_EQ(study.counts.completed, 6);
    EXPECT_EQ(study.percent(), 100);
    std::ranges::sort(calls);
    EXPECT_THAT(calls, ElementsAre(1, 1, 2, 2, 3, 3));

    const auto runs = runs_of(id);
    ASSERT_EQ(runs.size(), 6u);
    EXPECT_EQ(runs[4].number, 5);
    EXPECT_EQ(runs[4].parameters, R"({"n":3,"seed":9})");
    EXPECT_EQ(runs[4].metrics, R"({"df":3.0})");
    EXPECT_EQ(runs[4].summary, "Grew.");
    ASSERT_EQ(runs[4].artifacts.size(), 1u);
    const core::StudyRun whole = run(studies->run("local", id, 5));
    EXPECT_EQ(json::parse(whole.result)["data"]["df"], 3.0);

    const auto results = run(studies->results("local", id, 0, 10));
    ASSERT_EQ(results.size(), 3u);
    EXPECT_EQ(results[1].parameters, R"({"n":2})");
    EXPECT_EQ(results[1].metrics[0].mean, 2);
    EXPECT_EQ(results[1].metrics[0].count, 2);

    const core::Artifact table = run(artifacts.find("local", study.artifact));
    EXPECT_EQ(table.kind, "study");
    EXPECT_EQ(table.call_id, id.text());
}

TEST_F(StudyRunnerTest, EachRunIsACallLikeAnyOther) {
    core::StudyRequest wanted = request("grow", R"({"n": [4]})");
    wanted.project_id = "proj_1";
    const StudyId id = run(studies->create(wanted)).id;
    ended(id);
    ASSERT_EQ(contexts.size(), 1u);
    EXPECT_EQ(contexts[0].owner, "local");
    EXPECT_EQ(contexts[0].project_id, "proj_1");
    EXPECT_EQ(contexts[0].call_id, id.text() + "/1");
    EXPECT_TRUE(contexts[0].background);
    EXPECT_EQ(artifacts.added_in_background, 1);
    EXPECT_TRUE(contexts[0].turn.is_nil());
    ASSERT_EQ(audit.entries.size(), 1u);
    EXPECT_EQ(audit.entries[0].outcome, "success");
}

TEST_F(StudyRunnerTest, AsManyAtOnceAsThereIsRoomForAndTheStudiesTakeTurns) {
    const StudyId first = run(studies->create(request("hold", R"({"n": [1, 2, 3, 4]})"))).id;
    source->begun(1);
    const StudyId second = run(studies->create(request("hold", R"({"n": [11, 12]})"))).id;
    EXPECT_EQ(run(studies->find("local", first)).counts.running, 2);
    EXPECT_EQ(source->begun_count(), 2u);
    source->begun(0)->result.set(good("{}"));
    const json third = json::parse(source->begun(2)->call.call.arguments);
    source->begun(1)->result.set(good("{}"));
    const json fourth = json::parse(source->begun(3)->call.call.arguments);
    EXPECT_NE(third["n"].get<int>() > 10, fourth["n"].get<int>() > 10);
    EXPECT_EQ(run(studies->find("local", second)).counts.running, 1);
    source->release();
    ended(first);
    ended(second);
}

TEST_F(StudyRunnerTest, WhatFailedCanBeRunAgain) {
    fails = true;
    const StudyId id = run(studies->create(request("grow", R"({"n": [4, 5, 6, 10]})"))).id;
    core::Study study = ended(id);
    EXPECT_EQ(study.state, StudyState::completed_with_errors);
    EXPECT_EQ(study.counts.completed, 2);
    EXPECT_EQ(study.counts.failed, 2);
    const std::string first_table = study.artifact;
    const core::StudyRun bad = run(studies->run("local", id, 2));
    EXPECT_EQ(bad.state, RunState::failed);
    EXPECT_EQ(bad.error_type, "InternalError");
    EXPECT_EQ(bad.summary, "It does not grow.");

    fails = false;
    calls.clear();
    run(studies->retry("local", id));
    study = ended(id);
    EXPECT_EQ(study.state, StudyState::completed);
    EXPECT_EQ(study.counts.completed, 4);
    EXPECT_THAT(calls, testing::UnorderedElementsAre(5, 10));
    EXPECT_THROW(run(studies->retry("local", id)), Error);

    // Plots may have been made of the table before, and are to be made again.
    EXPECT_NE(study.artifact, first_table);
    const auto made_by = [&](const std::string& table) {
        return run(artifacts.find("local", table)).call_id;
    };
    // What another call of the same id made is replaced in the store.
    EXPECT_NE(made_by(study.artifact), made_by(first_table));
    EXPECT_EQ(json::parse(run(artifacts.find("local", first_table)).metadata)["failed"], 2);
    EXPECT_EQ(json::parse(run(artifacts.find("local", study.artifact)).metadata)["failed"], 0);
    for (const std::string& table : {first_table, study.artifact})
        EXPECT_EQ(run(studies->find_by_table("local", table)).id, id);
    EXPECT_THROW(run(studies->find_by_table("local", "simulation-1")), Error);
    EXPECT_THROW(run(studies->find_by_table("other", first_table)), Error);
}

// What the analysis that failed was made of is in the table that tells of it.
TEST_F(StudyRunnerTest, WhatFailedRunsMadeStaysWhenTheyRunAgain) {
    std::atomic<bool> well = false;
    source
        ->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                [&](SourceCall&) {
                    return well ? good("{}") : failed(core::ToolErrorType::InternalError, "No.", true);
                })
        ->effects.idempotent = true;
    registry.refresh();
    core::StudyRequest wanted = request("grow", R"({"n": [7]})");
    wanted.then = "analyze";
    const StudyId id = run(studies->create(wanted)).id;
    EXPECT_EQ(ended(id).counts.failed, 1);
    const auto before = runs_of(id)[0].artifacts;
    ASSERT_EQ(before.size(), 1u);
    well = true;
    run(studies->retry("local", id));
    EXPECT_EQ(ended(id).counts.completed, 1);
    const auto after = runs_of(id)[0].artifacts;
    ASSERT_EQ(after.size(), 1u);
    EXPECT_NE(run(artifacts.find("local", after[0])).call_id,
              run(artifacts.find("local", before[0])).call_id);
}

TEST_F(StudyRunnerTest, OfSeveralRetriesAtOnceOneIsDone) {
    fails = true;
    const StudyId id = run(studies->create(request("grow", R"({"n": [5, 10, 15]})"))).id;
    ended(id);
    fails = false;
    calls.clear();
    std::vector<std::future<core::Study>> retries;
    for (int i = 0; i < 8; ++i) retries.push_back(spawn(studies->retry("local", id)));
    int done = 0;
    for (auto& retry : retries) try {
            get(std::move(retry));
            ++done;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::conflict);
        }
    EXPECT_EQ(done, 1);
    EXPECT_EQ(ended(id).counts.completed, 3);
    EXPECT_THAT(calls, testing::UnorderedElementsAre(5, 10, 15));
}

TEST_F(StudyRunnerTest, ACancelledStudyEndsItsRunsAndCanGoOn) {
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3, 4, 5]})"))).id;
    source->begun(0)->result.set(good("{}"));
    const auto held = source->begun(2);
    auto cancelled = spawn(studies->cancel("local", id));
    for (const std::size_t i : {1u, 2u}) {
        ASSERT_TRUE(eventually([&] { return source->begun(i)->call.call.stop.stop_requested(); }));
        source->begun(i)->result.set(failed(core::ToolErrorType::CancelledError, "Cancelled.", true));
    }
    const core::Study study = get(std::move(cancelled));
    EXPECT_EQ(study.state, StudyState::cancelled);
    EXPECT_EQ(study.counts.completed, 1);
    EXPECT_EQ(study.counts.failed, 0);
    EXPECT_EQ(study.waiting(), 4);
    EXPECT_EQ(run(studies->cancel("local", id)).state, StudyState::cancelled);

    source->release();
    run(studies->retry("local", id));
    EXPECT_EQ(ended(id).counts.ended(), 5);
}

TEST_F(StudyRunnerTest, OfWhoIsShutOutEndsAndDoesNotGoOnAfterARestart) {
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3, 4, 5]})"))).id;
    source->begun(1);
    studies->end_all_of("somebody");
    EXPECT_FALSE(source->begun(0)->call.call.stop.stop_requested());
    // As a crash leaves it.
    runner_options.shut_out = [](const core::Owner& user) { return "The user " + user + " is disabled."; };
    begin_again();
    run(studies->recover());
    EXPECT_EQ(ended(id).state, StudyState::cancelled);
    // Nor one that he could still ask for.
    EXPECT_EQ(ended(run(studies->create(request())).id).counts.ended(), 0);
    EXPECT_TRUE(calls.empty());

    runner_options.shut_out = nullptr;
    begin_again();
    const StudyId other = run(studies->create(request("hold", R"({"n": [1, 2, 3, 4, 5]})"))).id;
    source->begun(3);
    studies->end_all_of("local");
    source->release();
    EXPECT_EQ(ended(other).state, StudyState::cancelled);
}

TEST_F(StudyRunnerTest, GoesOnAfterARestartWithWhatIsMissing) {
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3]})"))).id;
    source->begun(0)->result.set(good(R"({"df": 1})"));
    source->begun(2);
    ASSERT_TRUE(eventually([&] { return runs_of(id).size() == 1; }));
    begin_again();
    for (const std::size_t i : {1u, 2u})
        source->begun(i)->result.set(failed(core::ToolErrorType::CancelledError, "Going down.", true));
    run(studies->recover());
    source->begun(4);
    EXPECT_EQ(run(studies->find("local", id)).counts.completed, 1);
    EXPECT_EQ(run(studies->find("local", id)).counts.running, 2);
    for (const std::size_t i : {3u, 4u}) source->begun(i)->result.set(good(R"({"df": 2})"));
    const core::Study study = ended(id);
    EXPECT_EQ(study.state, StudyState::completed);
    EXPECT_EQ(source->begun_count(), 5u);
    EXPECT_EQ(runs_of(id)[0].metrics, R"({"df":1})");
}

TEST_F(StudyRunnerTest, WhatMayNotRunTwiceIsNotBegunAgainByItself) {
    source->specs.back()->effects.idempotent = false;
    const StudyId id = run(studies->create(request("hold", R"({"n": [1]})"))).id;
    source->begun();
    begin_again();
    run(studies->recover());
    const core::Study study = ended(id);
    EXPECT_EQ(study.state, StudyState::completed_with_errors);
    EXPECT_EQ(source->begun_count(), 1u);
    EXPECT_THAT(runs_of(id)[0].summary, HasSubstr("cannot simply be run again"));
}

TEST_F(StudyRunnerTest, AnotherToolMayWorkOnWhatEachRunMade) {
    source->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                  [](SourceCall& call) {
                      const json arguments = json::parse(call.call.arguments);
                      return good(json{{"points", 9}, {"of", arguments["simulation"]}}.dump());
                  });
    registry.refresh();
    core::StudyRequest wanted = request("grow", R"({"n": [7]})");
    wanted.then = "analyze";
    const StudyId id = run(studies->create(wanted)).id;
    EXPECT_EQ(ended(id).state, StudyState::completed);
    EXPECT_EQ(json::parse(runs_of(id)[0].metrics), (json{{"df", 7.0}, {"analyze.points", 9}}));
    wanted.then = "grow";
    EXPECT_THAT(refusal(wanted), HasSubstr("takes no artifact"));
    source->offer("choosy", R"({"type": "object", "required": ["mode"], "properties": {
        "mode": {"type": "string"}, "simulation": {"type": "string", "format": "artifact"}}})");
    registry.refresh();
    source->offer("compare", R"({"type": "object", "properties": {"sources": {"type": "array",
        "items": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}}})");
    registry.refresh();
    wanted.then = "compare";
    EXPECT_THAT(refusal(wanted), HasSubstr("call it for those that you choose when the study has ended: "));
    EXPECT_THAT(refusal(wanted), HasSubstr(R"('{"sources":["simulation-1","simulation-2"]}')"));
    for (const char* several : {"analyze,grow", "analyze, grow", "[\"analyze\"]"}) {
        wanted.then = several;
        EXPECT_THAT(refusal(wanted), HasSubstr("is a list. Begin the study with the first of them"));
    }
    wanted.then = "choosy";
    EXPECT_THAT(refusal(wanted), HasSubstr("needs more than an artifact: mode is missing."));
}

// What grew is a result whatever a tool says that looks at it: of those that it declines are the most unlike
// the others, and means without them would be wrong.
TEST_F(StudyRunnerTest, ARunIsDoneThoughTheOtherToolDeclinesWhatItMade) {
    source->offer("analyze", R"({"type": "object", "properties": {
        "simulation": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]}}})",
                  [](SourceCall&) {
                      return failed(core::ToolErrorType::ValidationError, "It holds too few points.", true);
                  });
    registry.refresh();
    core::StudyRequest wanted = request("grow", R"({"n": [7]})");
    wanted.then = "analyze";
    const StudyId id = run(studies->create(wanted)).id;
    EXPECT_EQ(ended(id).state, StudyState::completed);
    const core::StudyRun only = runs_of(id)[0];
    EXPECT_EQ(json::parse(only.metrics), (json{{"df", 7.0}}));
    EXPECT_EQ(only.summary, "Grew.");
    EXPECT_EQ(only.error_type, "");
    EXPECT_THAT(only.warnings, ElementsAre("analyze declined it: It holds too few points."));
}

TEST_F(StudyRunnerTest, WhatCannotRunIsRefusedBeforeAnythingIsStored) {
    EXPECT_THAT(refusal(request("nope")), HasSubstr("There is no tool named \"nope\"."));
    EXPECT_THAT(refusal(request("grow", R"({"n": [1, 0]})")),
                HasSubstr("grow cannot run with {\"n\":0}. n must be at least 1; it is 0."));
    EXPECT_THAT(refusal(request("grow", R"({"m": [1]})")), HasSubstr("m"));
    for (int i = 0; i < 3; ++i) run(studies->create(request("hold")));
    EXPECT_THAT(refusal(request()), HasSubstr("You have 3 studies that are running"));
    core::StudyQuery query;
    query.owner = "local";
    EXPECT_EQ(run(studies->list(query)).items.size(), 3u);
}

TEST_F(StudyRunnerTest, OfAToolThatWaitsIsToldForWhat) {
    const std::string why = "run_late_simulation waits: somebody has to agree, with: assistctl";
    source->waits = {{"run_late_simulation", why}};
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    EXPECT_THAT(refusal(request("run_late_simulation")), HasSubstr(why));
    core::StudyRequest with_then = request();
    with_then.then = "run_late_simulation";
    EXPECT_THAT(refusal(with_then), HasSubstr(why));
    for (const char* tool : {"run_late_simulation", "late"})
        EXPECT_THAT(call("create_parametric_study", json{{"tool", tool}}.dump()).summary, HasSubstr(why));
}

TEST_F(StudyRunnerTest, OthersAreNotFound) {
    const StudyId id = run(studies->create(request())).id;
    ended(id);
    const auto code = [&](auto task) {
        try {
            run(std::move(task));
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::internal;
    };
    EXPECT_EQ(code(studies->find("other", id)), ErrorCode::not_found);
    EXPECT_EQ(code(studies->cancel("other", id)), ErrorCode::not_found);
    EXPECT_EQ(code(studies->retry("other", id)), ErrorCode::not_found);
    EXPECT_EQ(code(studies->results("other", id, 0, 10)), ErrorCode::not_found);
    EXPECT_EQ(code(studies->run("other", id, 1)), ErrorCode::not_found);
    EXPECT_EQ(code(studies->remove("other", id)), ErrorCode::not_found);
    EXPECT_EQ(run(studies->find("local", id)).counts.completed, 3);
}

TEST_F(StudyRunnerTest, ARemovedStudyIsStoppedFirst) {
    const StudyId id = run(studies->create(request("hold", R"({"n": [1, 2, 3]})"))).id;
    source->begun(1);
    auto removed = spawn(studies->remove("local", id));
    for (const std::size_t i : {0u, 1u}) {
        ASSERT_TRUE(eventually([&] { return source->begun(i)->call.call.stop.stop_requested(); }));
        source->begun(i)->result.set(failed(core::ToolErrorType::CancelledError, "Cancelled.", true));
    }
    get(std::move(removed));
    EXPECT_THROW(run(studies->find("local", id)), Error);
    EXPECT_EQ(source->begun_count(), 2u);
}

// What a person is asked about each time is not begun a thousand times by a model.
TEST_F(StudyRunnerTest, AModelCannotBeginOneOfAToolThatNeedsApproval) {
    source->offer("erase", grow_schema)->effects.destructive = true;
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    const auto outcome = call("create_parametric_study", R"({"tool": "erase"})");
    EXPECT_EQ(outcome.error, core::ToolErrorType::PermissionError);
    EXPECT_THAT(outcome.summary, HasSubstr("only a person can begin a study"));
    EXPECT_EQ(source->begun_count(), 0u);

    const auto good_one =
        call("create_parametric_study", R"({"tool": "grow", "parameter_grid": {"n": [1]}})");
    ASSERT_TRUE(good_one.success) << good_one.body;
    const auto id = StudyId::parse(body(good_one)["data"]["study_id"].get<std::string>());
    ended(*id);
    EXPECT_THAT(good_one.summary, HasSubstr("with 1 run of grow; n = 1."));
    const auto twelve =
        call("create_parametric_study",
             R"({"tool": "grow", "parameter_grid": {"n": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}})");
    EXPECT_THAT(twelve.summary, HasSubstr("12 runs of grow; n = 1, 2, 3, …, 12."));
    ended(*StudyId::parse(body(twelve)["data"]["study_id"].get<std::string>()));
    const std::string named = R"({"study_id": ")" + id->text() + "\"}";
    EXPECT_THAT(call("get_study_status", named).summary, HasSubstr("is done: 1 of 1 run completed"));
    const auto results = body(call("get_study_results", R"({"metrics": ["df"]})"));
    EXPECT_EQ(results["data"]["combinations"][0]["metrics"]["df"]["mean"], 1.0);
    EXPECT_THAT(call("retry_failed_simulations").summary, HasSubstr("nothing to run again"));
    EXPECT_THAT(call("get_study_status", R"({"study_id": "x"})").summary,
                HasSubstr("There is no study \"x\""));
}

TEST_F(StudyRunnerTest, ItsResultsTellWhyRunsFailedAndWhichHasTheMost) {
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    fails = true;
    ended(run(studies->create(request("grow", R"({"n": [3, 5, 7, 10]})"))).id);
    const auto status = body(call("get_study_status"))["data"]["failures"];
    ASSERT_EQ(status.size(), 1u);
    EXPECT_EQ(status[0]["name"], "2 runs, the first run 2");
    EXPECT_EQ(status[0]["message"], "It does not grow.");
    EXPECT_THAT(call("get_study_results").summary,
                HasSubstr("2 failed. Failed (2 runs, the first run 2): It does not grow."));
    const auto most = body(call("get_study_results", R"({"sort_by": "df"})"))["data"]["ranked"];
    ASSERT_EQ(most.size(), 2u);
    EXPECT_EQ(most[0]["run"], 3);
    const auto mean = call("get_study_results", R"({"mean_of": "df"})");
    EXPECT_THAT(mean.summary, HasSubstr("Over 2 runs df has the mean 5.0 ± 2.0 (standard error) and the "
                                        "standard deviation 2.8, from 3 to 7. They differ in n;"));
    EXPECT_EQ(body(mean)["data"]["overall"]["count"], 2);
    EXPECT_THAT(call("get_study_results", R"({"mean_of": "rg"})").summary, HasSubstr("tells \"rg\""));
    EXPECT_EQ(most[0]["value"], 7.0);
    const std::string least = R"({"sort_by": "df", "order": "ascending"})";
    EXPECT_THAT(call("get_study_results", least).summary, HasSubstr("run 1 has the lowest df"));
    EXPECT_THAT(call("get_study_results", R"({"sort_by": "colour"})").summary, HasSubstr("tells \"colour\""));
}

TEST_F(StudyRunnerTest, SaysThatNoRunHasEndedYet) {
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    auto wanted = request("hold", R"({"n": [1]})");
    wanted.name = "new";
    const StudyId id = run(studies->create(std::move(wanted))).id;
    const auto held = source->begun();
    for (const char* asked : {R"({"mean_of": "df"})", R"({"sort_by": "df"})"})
        EXPECT_EQ(call("get_study_results", asked).summary,
                  "No run of the study \"new\" has ended yet, so none tells \"df\".");
    held->result.set(failed(core::ToolErrorType::InternalError, "It did not.", true));
    ended(id);
    EXPECT_EQ(call("get_study_results", R"({"mean_of": "df"})").summary,
              "No run of the study \"new\" has completed, so none tells \"df\".");
}

TEST_F(StudyRunnerTest, AModelCannotGoOnWithOneThatOnlyAPersonMayBegin) {
    source->offer("erase", grow_schema)->effects.destructive = true;
    registry.add(std::make_shared<StudyTools>(*studies, registry, *executor));
    const StudyId id = run(studies->create(request("erase", R"({"n": [1]})"))).id;
    const auto held = source->begun();
    held->result.set(failed(core::ToolErrorType::InternalError, "It did not.", true));
    ended(id);
    EXPECT_EQ(call("retry_failed_simulations").error, core::ToolErrorType::PermissionError);
    EXPECT_EQ(source->begun_count(), 1u);
}

TEST_F(StudyRunnerTest, AStudyIsNoWayAroundARule) {
    const PolicyRule asks{Verdict::ask, {{ToolPattern::Kind::name, "grow"}}, {}, "a.yaml:1"};
    const PolicyRule denies{Verdict::deny, {{ToolPattern::Kind::name, "hold"}}, {}, "a.yaml:2"};
    ExecutorOptions options;
    options.policy = std::make_shared<Policy>(std::vector{asks, denies}, Callers());
    const ToolExecutor ruled(pool.get_executor(), registry, store, artifacts, audit, jobs, options);
    registry.add(std::make_shared<StudyTools>(*studies, registry, ruled));
    const auto asked = call("create_parametric_study", R"({"tool": "grow"})");
    EXPECT_EQ(asked.error, core::ToolErrorType::PermissionError);
    EXPECT_THAT(asked.summary, HasSubstr("only a person can begin a study"));
    const auto denied = call("create_parametric_study", R"({"tool": "hold"})");
    EXPECT_EQ(denied.error, core::ToolErrorType::PermissionError);
    EXPECT_THAT(denied.summary, HasSubstr("the rule in a.yaml:2 denies it"));
    EXPECT_EQ(source->begun_count(), 0u);
}

}  // namespace
}  // namespace assistd::tools
