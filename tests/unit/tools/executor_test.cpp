#include "tools/executor.h"

#include "base/sha256.h"
#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using testing::HasSubstr;

using ToolExecutorTest = ToolsTest;

TEST_F(ToolExecutorTest, GivesTheResultInItsShape) {
    source->offer("add", "{}", [](SourceCall& call) { return good(call.call.arguments, "Added."); });
    start();
    const auto outcome = call("add", R"({"a": 1})");
    EXPECT_TRUE(outcome.success);
    EXPECT_EQ(outcome.body, R"({"success":true,"data":{"a": 1},"summary":"Added."})");
    EXPECT_EQ(outcome.summary, "Added.");
    EXPECT_FALSE(outcome.error);
    EXPECT_GT(outcome.duration.count(), 0);
}

TEST_F(ToolExecutorTest, ALongResultIsKeptWholeAndCutForTheModel) {
    const std::string data = json{{"values", std::string(5 << 20, 'x')}}.dump();
    source->offer("many", "{}", [&](SourceCall&) { return good(data, "Many."); });
    start();
    core::ToolCall in_a_turn = call_of("many", "{}");
    in_a_turn.turn = TurnId::make();
    const auto outcome = run(executor->execute(in_a_turn, nullptr));
    ASSERT_EQ(artifacts.stored.size(), 1u);
    const core::Artifact& whole = artifacts.stored[0];
    EXPECT_EQ(whole.handle, "result-1");
    EXPECT_EQ(whole.name, "many-result.json");
    EXPECT_EQ(whole.size, static_cast<std::int64_t>(data.size()));
    EXPECT_EQ(whole.tool, "many");
    EXPECT_LT(outcome.body.size(), 70'000u);
    const json cut = body(outcome);
    EXPECT_EQ(cut["success"], true);
    EXPECT_EQ(cut["summary"], "Many.");
    EXPECT_EQ(cut["data"]["bytes"], data.size());
    EXPECT_EQ(cut["data"]["artifact"], "result-1");
    EXPECT_TRUE(data.starts_with(cut["data"]["beginning"].get<std::string>()));
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].handle, "result-1");

    // Who calls a tool directly gets all of it.
    core::ToolCall direct = call_of("many", "{}");
    direct.turn = {};
    EXPECT_EQ(body(run(executor->execute(direct, nullptr)))["data"], json::parse(data));
    EXPECT_EQ(artifacts.stored.size(), 1u);
}

TEST_F(ToolExecutorTest, EveryCallIsInTheAuditLog) {
    source
        ->offer("add", R"({"properties": {"a": {"type": "integer"}}})",
                [](SourceCall& call) { return good(call.call.arguments, "Added."); })
        ->effects.idempotent = true;
    start();
    call("add", R"({"a": 1})");
    call("add", R"({"a": "one"})");
    call("no_such_tool", "{}");
    ASSERT_EQ(audit.entries.size(), 3u);
    EXPECT_TRUE(audit.begun.empty()) << "a turn that died makes the call again";
    const core::AuditEntry& good = audit.entries[0];
    EXPECT_EQ(good.owner + "|" + good.tool + "|" + good.outcome, "local|add|success");
    EXPECT_FALSE(good.plugin.empty());
    EXPECT_EQ(good.arguments_sha256, sha256(R"({"a": 1})"));
    EXPECT_GT(good.result_bytes, 10);
    EXPECT_EQ(audit.entries[1].outcome, "ValidationError");
    EXPECT_EQ(audit.entries[2].outcome, "ToolNotFoundError");
    EXPECT_EQ(audit.entries[2].plugin, "");
}

TEST_F(ToolExecutorTest, ADirectCallIsInTheAuditLogFromItsBeginning) {
    source->offer("add", R"({"properties": {"a": {"type": "integer"}}})",
                  [](SourceCall& call) { return good(call.call.arguments, "Added."); });
    start();
    for (const char* arguments : {R"({"a": 1})", R"({"a": "one"})"}) {
        core::ToolCall direct = call_of("add", arguments);
        direct.turn = {};
        run(executor->execute(direct, nullptr));
    }
    EXPECT_EQ(audit.begun, std::vector<std::string>{"add"});  // what is refused never began
    EXPECT_EQ(audit.entries.size(), 2u);
}

