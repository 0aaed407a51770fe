// The part of the executor that is about calls before they run: what may refuse one, in this order, and what
// a user is told of a tool beforehand.

#include "base/logging.h"
#include "core/project_check.h"
#include "tools/arguments.h"
#include "tools/executor.h"
#include "tools/results.h"

namespace assistd::tools {
namespace {

using core::CallRefusal;
using core::ToolErrorType;
using core::ToolOutcome;

ToolOutcome refused(CallRefusal why, ToolOutcome outcome) {
    outcome.refusal = why;
    return outcome;
}

// What the tool and the call themselves have against it.
std::optional<ToolOutcome> first_refusal(const RegisteredTool* tool, const core::ToolCall& call,
                                         const ToolRegistry& registry) {
    if (!tool)
        return refused(CallRefusal::unknown_tool,
                       failure(ToolErrorType::ToolNotFoundError, registry.why_missing(call.name), false));
    if (!call.plugin.empty() && tool->spec->plugin != call.plugin)
        return refused(
            CallRefusal::unknown_tool,
            failure(ToolErrorType::ToolNotFoundError,
                    call.name + " of the plugin " + call.plugin + " is gone; " + tool->spec->plugin +
                        " offers another tool of that name now, which may do something else.",
                    false));
    if (call.stop.stop_requested())
        return failure(ToolErrorType::CancelledError, call.name + " was cancelled.", true);
    if (tool->spec->requires_project && call.project_id.empty())
        return refused(CallRefusal::no_project,
                       failure(ToolErrorType::ContextError,
                               call.name + " works on a project, and none was given (project_id).", true));
    return std::nullopt;
}

// Another program's tool may call what it likes so.
bool names_project(const RegisteredTool& tool, const nlohmann::json& arguments) {
    return !tool.spec->plugin.starts_with("mcp.") && arguments.is_object() &&
           arguments.value("project_id", nlohmann::json()).is_string();
}

Task<void> check_project(Arguments& arguments, core::Projects& projects, core::Owner owner) {
    const auto problem = co_await core::problem_with_project(
        projects, std::move(owner), arguments.value["project_id"].get<std::string>());
    if (problem) arguments.errors.push_back({"project_id", *problem});
}

}  // namespace

Task<ToolExecutor::Checked> ToolExecutor::check(core::ToolCall call, Begun begun) {
    Checked checked;
    checked.options = options_.latest();
    const auto tool = registry_.find(call.name);
    checked.refusal = first_refusal(tool.get(), call, registry_);
    if (checked.refusal) co_return checked;
    const Policy& policy = *checked.options->policy;
    const Caller caller = policy.caller(call.owner);
    if (!caller.shut_out.empty()) {
        checked.refusal = failure(ToolErrorType::CancelledError, caller.shut_out, false);
        co_return checked;
    }
    if (const PolicyRule* rule = policy.rule_for(caller, *tool->spec)) {
        checked.decided_by = rule->place;
        if (rule->verdict == Verdict::deny) {
            checked.refusal = refused(
                CallRefusal::rule,
                failure(ToolErrorType::PermissionError, Policy::refusal(*rule, caller, *tool->spec), false));
            co_return checked;
        }
    }
    const std::optional<Quarantine> alone = tool->source->quarantine(*tool->spec, call.background);
    checked = co_await read(std::move(checked), tool, std::move(call));
    // Before a person is asked, and without a call of the quota.
    if (!checked.refusal && alone) checked.refusal = refusal_by(*alone);
    if (!checked.refusal && checked.options->quotas)
        checked = co_await take_quota(std::move(checked), caller, begun);
    co_return checked;
}

// The arguments, complete and with their artifacts open.
Task<ToolExecutor::Checked> ToolExecutor::read(Checked checked, std::shared_ptr<const RegisteredTool> tool,
                                               core::ToolCall call) {
    Arguments arguments = read_arguments(*tool, std::move(call.arguments));
    if (arguments.errors.empty() && !tool->artifact_arguments.empty()) {
        std::optional<std::string> trouble;
        try {
            OpenedArguments opened =
                co_await open_artifacts(tool, std::move(arguments), call.owner, artifacts_, &jobs_);
            arguments = std::move(opened.arguments);
            checked.artifacts = std::move(opened.artifacts);
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        if (trouble) {
            log::error("artifacts of a call cannot be opened tool={} error={}", call.name, *trouble);
            checked.refusal = failure(ToolErrorType::InternalError,
                                      "The artifacts that " + call.name + " needs cannot be read now.", true);
            co_return checked;
        }
    }
    if (arguments.errors.empty() && checked.options->projects && names_project(*tool, arguments.value))
        co_await check_project(arguments, *checked.options->projects, call.owner);
    if (!arguments.errors.empty()) {
        checked.refusal = refused(CallRefusal::arguments, refused_arguments(arguments.errors));
        co_return checked;
    }
    checked.running = std::make_shared<RunningCall>();
    checked.running->tool = tool;
    checked.running->call = std::move(call);
    checked.running->call.arguments = std::move(arguments.text);
    checked.running->decided_by = checked.decided_by;
    for (const OpenArtifact& open : checked.artifacts)
        checked.running->parents.push_back(open.artifact.handle);
    co_return checked;
}

Task<ToolExecutor::Checked> ToolExecutor::take_quota(Checked checked, Caller caller, Begun begun) {
    const std::shared_ptr<const core::ToolSpec> tool = checked.running->tool->spec;
    if (begun == Begun::before_a_restart) {
        checked.quota = checked.options->quotas->go_on(caller, *tool);
        co_return checked;
    }
    std::optional<std::string> trouble;
    try {
        Quotas::Taken taken = co_await checked.options->quotas->take(caller, tool);
        checked.quota = std::move(taken.place);
        checked.refusal = std::move(taken.refusal);
        if (checked.refusal) checked.decided_by = std::move(taken.decided_by);
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (trouble) {
        log::error("the counts of a user's calls cannot be read user={} error={}", caller.user, *trouble);
        checked.refusal = failure(ToolErrorType::InternalError,
                                  "How often " + tool->name + " was called today cannot be read now.", true);
    }
    co_return checked;
}

// Whoever is asked by the call's gate.
Task<ToolExecutor::Checked> ToolExecutor::ask(Checked checked, core::CallGate gate) const {
    const RunningCall& running = *checked.running;
    const Policy& policy = *checked.options->policy;
    const Caller caller = policy.caller(running.call.owner);
    const auto tool = policy.as_seen(caller, running.tool->spec);
    core::GateAnswer answer = co_await gate(tool);
    if (answer.by_person) checked.running->decided_by = checked.decided_by = "a person";
    checked.refusal = std::move(answer.refusal);
    if (checked.refusal) checked.quota = Quotas::Place();
    co_return checked;
}

std::shared_ptr<const core::ToolSet> ToolExecutor::offered_to(const core::Owner& user) const {
    const auto policy = options_.latest()->policy;
    return policy->offered_to(policy->caller(user), registry_.all());
}

Task<core::ToolAccess> ToolExecutor::access(core::Owner user,
                                            std::shared_ptr<const core::ToolSpec> tool) const {
    const auto options = options_.latest();
    const Policy& policy = *options->policy;
    const Caller caller = policy.caller(user);
    core::ToolAccess access;
    access.tool = policy.as_seen(caller, tool);
    if (!caller.shut_out.empty()) {
        access.allowed = false;
        access.reason = caller.shut_out;
        co_return access;
    }
    const PolicyRule* rule = policy.rule_for(caller, *tool);
    if (rule && rule->verdict == Verdict::deny) {
        access.allowed = false;
        access.reason = Policy::refusal(*rule, caller, *tool);
        co_return access;
    }
    if (options->quotas) access.quotas = co_await options->quotas->status(caller, tool);
    co_return access;
}

}  // namespace assistd::tools
