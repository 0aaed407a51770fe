#pragma once
// A runner of studies on the real store, with tools that tests offer.

#include "store/store.h"
#include "support/temp_folder.h"
#include "tools/studies.h"
#include "tools/study_tools.h"
#include "unit/tools/fakes.h"

namespace assistd::tools {

using core::RunState;
using core::StudyState;
using testing::ElementsAre;
using testing::HasSubstr;

inline const char* const grow_schema = R"({"type": "object", "additionalProperties": false, "properties": {
    "n": {"type": "integer", "minimum": 1}, "seed": {"type": "integer"}}})";

class StudyRunnerTest : public ToolsTest {
  protected:
    StudyRunnerTest() {
        source->offer("grow", grow_schema, [this](SourceCall& call) { return grown(call); })
            ->effects.idempotent = true;
        source->offer("hold", grow_schema)->effects.idempotent = true;
        start();
        begin_again();
    }
    ~StudyRunnerTest() override {
        source->release();
        if (studies) studies->stop();
        pool.join();
    }

    // As a daemon that is started on the same store.
    void begin_again() {
        if (studies) studies->stop();
        runners.push_back(std::make_unique<StudyRunner>(pool.get_executor(), registry, *executor,
                                                        storage->studies(), artifacts, runner_options));
        studies = runners.back().get();
    }
    // Fails for a multiple of 5 while `fails` is set.
    SourceResult grown(SourceCall& call) {
        const json arguments = json::parse(call.call.arguments);
        const int n = arguments.value("n", 1);
        {
            const std::lock_guard lock(mutex);
            calls.push_back(n);
            contexts.push_back(call.call);
        }
        if (fails && n % 5 == 0) return failed(core::ToolErrorType::InternalError, "It does not grow.", true);
        SourceResult result = good(json{{"df", n * 1.0}, {"n", n}}.dump(), "Grew.");
        core::ArtifactDraft draft;
        draft.file = UniqueFd(::memfd_create("draft", 0));
        draft.about.kind = "simulation";
        result.artifacts.push_back(std::move(draft));
        return result;
    }
    core::StudyRequest request(const std::string& tool = "grow",
                               const std::string& grid = R"({"n": [1, 2, 3]})") {
        core::StudyRequest wanted;
        wanted.owner = "local";
        wanted.tool = tool;
        wanted.parameter_grid = grid;
        return wanted;
    }
    core::Study ended(StudyId id) {
        EXPECT_TRUE(eventually([&] { return run(studies->find("local", id)).state != StudyState::running; }));
        return run(studies->find("local", id));
    }
    std::vector<core::StudyRun> runs_of(StudyId id) {
        core::StudyRunQuery query;
        query.owner = "local";
        query.study = id;
        query.limit = 1'000;
        return run(studies->runs(query)).items;
    }
    std::string refusal(core::StudyRequest wanted) {
        try {
            run(studies->create(std::move(wanted)));
        } catch (const Error& error) {
            return error.what() + std::string(error.fields().empty() ? "" : " " + error.fields()[0].message);
        }
        return "";
    }

    test::TempFolder folder;
    StudyOptions runner_options = {
        .at_once = 2, .most_running = 3, .busy_pause = std::chrono::milliseconds(1)};
    std::unique_ptr<store::Storage> storage = store::open_store({.folder = folder.path() / "state"});
    std::vector<std::unique_ptr<StudyRunner>> runners;
    StudyRunner* studies = nullptr;
    std::mutex mutex;
    std::vector<int> calls;
    std::vector<core::ToolCall> contexts;
    std::atomic<bool> fails = false;
};

}  // namespace assistd::tools