TEST_F(ToolExecutorTest, ACallThatMayNotBeRepeatedIsInTheAuditLogFromItsBeginning) {
    source->offer("erase", "{}", [](SourceCall&) { return good("1", "Erased."); });
    start();
    call("erase");
    core::ToolCall of_study = call_of("erase", "{}");
    of_study.turn = {};
    of_study.background = true;
    run(executor->execute(of_study, nullptr));
    EXPECT_EQ(audit.begun, (std::vector<std::string>{"erase", "erase"}));
    EXPECT_EQ(audit.entries.size(), 2u);
}

TEST_F(ToolExecutorTest, WhatACallUsedIsInTheAuditLogAlsoWhenItFailed) {
    source->offer("count", "{}", [](SourceCall&) {
        SourceResult result = good("1", "Counted.");
        result.used = {std::chrono::microseconds(1'500), 4'096};
        return result;
    });
    source->offer("fail", "{}", [](SourceCall&) {
        SourceResult result = failed(ToolErrorType::InternalError, "It failed.", false);
        result.used.cpu_time = std::chrono::microseconds(7);
        return result;
    });
    start();
    EXPECT_EQ(call("count").used.peak_memory_bytes, 4'096);
    call("fail");
    ASSERT_EQ(audit.entries.size(), 2u);
    EXPECT_EQ(audit.entries[0].used.cpu_time, std::chrono::microseconds(1'500));
    EXPECT_EQ(audit.entries[0].used.peak_memory_bytes, 4'096);
    EXPECT_EQ(audit.entries[1].used.cpu_time, std::chrono::microseconds(7));
    EXPECT_FALSE(audit.entries[1].used.peak_memory_bytes);
}

TEST_F(ToolExecutorTest, AnUnknownToolIsNotFound) {
    start();
    const auto outcome = call("fly");
    EXPECT_FALSE(outcome.success);
    EXPECT_EQ(outcome.body, R"({"success":false,"error":{"error_type":"ToolNotFoundError",)"
                            R"("message":"There is no tool named \"fly\".","recoverable":false}})");
}

TEST_F(ToolExecutorTest, AToolThatWaitsForSomebodyToAgreeSaysSo) {
    source->offer("there", "{}", [](SourceCall&) { return good("1"); });
    source->waits = {{"greet", "greet waits: agree to it first."}, {"there", "there waits."}};
    start();
    const auto outcome = call("greet");
    EXPECT_EQ(outcome.error, ToolErrorType::ToolNotFoundError);
    EXPECT_EQ(outcome.summary, "greet waits: agree to it first.");
    EXPECT_TRUE(call("there").success) << "another version of it goes on";
    EXPECT_EQ(registry.all()->waiting.size(), 1u);
}

TEST_F(ToolExecutorTest, AToolThatNeedsAProjectSaysSoBeforeItLooksAtArguments) {
    source->offer("save", "{}", [](SourceCall&) { return good("1"); })->requires_project = true;
    start();
    EXPECT_EQ(call("save", "nonsense").error, ToolErrorType::ContextError);
    core::ToolCall with_project = call_of("save", "{}");
    with_project.project_id = "p1";
    EXPECT_TRUE(run(executor->execute(with_project, nullptr)).success);
}

TEST_F(ToolExecutorTest, WrongArgumentsNeverReachTheSource) {
    int calls = 0;
    source->offer("grow", R"({"properties": {"n": {"type": "integer", "minimum": 10}}, "required": ["n"]})",
                  [&](SourceCall&) { return ++calls, good("1"); });
    start();
    const auto outcome = call("grow", R"({"n": 5})");
    EXPECT_EQ(outcome.error, ToolErrorType::ValidationError);
    EXPECT_EQ(body(outcome), json::parse(R"({"success": false, "error": {"error_type": "ValidationError",
        "message": "n must be at least 10; it is 5.", "recoverable": true,
        "details": {"errors": [{"field": "n", "message": "n must be at least 10; it is 5."}]}}})"));
    for (const char* text :
         {"", "  ", "{}", "{", "[1]", "5", "null", "\"text\"", "{\"n\": NaN}", "{\"n\": 5,}", "\xff"})
        EXPECT_EQ(call("grow", text).error, ToolErrorType::ValidationError) << text;
    EXPECT_EQ(call("grow", "[1]").summary, "The arguments must be a JSON object, not [1].");
    EXPECT_THAT(call("grow", "{").summary, HasSubstr("not valid JSON"));
    EXPECT_THAT(call("grow", "").summary, HasSubstr("n is missing"));
    EXPECT_THAT(call("grow", std::string(100'000, '[')).summary, HasSubstr("nested deeper"));
    EXPECT_EQ(calls, 0);
}

TEST_F(ToolExecutorTest, CompletesArgumentsWithDefaultsAndWholeNumbers) {
    std::string seen;
    source->offer("grow", R"({"properties": {"n": {"type": "integer"}, "d": {"default": 2}}})",
                  [&](SourceCall& call) {
                      seen = call.call.arguments;
                      return good("1");
                  });
    start();
    EXPECT_TRUE(call("grow", R"({"n": 500.0})").success);
    EXPECT_EQ(seen, R"({"d":2,"n":500})");
}

TEST_F(ToolExecutorTest, FailuresOfTheSourceKeepTheirTypeAndDetails) {
    for (const ToolErrorType type :
         {ToolErrorType::ContextError, ToolErrorType::ValidationError, ToolErrorType::PermissionError,
          ToolErrorType::TimeoutError, ToolErrorType::PluginCrashedError, ToolErrorType::CancelledError,
          ToolErrorType::QuotaExceededError, ToolErrorType::InternalError}) {
        const std::string name = "tool_" + std::string(core::name_of(type));
        source->offer(name, "{}",
                      [type](SourceCall&) { return failed(type, "It is \"so\".", true, R"({"why":1})"); });
        start();
        const auto outcome = call(name);
        EXPECT_EQ(outcome.error, type);
        EXPECT_EQ(body(outcome), (json{{"success", false},
                                       {"error",
                                        {{"error_type", core::name_of(type)},
                                         {"message", "It is \"so\"."},
                                         {"recoverable", true},
                                         {"details", {{"why", 1}}}}}}));
    }
}

TEST_F(ToolExecutorTest, WhatASourceThrowsIsAnInternalErrorWithoutInternals) {
    source->offer("bad", "{}",
                  [](SourceCall&) -> SourceResult { throw std::runtime_error("secret path /x"); });
    source->offer("busy", "{}", [](SourceCall&) -> SourceResult {
        throw Error(ErrorCode::unavailable, "All hosts are busy.");
    });
    start();
    EXPECT_EQ(call("bad").error, ToolErrorType::InternalError);
    EXPECT_THAT(call("bad").body, testing::Not(HasSubstr("secret")));
    EXPECT_EQ(body(call("busy"))["error"]["recoverable"], true);
}

TEST_F(ToolExecutorTest, BrokenPromisesOfAPluginAreInternalErrors) {
    source->offer("no_json", "{}", [](SourceCall&) { return good("{oops"); });
    source->offer("wrong", "{}", [](SourceCall&) { return good(R"({"n": "x"})"); })->output_schema =
        R"({"properties": {"n": {"type": "integer"}}})";
    source->offer("right", "{}", [](SourceCall&) { return good(R"({"n": 1})"); })->output_schema =
        R"({"properties": {"n": {"type": "integer"}}})";
    source->offer("bytes", "{}", [](SourceCall&) {
        return failed(ToolErrorType::InternalError, "\xff\xfe", false, "{bad");
    });
    start();
    EXPECT_EQ(call("no_json").summary, "no_json gave a result that is not valid JSON.");
    EXPECT_EQ(call("wrong").summary,
              "wrong gave a result that does not fit its own output schema: n must be an integer; it is the "
              "string \"x\".");
    EXPECT_EQ(call("wrong").error, ToolErrorType::InternalError);
    EXPECT_TRUE(call("right").success);
    EXPECT_TRUE(json::accept(call("bytes").body));
}

TEST_F(ToolExecutorTest, OpensTheArtifactsOfTheCallersOwn) {
    artifacts.put("local", "simulation", 1);
    artifacts.put("local", "plot", 1);
    artifacts.put("somebody", "simulation", 7);
    std::vector<std::string> handles;
    std::string arguments;
    source->offer("compare", R"({"properties": {
        "first": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation", "geometry"]},
        "others": {"type": "array", "items": {"type": "string", "format": "artifact"}}}})",
                  [&](SourceCall& call) {
                      for (const OpenArtifact& open : call.artifacts) handles.push_back(open.artifact.handle);
                      arguments = call.call.arguments;
                      return good("1");
                  });
    start();
    const std::string id = artifacts.stored[1].id.text();
    EXPECT_TRUE(
        call("compare", R"({"first": "simulation-1", "others": [")" + id + R"(", "simulation-1"]})").success);
    EXPECT_THAT(handles, testing::ElementsAre("simulation-1", "plot-1"));
    EXPECT_EQ(json::parse(arguments)["others"], json({"plot-1", "simulation-1"}));
    EXPECT_EQ(artifacts.opened["simulation-1"], 1);

    EXPECT_EQ(call("compare", R"({"first": "simulation-7"})").summary,
              "first names the artifact \"simulation-7\", which does not exist.");
    EXPECT_EQ(call("compare", R"({"others": ["plot-1", "plot-9"]})").summary,
              "others[1] names the artifact \"plot-9\", which does not exist.");
    const auto wrong_kind = call("compare", R"({"first": "plot-1"})");
    EXPECT_EQ(wrong_kind.summary,
              "first must be an artifact of kind simulation or geometry; plot-1 is of kind plot.");
    EXPECT_EQ(wrong_kind.error, ToolErrorType::ValidationError);
    EXPECT_EQ(call("compare", R"({"first": 5})").error, ToolErrorType::ValidationError);
    EXPECT_EQ(artifacts.opened.count("simulation-7"), 0u);
    artifacts.fails = true;
    EXPECT_EQ(call("compare", R"({"first": "plot-1"})").error, ToolErrorType::InternalError);
}

SourceResult with_file(SourceCall&) {
    SourceResult result = good(R"({"seed": 42})", "Grew it.");
    core::ArtifactDraft draft;
    draft.file = UniqueFd(::memfd_create("draft", 0));
    EXPECT_EQ(::write(draft.file.get(), "12345", 5), 5);
    draft.about.kind = "simulation";
    draft.about.name = "dla.npy";
    draft.about.media_type = "application/x-npy";
    draft.about.metadata = R"({"Df": 1.7})";
    result.artifacts.push_back(std::move(draft));
    return result;
}

TEST_F(ToolExecutorTest, StoresTheFilesWithAllThatIsNeededToMakeThemAgain) {
    artifacts.put("local", "geometry", 3);
    source->offer("grow", R"({"properties": {"start": {"type": "string", "format": "artifact"}}})",
                  with_file);
    start();
    const auto outcome = call("grow", R"({"start": "geometry-3"})");
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].handle, "simulation-1");
    const json ref = body(outcome)["artifacts"][0];
    EXPECT_EQ(ref, (json{{"id", outcome.artifacts[0].id.text()},
                         {"handle", "simulation-1"},
                         {"kind", "simulation"},
                         {"name", "dla.npy"},
                         {"media_type", "application/x-npy"},
                         {"size", 5},
                         {"url", "/api/v1/ai/artifacts/simulation-1/content"}}));
    const core::Artifact& stored = artifacts.stored.back();
    EXPECT_EQ(stored.owner, "local");
    EXPECT_EQ(stored.conversation, conversation);
    EXPECT_EQ(stored.turn, turn);
    EXPECT_EQ(stored.call_id, "call_1");
    EXPECT_EQ(stored.tool, "grow");
    EXPECT_EQ(stored.plugin, "org.example.test 1.2.3");
    EXPECT_EQ(stored.parameters, R"({"start": "geometry-3"})");
    EXPECT_EQ(stored.seed, "42");
    EXPECT_THAT(stored.parents, testing::ElementsAre("geometry-3"));
    EXPECT_EQ(stored.metadata, R"({"Df": 1.7})");
}

TEST_F(ToolExecutorTest, AFailedCallStoresNothing) {
    source->offer("grow", "{}", [](SourceCall& call) {
        SourceResult result = with_file(call);
        result.success = false;
        return result;
    });
    source->offer("full", "{}", with_file);
    start();
    EXPECT_FALSE(call("grow").success);
    artifacts.fails = true;
    const auto outcome = call("full");
    EXPECT_EQ(outcome.error, ToolErrorType::InternalError);
    EXPECT_EQ(outcome.summary, "full ran, but its files could not be stored.");
    EXPECT_TRUE(artifacts.stored.empty());
}

TEST_F(ToolExecutorTest, RunsCallsSideBySideWithProgress) {
    source->offer("slow");
    start();
    std::mutex mutex;
    std::vector<double> seen;
    auto first = begin("slow", "{}", [&](const core::ToolProgress& progress) {
        const std::lock_guard lock(mutex);
        seen.push_back(progress.fraction);
    });
    auto second = begin("slow");
    const auto one = source->begun(0);
    const auto two = source->begun(1);
    one->progress({0.25, "quarter"});
    two->progress({0.25, "quarter"});
    ASSERT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return !seen.empty();
    }));
    two->result.set(good("2"));
    one->result.set(good("1"));
    EXPECT_EQ(body(get(std::move(first)))["success"], true);
    EXPECT_EQ(body(get(std::move(second)))["success"], true);
    one->progress({0.5, "after the end"});
    const std::lock_guard lock(mutex);
    EXPECT_EQ(seen.size(), 1u);
}

