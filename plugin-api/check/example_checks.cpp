#include "check/example_checks.h"

#include <fmt/format.h>

#include <future>
#include <nlohmann/json.hpp>

#include "check/process_figures.h"

namespace assistd::check {
namespace {

using Json = nlohmann::json;
using core::ToolErrorType;

constexpr std::chrono::seconds longest_example{60};
constexpr Milliseconds slow_load{250};
// Loading comes out of a call's time, and models wait for no tool for so long.
constexpr std::chrono::milliseconds longest_load{10'000};
// From here on there is time to cancel it.
constexpr Milliseconds worth_cancelling{300};
constexpr std::chrono::milliseconds grace{500};

// As the plugin host says it (daemon/plugin_abi/running_call.cpp).
bool is_unknown(const tools::SourceResult& result) {
    return !result.success && result.error == ToolErrorType::InternalError &&
           result.message.find("but its code does not have it") != std::string::npos;
}

std::string failure_text(const Ran& ran) {
    if (!ran.refused.empty()) {
        std::string text = "its arguments are refused:";
        for (const FieldError& error : ran.refused) text += " " + error.message;
        return text;
    }
    return std::string(core::name_of(ran.result.error)) + ": " + ran.result.message;
}

std::string seconds_text(Milliseconds time) {
    return time.count() < 1'000 ? fmt::format("{:.1f} ms", time.count())
                                : fmt::format("{:.1f} s", time.count() / 1'000);
}

Ran run_again(Caller& caller, const core::ToolSpec& tool, const tools::ToolExample& example,
              const Options& options, std::stop_token stop = {}) {
    ExampleFiles files(example, options.files);
    return caller.run(tool.name, example.arguments, files, example_time_limit(tool), std::move(stop));
}

// How an example that is to fail did; empty when as it says.
std::string wrong_failure(const tools::ToolExample& example, const Ran& ran) {
    const std::string wanted(core::name_of(*example.fails));
    const bool refused = !ran.refused.empty();
    if (!refused && ran.result.success) return "is to fail with " + wanted + ", but succeeded";
    const ToolErrorType type = refused ? ToolErrorType::ValidationError : ran.result.error;
    if (type == *example.fails) return "";
    return "is to fail with " + wanted + ", but failed with " + failure_text(ran);
}

std::vector<FieldError> misfits(const tools::RegisteredTool& tool, const tools::SourceResult& result) {
    return tool.output.check(Json::parse(result.data), tools::wording_of_result(tool.spec->name));
}

struct Look {
    const core::ToolSpec& tool;
    const tools::ToolExample& example;
    std::string name;
};

std::string artifacts_text(const tools::SourceResult& result) {
    return result.artifacts.empty() ? "" : " and " + counted(result.artifacts.size(), "artifact");
}

void report_good(const Look& look, const Ran& ran, pid_t process, Report& report) {
    Json facts = {{"example", look.name}, {"milliseconds", ran.time.count()}};
    std::string memory;
    if (const auto peak = peak_memory_mb(process)) {
        memory = fmt::format(", {:.0f} MiB at most", *peak);
        facts["peak_memory_mb"] = *peak;
    }
    const std::string how =
        look.example.fails ? "fails with " + std::string(core::name_of(*look.example.fails)) + " as it says"
                           : "gives data that fits the output schema" + artifacts_text(ran.result);
    report.ok(look.tool.name, look.name + " " + how + " (" + seconds_text(ran.time) + memory + ").",
              std::move(facts));
}

// Whether the example did what it is to do.
bool judge(const Look& look, const tools::RegisteredTool& tool, const Ran& ran, Report& report) {
    const auto wrong = [&](const std::string& what) {
        report.fail(look.tool.name, look.name + " " + what, {{"example", look.name}});
        return false;
    };
    if (is_unknown(ran.result) && ran.refused.empty())
        return wrong(
            "was not run: the manifest lists the tool, but the plugin's code does not have it. "
            "Register it under the manifest's name.");
    if (look.example.fails) {
        const std::string problem = wrong_failure(look.example, ran);
        return problem.empty() || wrong(problem);
    }
    if (!ran.refused.empty() || !ran.result.success) return wrong("failed: " + failure_text(ran));
    const auto errors = misfits(tool, ran.result);
    if (errors.empty()) return true;
    std::string text = "gave data that does not fit the tool's output schema:";
    for (const FieldError& error : errors) text += " " + error.message;
    return wrong(text);
}

// The members of the result that the output schema marks with "x-varies": how long it took, and the like.
Json without_varying(Json data, const core::ToolSpec& tool) {
    const Json properties = Json::parse(tool.output_schema).value("properties", Json::object());
    for (const auto& [name, property] : properties.items())
        if (property.is_object() && property.value("x-varies", Json()) == true) data.erase(name);
    return data;
}

// Where two results differ: "/points/3".
std::vector<std::string> differences(const Json& one, const Json& other) {
    std::vector<std::string> paths;
    for (const Json& change : Json::diff(one, other)) paths.push_back(change.at("path"));
    return paths;
}

void check_repeatable(Caller& caller, const Look& look, const Options& options, const Ran& first,
                      Report& report) {
    if (!look.tool.effects.idempotent || look.example.fails) return;
    const Ran second = run_again(caller, look.tool, look.example, options);
    const Json facts = {{"example", look.name}};
    if (!second.result.success) {
        report.fail(look.tool.name, look.name + " fails when it is run again: " + failure_text(second),
                    facts);
        return;
    }
    const auto differing = differences(without_varying(Json::parse(first.result.data), look.tool),
                                       without_varying(Json::parse(second.result.data), look.tool));
    if (differing.empty())
        report.ok(look.tool.name, look.name + " gives the same data again, as an idempotent tool should.",
                  facts);
    else
        report.fail(
            look.tool.name,
            look.name + " gives other data when it is run again (" + listed(differing) +
                "), but its effects say \"idempotent\": true, so that it may be run again after a crash. Fix "
                "what changes (a seed, a date), mark it with \"x-varies\": true in the output schema, or say "
                "false.",
            facts);
}

// What the effects do not promise, said once for a tool.
class EffectsCheck {
  public:
    EffectsCheck(const core::ToolSpec& tool, Report& report) : tool_(tool), report_(report) {}

    void look_at(const Look& look, const tools::SourceResult& result) {
        if (!tool_.effects.writes && !result.artifacts.empty() && !std::exchange(told_writes_, true))
            report_.note(tool_.name, look.name + " stores " + counted(result.artifacts.size(), "artifact") +
                                         ", but the tool's effects say \"writes\": false.");
        if (!tool_.effects.reads && !look.example.artifacts.empty() && !std::exchange(told_reads_, true))
            report_.note(tool_.name, look.name + " reads " +
                                         counted(look.example.artifacts.size(), "artifact") +
                                         ", but the tool's effects say \"reads\": false.");
        if (!result.unknown_error.empty() && !std::exchange(told_failure_, true))
            report_.note(tool_.name, look.name + " fails with \"" + result.unknown_error +
                                         "\", which is no type of failure and counts as InternalError. The "
                                         "plugin guide names the types.");
    }

  private:
    const core::ToolSpec& tool_;
    Report& report_;
    bool told_writes_ = false;
    bool told_reads_ = false;
    bool told_failure_ = false;
};

// Cancels the example a third of the way through.
void check_cancel(Caller& caller, const Look& look, const Options& options, Milliseconds time,
                  Report& report) {
    if (time < worth_cancelling || look.example.fails) return;
    std::stop_source stop;
    auto running = std::async(std::launch::async, [&] {
        return run_again(caller, look.tool, look.example, options, stop.get_token());
    });
    if (running.wait_for(time / 3) == std::future_status::ready) return;  // quicker this time
    const auto asked = std::chrono::steady_clock::now();
    stop.request_stop();
    const Ran ran = running.get();
    const Milliseconds took = std::chrono::steady_clock::now() - asked;
    const Json facts = {{"example", look.name}, {"milliseconds", took.count()}};
    if (ran.result.success || ran.result.error != ToolErrorType::CancelledError)
        report.note(look.tool.name, look.name + " did not end by being cancelled.", facts);
    else if (took < grace)
        report.ok(look.tool.name, look.name + " stops " + seconds_text(took) + " after a cancel.", facts);
    else
        report.note(look.tool.name,
                    look.name +
                        " does not stop when it is cancelled and was killed. Ask is_cancelled (in C++: "
                        "call.check_cancelled()) in its loops.",
                    facts);
}

// A tool that nothing is known of but its name: does the code have it?
void check_known(Caller& caller, const core::ToolSpec& tool, Report& report) {
    report.note(
        tool.name,
        "It has no examples in the manifest, so its results were not looked at. Give it at least one.");
    if (tool.effects.destructive || tool.effects.network) return;
    const Ran ran = caller.run_unchecked(tool.name, "{}", std::chrono::seconds(2));
    if (is_unknown(ran.result))
        report.fail(tool.name,
                    "The manifest lists it, but the plugin's code does not have it. Register it under the "
                    "manifest's name.");
}

}  // namespace

std::chrono::milliseconds example_time_limit(const core::ToolSpec& tool) {
    return std::min<std::chrono::milliseconds>(tool.time_limit, longest_example);
}

bool check_load(Caller& caller, const PluginUnderTest& plugin, Report& report) {
    const std::string nowhere = "no_tool_has_this_name";
    const Ran ran = caller.run_unchecked(nowhere, "{}", longest_load);
    const core::PluginStatus status = caller.status();
    if (status.state == "refused") {
        report.fail("load", status.reason);
        return false;
    }
    if (ran.result.error == ToolErrorType::PluginCrashedError && !ran.result.success &&
        ran.result.message.find("while it was loaded") != std::string::npos) {
        report.fail("load", ran.result.message);
        return false;
    }
    if (!ran.result.success && ran.result.error == ToolErrorType::TimeoutError) {
        report.fail("load", "It was not ready within " + seconds_text(longest_load) +
                                ", nor had it turned down a name that none of its tools has. Look for "
                                "what does not end in its constructors, its create function and its run "
                                "function.");
        return false;
    }
    report.ok("load",
              "It loads in the sandbox in " + seconds_text(ran.time) + ", the process's start included.",
              {{"milliseconds", ran.time.count()}});
    if (ran.time > slow_load)
        report.note("load",
                    "Every new process of the plugin takes that long; make what is slow when it is needed.");
    if (!status.reason.empty()) report.note("sandbox", status.reason);
    if (!is_unknown(ran.result))
        report.note(
            "load",
            "It does not return ASSISTD_UNKNOWN_TOOL for a name that none of its tools has, so a tool "
            "that its code lacks would not be noticed.");
    bool offered = true;
    for (const auto& tool : plugin.manifest.tools)
        if (!caller.find(tool->name)) {
            report.fail(tool->name, "The daemon refuses it. " + status.reason);
            offered = false;
        }
    return offered;
}

std::vector<GoodExample> check_examples(Caller& caller, const PluginUnderTest& plugin,
                                        const core::ToolSpec& tool, const Options& options, Report& report) {
    const auto& examples = plugin.examples_of(tool.name);
    if (examples.empty()) check_known(caller, tool, report);
    std::vector<GoodExample> good;
    EffectsCheck effects(tool, report);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const tools::ToolExample& example = examples[i];
        const Look look{tool, example, "Example " + std::to_string(i + 1)};
        try {
            const Ran ran = run_again(caller, tool, example, options);
            if (ran.refused.empty()) effects.look_at(look, ran.result);
            if (!judge(look, *caller.find(tool.name), ran, report)) continue;
            report_good(look, ran, caller.process(), report);
            if (!example.fails) good.push_back({&example, look.name, ran.time});
            check_repeatable(caller, look, options, ran, report);
            check_cancel(caller, look, options, ran.time, report);
        } catch (const Error& error) {
            report.fail(tool.name, look.name + " cannot be run: " + error.what(), {{"example", look.name}});
        }
    }
    return good;
}

}  // namespace assistd::check
