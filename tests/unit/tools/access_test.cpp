// The executor with a policy and limits: what is refused never reaches a tool, whoever calls.

#include "base/sha256.h"
#include "core/job.h"
#include "tools/executor.h"
#include "unit/tools/fakes.h"

namespace assistd::tools {
namespace {

using core::CallRefusal;
using core::ToolErrorType;
using testing::ElementsAre;
using testing::HasSubstr;

class CountingMeters : public core::Meters {
  public:
    void tool_refused(core::CallRefusal refusal) override {
        const std::lock_guard lock(mutex);
        refusals.push_back(std::string(core::name_of(refusal)));
    }
    std::mutex mutex;
    std::vector<std::string> refusals;
};

class AccessTest : public ToolsTest {
  protected:
    // One whose calls are counted.
    std::shared_ptr<core::ToolSpec> offer_counted(const std::string& name, const std::string& schema = "{}") {
        return source->offer(name, schema, [this](SourceCall&) { return ++ran, good("1"); });
    }
    void rule(Verdict verdict, const std::string& name, People people = {}) {
        policy.rules.push_back({verdict,
                                {{ToolPattern::Kind::name, name}},
                                std::move(people),
                                "a.yaml:" + std::to_string(policy.rules.size() + 1)});
    }
    void start_with_policy() {
        for (CallLimit& limit : policy.limits) limit.place = "a.yaml:9";
        const auto find = [this](const std::string& name) -> std::shared_ptr<const core::ToolSpec> {
            const auto tool = registry.find(name);
            return tool ? tool->spec : nullptr;
        };
        options.policy = std::make_shared<Policy>(policy.rules, configured_callers(policy));
        options.quotas = std::make_shared<Quotas>(policy.limits, counts, find);
        options.meters = meters;
        start(options);
    }
    core::ToolOutcome call_by(const core::Owner& user, const std::string& name,
                              const std::string& arguments = "{}") {
        core::ToolCall call = call_of(name, arguments);
        call.owner = user;
        return run(executor->execute(call, nullptr));
    }
    core::ToolOutcome call_asking(const std::string& name, core::CallGate gate) {
        core::ToolCall call = call_of(name, "{}");
        call.gate = std::move(gate);
        return run(executor->execute(call, nullptr));
    }
    core::Job unfinished(const std::string& tool) {
        core::Job job;
        job.id = JobId::make();
        job.owner = "local";
        job.tool = tool;
        job.arguments = "{}";
        job.conversation = conversation;
        job.turn = turn;
        store.jobs_by_id[job.id] = job;
        return job;
    }