TEST_F(ToolExecutorTest, ACancelEndsTheCallAtOnceAndReachesTheSource) {
    source->offer("slow");
    start();
    auto call = begin("slow");
    const auto held = source->begun();
    EXPECT_FALSE(held->call.call.stop.stop_requested());
    stop.request_stop();
    const auto outcome = get(std::move(call));
    EXPECT_EQ(outcome.error, ToolErrorType::CancelledError);
    EXPECT_EQ(outcome.summary, "slow was cancelled.");
    EXPECT_TRUE(held->call.call.stop.stop_requested());
    held->result.set(good("1"));
    EXPECT_EQ(get(begin("slow")).error, ToolErrorType::CancelledError);  // the turn is cancelled already
}

TEST_F(ToolExecutorTest, ASourceThatIgnoresItsTimeLimitIsLeftBehind) {
    source->offer("endless")->time_limit = std::chrono::milliseconds(20);
    ExecutorOptions options;
    options.time_limit_grace = std::chrono::milliseconds(10);
    start(options);
    auto call = begin("endless");
    const auto held = source->begun();
    const auto outcome = get(std::move(call));
    EXPECT_EQ(outcome.error, ToolErrorType::TimeoutError);
    EXPECT_EQ(outcome.summary, "endless did not finish within 0.02 s, its time limit.");
    EXPECT_TRUE(held->call.call.stop.stop_requested());
    held->result.set(good("1"));
}

class OneProject : public core::Projects {
  public:
    Task<core::Project> add(core::Project project) override { co_return project; }
    Task<core::Project> change(core::Owner, ProjectId, core::ProjectChange) override { co_return own; }
    Task<core::Project> find(core::Owner owner, ProjectId id) override {
        if (owner != "local" || id != own.id) throw Error(ErrorCode::not_found, "There is no such project.");
        co_return own;
    }
    Task<core::Page<core::Project>> list(core::ProjectQuery) override {
        co_return core::Page<core::Project>();
    }
    Task<void> remove(core::Owner, ProjectId, bool) override { co_return; }

    core::Project own{ProjectId::make()};
};

// Whoever calls: a model and an MCP client can name one that is not there, too.
TEST_F(ToolExecutorTest, AProjectThatACallNamesIsTheCallersOwn) {
    constexpr const char* schema = R"({"properties": {"project_id": {"type": "string"}}})";
    source->offer("list", schema, [](SourceCall& call) { return good(call.call.arguments, "Listed."); });
    source->offer("foreign", schema, [](SourceCall& call) { return good(call.call.arguments, "Asked."); })
        ->plugin = "mcp.tracker";
    OneProject projects;
    ExecutorOptions options;
    options.projects = &projects;
    start(options);
    EXPECT_TRUE(call("list").success);
    EXPECT_TRUE(call("list", R"({"project_id": ""})").success);
    EXPECT_TRUE(call("list", json{{"project_id", projects.own.id.text()}}.dump()).success);
    for (const std::string& other : {std::string("soot"), ProjectId::make().text()}) {
        const auto outcome = call("list", json{{"project_id", other}}.dump());
        EXPECT_EQ(outcome.error, ToolErrorType::ValidationError);
        EXPECT_THAT(outcome.body, HasSubstr("project_id names no project of yours"));
    }
    EXPECT_TRUE(call("foreign", R"({"project_id": "soot"})").success);  // a project of another program
}