    FakeCounts counts;
    PolicyConfig policy;
    ExecutorOptions options;
    std::shared_ptr<CountingMeters> meters = std::make_shared<CountingMeters>();
    std::atomic<int> ran = 0;
};

TEST_F(AccessTest, ADeniedCallIsRefusedWithItsRule) {
    offer_counted("grow", R"({"required": ["n"]})");
    policy.roles = {{"staff", {"alice"}}};
    rule(Verdict::allow, "grow", {{}, {"staff"}});
    rule(Verdict::deny, "grow");
    start_with_policy();
    const auto outcome = call_by("bob", "grow");
    EXPECT_EQ(outcome.error, ToolErrorType::PermissionError) << "before the arguments are looked at";
    EXPECT_EQ(outcome.refusal, CallRefusal::rule);
    EXPECT_EQ(
        outcome.summary,
        "bob may not call grow: the rule in a.yaml:2 denies it. Whoever runs this daemon can change that.");
    EXPECT_EQ(body(outcome)["error"]["recoverable"], false);
    EXPECT_EQ(ran, 0);
    EXPECT_TRUE(call_by("alice", "grow", R"({"n": 1})").success);
    ASSERT_EQ(audit.entries.size(), 2u);
    EXPECT_EQ(audit.entries[0].outcome + " " + audit.entries[0].decided_by, "PermissionError a.yaml:2");
    EXPECT_EQ(audit.entries[1].outcome + " " + audit.entries[1].decided_by, "success a.yaml:1");
    EXPECT_THAT(meters->refusals, ElementsAre("rule"));
}

TEST_F(AccessTest, TheDaemonsOwnToolsAreUnderThePolicyToo) {
    registry.add(std::make_shared<BuiltinTools>(jobs, store, artifacts));
    policy.rules.push_back({Verdict::deny, {{ToolPattern::Kind::plugin, "assistd"}}, {}, "a.yaml:1"});
    start_with_policy();
    EXPECT_EQ(call_by("local", "list_artifacts").error, ToolErrorType::PermissionError);
}

TEST_F(AccessTest, EachUserIsOfferedWhatHeMayCall) {
    offer_counted("grow");
    offer_counted("shrink");
    rule(Verdict::deny, "grow", {{"bob"}, {}});
    rule(Verdict::ask, "shrink", {{"bob"}, {}});
    start_with_policy();
    const auto bobs = executor->offered_to("bob");
    ASSERT_EQ(bobs->tools.size(), 1u);
    EXPECT_EQ(bobs->tools[0]->name, "shrink");
    EXPECT_TRUE(bobs->tools[0]->needs_approval);
    EXPECT_EQ(executor->offered_to("alice"), executor->all());

    const core::ToolAccess access = run(executor->access("bob", registry.find("grow")->spec));
    EXPECT_FALSE(access.allowed);
    EXPECT_THAT(access.reason, HasSubstr("a.yaml:1"));
    EXPECT_TRUE(run(executor->access("bob", registry.find("shrink")->spec)).tool->needs_approval);
    EXPECT_TRUE(run(executor->access("alice", registry.find("grow")->spec)).allowed);
}

TEST_F(AccessTest, ARuleThatAsksHasAPersonAsked) {
    offer_counted("grow");
    rule(Verdict::ask, "grow");
    start_with_policy();
    bool asked = false;
    const core::CallGate says_yes =
        [&](std::shared_ptr<const core::ToolSpec> tool) -> Task<core::GateAnswer> {
        asked = tool->needs_approval;
        core::GateAnswer answer;
        answer.by_person = true;
        co_return answer;
    };
    EXPECT_TRUE(call_asking("grow", says_yes).success);
    EXPECT_TRUE(asked);
    EXPECT_EQ(audit.entries.at(0).decided_by, "a person");
    // A person's own call is not asked about.
    EXPECT_TRUE(call("grow").success);
    EXPECT_EQ(audit.entries.at(1).decided_by, "a.yaml:1");
}

TEST_F(AccessTest, OnlyCallsThatRunCount) {
    offer_counted("grow", R"({"properties": {"n": {"type": "integer"}}})");
    source->offer("breaks", "{}",
                  [](SourceCall&) { return failed(ToolErrorType::PluginCrashedError, "It crashed.", true); });
    rule(Verdict::deny, "grow", {{"bob"}, {}});
    policy.limits.push_back({.per_day = 3});
    start_with_policy();
    call_by("bob", "grow");
    call_by("local", "grow", R"({"n": "many"})");
    call_by("local", "no_such_tool");
    const core::CallGate says_no = [](std::shared_ptr<const core::ToolSpec>) -> Task<core::GateAnswer> {
        core::GateAnswer answer;
        answer.by_person = true;
        answer.refusal = failure(ToolErrorType::PermissionError, "No.", false);
        answer.refusal->refusal = CallRefusal::person;
        co_return answer;
    };
    call_asking("grow", says_no);
    EXPECT_EQ(counts.total(), 0);
    EXPECT_TRUE(call("grow").success);
    EXPECT_EQ(call("breaks").error, ToolErrorType::PluginCrashedError);
    EXPECT_TRUE(call("grow").success);
    const auto refused = call("grow");
    EXPECT_EQ(refused.error, ToolErrorType::QuotaExceededError) << "a call that crashed counts";
    EXPECT_GT(refused.retry_after->count(), 0);
    EXPECT_EQ(counts.total(), 3);
    EXPECT_EQ(audit.entries.back().outcome + " " + audit.entries.back().decided_by,
              "QuotaExceededError a.yaml:9");
    EXPECT_THAT(meters->refusals, ElementsAre("rule", "arguments", "unknown_tool", "person", "per_day"));
}

TEST_F(AccessTest, ACallOfAPluginThatIsLeftAloneIsNoCrashAndCostsNothing) {
    offer_counted("grow", R"({"properties": {"n": {"type": "integer"}}})");
    policy.limits.push_back({.per_day = 3});
    start_with_policy();
    source->leave_alone("grow", std::chrono::seconds(17));
    const core::CallGate nobody = [](std::shared_ptr<const core::ToolSpec>) -> Task<core::GateAnswer> {
        ADD_FAILURE() << "A person is asked about a call that cannot run.";
        co_return core::GateAnswer();
    };
    const auto refused = call_asking("grow", nobody);
    EXPECT_EQ(refused.error, ToolErrorType::QuotaExceededError);
    EXPECT_EQ(refused.refusal, CallRefusal::quarantine);
    EXPECT_EQ(refused.retry_after, std::chrono::seconds(17));
    EXPECT_EQ(body(refused)["error"],
              json::parse(R"({"error_type": "QuotaExceededError", "message": "Its plugin is left alone.",
                              "recoverable": true, "details": {"retry_after_s": 17}})"));
    EXPECT_EQ(call("grow", R"({"n": "many"})").refusal, CallRefusal::arguments) << "which is worth mending";
    EXPECT_EQ(counts.total() + ran, 0);
    EXPECT_EQ(audit.entries.front().outcome, "QuotaExceededError");
    EXPECT_THAT(meters->refusals, ElementsAre("quarantine", "arguments"));
    source->leave_alone("grow", std::nullopt);
    EXPECT_TRUE(call("grow").success);
}

// The fourth crash may come while a call stands in line for its process.
TEST_F(AccessTest, SoIsACallThatItsSourceTurnsDown) {
    source->offer("grow", "{}", [](SourceCall&) {
        return refused_by({"It is left alone.", std::chrono::seconds(30)});
    });
    start_with_policy();
    const auto refused = call("grow");
    EXPECT_EQ(refused.refusal, CallRefusal::quarantine);
    EXPECT_EQ(refused.retry_after, std::chrono::seconds(30));
    EXPECT_EQ(refused.summary, "It is left alone.");
}

TEST_F(AccessTest, ACallReachesThePluginThatItMeansOrNone) {
    offer_counted("grow");
    start_with_policy();
    core::ToolCall meant = call_of("grow", "{}");
    meant.plugin = "org.example.test";
    EXPECT_TRUE(run(executor->execute(meant, nullptr)).success);
    meant.plugin = "org.example.other";
    const auto refused = run(executor->execute(meant, nullptr));
    EXPECT_EQ(refused.error, ToolErrorType::ToolNotFoundError);
    EXPECT_EQ(refused.refusal, CallRefusal::unknown_tool);
    EXPECT_EQ(refused.summary,
              "grow of the plugin org.example.other is gone; org.example.test offers another tool of that "
              "name now, which may do something else.");
    EXPECT_EQ(ran, 1);
}

TEST_F(AccessTest, ACallHoldsItsPlaceUntilItsSourceHasEnded) {
    source->offer("slow");
    policy.limits.push_back({.at_once = 1});
    options.job_after["slow"] = std::chrono::milliseconds(0);
    start_with_policy();
    const auto outcome = call("slow");
    ASSERT_TRUE(outcome.job);
    EXPECT_EQ(call("slow").error, ToolErrorType::QuotaExceededError) << "a job still runs";
    source->begun()->result.set(good("1"));
    run(jobs.wait("local", *outcome.job, std::chrono::seconds(10), {}));
    EXPECT_TRUE(call("slow").success) << "whoever is told of the end may call again";
}

TEST_F(AccessTest, ACallMayFollowTheOneBeforeAtOnce) {
    offer_counted("grow");
    policy.limits.push_back({.at_once = 1});
    start_with_policy();
    // As close behind as can be.
    const auto calls = [this]() -> Task<int> {
        int refused = 0;
        for (int i = 0; i < 2'000; ++i) {
            core::ToolCall next = call_of("grow", "{}");
            const core::ToolOutcome outcome = co_await executor->execute(std::move(next), nullptr);
            refused += !outcome.success;
        }
        co_return refused;
    };
    EXPECT_EQ(run(calls()), 0);
}

TEST_F(AccessTest, SixtyFourCallsSideBySide) {
    offer_counted("grow");
    policy.limits.push_back({.per_day = 13});
    // All of them find that nothing of the day is known yet.
    counts.rows[{"local", std::chrono::floor<std::chrono::days>(now())}]["grow"] = 3;
    start_with_policy();
    std::vector<std::future<core::ToolOutcome>> calls;
    for (int i = 0; i < 64; ++i) calls.push_back(begin("grow"));
    int good_ones = 0;
    for (auto& one : calls) good_ones += get(std::move(one)).success;
    EXPECT_EQ(good_ones, 10);
    EXPECT_EQ(ran, 10);
    EXPECT_EQ(counts.total(), 13);
}

TEST_F(AccessTest, AJobOfBeforeARestartIsUnderThePolicyOfNow) {
    source->offer("slow")->effects.idempotent = true;
    rule(Verdict::deny, "slow");
    const core::Job job = unfinished("slow");
    start_with_policy();
    run(executor->recover());
    EXPECT_EQ(store.jobs_by_id.at(job.id).state, core::JobState::failed);
    EXPECT_THAT(store.jobs_by_id.at(job.id).result, HasSubstr("PermissionError"));
    ASSERT_EQ(audit.entries.size(), 1u);
    EXPECT_EQ(audit.entries[0].job, job.id);
    EXPECT_EQ(audit.entries[0].outcome + " " + audit.entries[0].decided_by, "PermissionError a.yaml:1");
}

TEST_F(AccessTest, AJobOfBeforeARestartIsNotCountedAgain) {
    source->offer("slow")->effects.idempotent = true;
    policy.limits.push_back({.per_day = 1, .at_once = 1});
    const core::Job job = unfinished("slow");
    counts.rows[{"local", std::chrono::floor<std::chrono::days>(now())}]["slow"] = 1;
    start_with_policy();
    run(executor->recover());
    source->begun()->result.set(good("1"));
    EXPECT_EQ(run(jobs.wait("local", job.id, std::chrono::seconds(10), {})).state, core::JobState::completed);
    EXPECT_EQ(counts.total(), 1);
}

TEST_F(AccessTest, WhatCannotBeCountedIsNotRun) {
    offer_counted("grow");
    policy.limits.push_back({.per_day = 1});
    start_with_policy();
    counts.fails = true;
    const auto outcome = call("grow");
    EXPECT_EQ(outcome.error, ToolErrorType::InternalError);
    EXPECT_THAT(outcome.summary, HasSubstr("cannot be read now"));
    EXPECT_EQ(ran, 0);
}

}  // namespace
}  // namespace assistd::tools