bool is_ready(const std::future<core::ToolOutcome>& call) {
    return call.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

TEST_F(ToolExecutorTest, MoreCallsThanFitAreRefused) {
    source->offer("slow");
    ExecutorOptions options;
    options.max_running = 1;
    options.max_queued = 1;
    start(options);
    auto running = begin("slow");
    const auto first = source->begun(0);
    // Of three more, one waits in the queue and two are refused.
    std::stop_source leave_queue;
    std::vector<std::future<core::ToolOutcome>> calls;
    for (int i = 0; i < 3; ++i) {
        core::ToolCall call = call_of("slow", "{}");
        call.stop = leave_queue.get_token();
        calls.push_back(spawn(executor->execute(call, nullptr)));
    }
    ASSERT_TRUE(eventually([&] { return std::count_if(calls.begin(), calls.end(), is_ready) == 2; }));
    leave_queue.request_stop();
    int refused = 0;
    for (auto& call : calls) {
        try {
            EXPECT_EQ(get(std::move(call)).error, ToolErrorType::CancelledError);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unavailable);
            ++refused;
        }
    }
    EXPECT_EQ(refused, 2);
    EXPECT_EQ(source->begun_count(), 1u);
    first->result.set(good("1"));
    EXPECT_TRUE(get(std::move(running)).success);
    auto next = begin("slow");
    source->begun(1)->result.set(good("1"));
    EXPECT_TRUE(get(std::move(next)).success);
}

TEST_F(ToolExecutorTest, ASmallCallIsCheap) {
    source->offer("add", R"({"type": "object", "properties": {"a": {"type": "integer", "minimum": 0},
        "b": {"type": "number"}, "mode": {"enum": ["x", "y"], "default": "x"}}, "required": ["a"], "additionalProperties": false})",
                  [](SourceCall&) { return good(R"({"sum": 3})", "Added."); });
    start();
    const auto many = [this](int count) -> Task<int> {
        int good_ones = 0;
        for (int i = 0; i < count; ++i) {
            core::ToolCall call = call_of("add", R"({"a": 1, "b": 2.5})");
            const auto outcome = co_await executor->execute(std::move(call), nullptr);
            good_ones += outcome.success;
        }
        co_return good_ones;
    };
    const auto cpu = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
    };
    const double before = cpu();
    constexpr int count = 2'000;
    EXPECT_EQ(run(many(count)), count);
    RecordProperty("cpu_us_per_call", std::to_string((cpu() - before) / count));
    std::printf("one small call: %.1f us CPU\n", (cpu() - before) / count);
}

TEST_F(ToolExecutorTest, TheGateIsAskedLastAndItsWordIsTheOutcome) {
    int ran = 0;
    source->offer("grow", R"({"properties": {"n": {"minimum": 10}}})",
                  [&](SourceCall&) { return ++ran, good("1"); });
    start();
    std::vector<std::string> asked;
    bool allowed = false;
    const auto call_with_gate = [&](const std::string& arguments) {
        core::ToolCall call = call_of("grow", arguments);
        call.gate = [&](std::shared_ptr<const core::ToolSpec> tool) -> Task<core::GateAnswer> {
            asked.push_back(tool->name);
            core::GateAnswer answer;
            if (!allowed) answer.refusal = failure(ToolErrorType::PermissionError, "No.", false);
            co_return answer;
        };
        return run(executor->execute(std::move(call), nullptr));
    };
    EXPECT_EQ(call_with_gate(R"({"n": 5})").error, ToolErrorType::ValidationError);
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(call_with_gate(R"({"n": 50})").error, ToolErrorType::PermissionError);
    EXPECT_EQ(ran, 0);
    allowed = true;
    EXPECT_TRUE(call_with_gate(R"({"n": 50})").success);
    EXPECT_EQ(ran, 1);
    EXPECT_THAT(asked, testing::ElementsAre("grow", "grow"));
}

}  // namespace
}  // namespace assistd::tools
