#include "tools/study_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "core/study_json.h"
#include "tools/results.h"
#include "tools/sentence_text.h"
#include "tools/study_means.h"
#include "tools/study_outcomes.h"
#include "tools/study_specs.h"

namespace assistd::tools {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

SourceResult good(const ordered_json& data, std::string summary) {
    SourceResult result;
    result.success = true;
    result.data = data.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    result.summary = std::move(summary);
    return result;
}

std::string many(int count, const std::string& one, const std::string& more) {
    return std::to_string(count) + " " + (count == 1 ? one : more);
}

SourceResult tells_none(const core::Study& study, const std::string& metric) {
    const std::string of = " of the study \"" + study.name + "\" ";
    if (study.counts.completed > 0)
        return failed(core::ToolErrorType::ValidationError,
                      "No run" + of + "tells " + shown(json(metric)) + ".", true);
    const char* why = study.counts.ended() == 0 ? "has ended yet" : "has completed";
    return failed(core::ToolErrorType::ValidationError,
                  "No run" + of + why + ", so none tells " + shown(json(metric)) + ".", true);
}

// "; 2 runs warn: The fit is poor."
std::string told_warnings(const std::vector<core::SharedWarning>& warnings) {
    std::string text;
    for (const core::SharedWarning& one : warnings)
        text += "; " + many(one.runs, "run warns: ", "runs warn: ") + one.text;
    return text;
}

ordered_json described(const core::Study& study) {
    ordered_json data = {{"study_id", study.id.text()}, {"name", study.name},
                         {"tool", study.tool},          {"status", core::name_of(study.state)},
                         {"runs", study.runs},          {"counts", core::counts_json(study)},
                         {"percent", study.percent()}};
    if (study.time_left) data["time_left_s"] = study.time_left->count();
    if (!study.waits_for.empty()) data["waits_for"] = study.waits_for;
    if (!study.artifact.empty()) data["table"] = study.artifact;
    return data;
}

std::string sentence_about(const core::Study& study) {
    const core::StudyCounts& counts = study.counts;
    std::string text = "The study \"" + study.name + "\" ";
    if (study.state == core::StudyState::running) text += "is at " + std::to_string(study.percent()) + " %: ";
    if (study.state == core::StudyState::cancelled) text += "was cancelled: ";
    if (study.state == core::StudyState::completed) text += "is done: ";
    if (study.state == core::StudyState::completed_with_errors) text += "is done, with errors: ";
    text += std::to_string(counts.completed) + " of " + many(study.runs, "run", "runs") + " completed";
    if (counts.failed > 0) text += ", " + std::to_string(counts.failed) + " failed";
    if (study.time_left)
        text += ", about " + many(static_cast<int>(study.time_left->count()), "second", "seconds") + " left";
    text += '.';
    if (study.waits_for.empty()) return text;
    return text + " It waits: " + study.waits_for + (study.waits_for.ends_with('.') ? "" : ".");
}

// "0.1, 0.5, 1", "10, 20, 30, …, 1000"
std::string told_values(const ordered_json& values) {
    constexpr std::size_t most_told = 10, first_told = 3;
    if (!values.is_array()) return values.dump();
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values.size() > most_told && i == first_told) {
            text += ", …";
            i = values.size() - 1;
        }
        text += (text.empty() ? "" : ", ") +
                (values[i].is_string() ? values[i].get<std::string>() : values[i].dump());
    }
    return text;
}

// "; n_particles = 100, 200; 3 seeds each": what will be varied.
std::string told_grid(const core::Study& study) {
    std::string text;
    const ordered_json grid = ordered_json::parse(study.parameter_grid);
    for (const auto& [name, values] : grid.items()) text += "; " + name + " = " + told_values(values);
    const int seeds = study.seeds_per_combination;
    if (seeds > 1) text += "; " + many(seeds, "seed", "seeds") + (grid.empty() ? "" : " each");
    return text;
}

// Which study is meant by one that is not named; otherwise the newest.
bool any(const core::Study&) {
    return true;
}
bool is_running(const core::Study& study) {
    return study.state == core::StudyState::running;
}
bool has_something_to_run(const core::Study& study) {
    return !is_running(study) && study.counts.completed < study.runs;
}

SourceResult report(const core::Study& study) {
    return good(described(study), sentence_about(study));
}

}  // namespace

StudyTools::StudyTools(core::Studies& studies, const ToolRegistry& registry, const core::Tools& tools)
    : studies_(studies), registry_(registry), tools_(tools), specs_(study_specs()) {}

Task<SourceResult> StudyTools::call(SourceCall call, core::ProgressSink) {
    SourceResult result;
    try {
        result = co_await answer(std::move(call));
    } catch (const Error& error) {
        const bool callers_fault = error.code() == ErrorCode::not_found ||
                                   error.code() == ErrorCode::validation ||
                                   error.code() == ErrorCode::conflict;
        if (!callers_fault) throw;
        std::string sentences = error.what();
        for (const FieldError& field : error.fields())
            if (field.message != error.what()) sentences += " " + field.message;
        result = failed(core::ToolErrorType::ValidationError, std::move(sentences), true);
    }
    co_return result;
}

Task<SourceResult> StudyTools::answer(SourceCall call) {
    const std::string name = call.spec->name;
    if (name == "create_parametric_study") co_return co_await create(std::move(call));
    if (name == "get_study_status") co_return co_await status(std::move(call));
    if (name == "get_study_results") co_return co_await results(std::move(call));
    if (name == "list_studies") co_return co_await list(std::move(call));
    if (name == "cancel_study") co_return co_await cancel(std::move(call));
    co_return co_await retry(std::move(call));
}

Task<SourceResult> StudyTools::create(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    core::StudyRequest request;
    request.owner = call.call.owner;
    request.project_id = call.call.project_id;
    request.conversation = call.call.conversation;
    request.name = arguments.value("name", "");
    request.tool = arguments.at("tool").get<std::string>();
    const std::string of_algorithm = "run_" + request.tool + "_simulation";
    const bool is_algorithm =
        registry_.find(of_algorithm) || registry_.all()->find_waiting(of_algorithm) != nullptr;
    if (!registry_.find(request.tool) && is_algorithm) request.tool = of_algorithm;
    request.base_parameters = arguments.value("base_parameters", json::object()).dump();
    request.parameter_grid = arguments.value("parameter_grid", json::object()).dump();
    request.seeds_per_combination = arguments.at("seeds_per_combination").get<int>();
    request.then = arguments.value("then", "");
    if (request.then.empty() && arguments.value("include_box_counting", false))
        request.then = "run_box_counting";
    std::optional<SourceResult> refused = co_await refusal(call.call, request.tool, request.then);
    if (refused) co_return std::move(*refused);
    const core::Study study = co_await studies_.create(std::move(request));
    co_return good(described(study), "Began the study \"" + study.name + "\" with " +
                                         many(study.runs, "run", "runs") + " of " + study.tool +
                                         told_grid(study) + ".");
}

// A person is asked about each call of such a tool, and nobody would be about those of the study.
Task<std::optional<SourceResult>> StudyTools::refusal(core::ToolCall call, std::string tool,
                                                      std::string then) {
    const std::vector<std::string> names = {tool, then};
    for (const std::string& name : names) {
        const auto named = registry_.find(name);
        if (!named) continue;
        const core::ToolAccess access = co_await tools_.access(call.owner, named->spec);
        if (!access.allowed) co_return failed(core::ToolErrorType::PermissionError, access.reason, false);
        if (call.turn.is_nil() || !access.tool->needs_approval) continue;
        co_return failed(core::ToolErrorType::PermissionError,
                         name +
                             " waits for a person's approval each time, so only a person can begin a study "
                             "of it (assistctl studies).",
                         false);
    }
    co_return std::nullopt;
}

Task<core::Study> StudyTools::study_of(core::ToolCall call, Preferred preferred) {
    const std::string named = json::parse(call.arguments).value("study_id", "");
    if (const auto id = StudyId::parse(named)) co_return co_await studies_.find(call.owner, *id);
    // A name may look like a handle, too.
    if (named.starts_with("study-")) {
        std::optional<core::Study> found;
        try {
            found = co_await studies_.find_by_table(call.owner, named);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
        }
        if (found) co_return std::move(*found);
    }
    core::StudyQuery query;
    query.owner = call.owner;
    query.limit = 100;
    const core::Page<core::Study> newest = co_await studies_.list(std::move(query));
    for (const core::Study& study : newest.items)
        if (named.empty() ? preferred(study) : study.name == named) co_return study;
    if (named.empty() && !newest.items.empty()) co_return newest.items.front();
    const std::string looked = newest.next.empty() ? "." : " among the newest 100 that I looked through.";
    throw Error(ErrorCode::not_found, named.empty() ? "There are no studies yet."
                                                    : "There is no study " + shown(json(named)) + looked);
}

Task<SourceResult> StudyTools::status(SourceCall call) {
    const core::Study study = co_await study_of(call.call, is_running);
    const ordered_json failures = co_await failures_of(studies_, study);
    ordered_json data = described(study);
    if (!failures.empty()) data["failures"] = failures;
    co_return good(data, sentence_about(study));
}

// "Which run has the highest df?"
Task<SourceResult> StudyTools::ranked(core::Study study, std::string metric, bool highest) {
    ordered_json data = described(study);
    const std::string unit = unit_after(metric, co_await length_unit(studies_, study));
    data["ranked"] = co_await ranked_runs(studies_, study, metric, highest, unit);
    if (data["ranked"].empty()) co_return tells_none(study, metric);
    const ordered_json& first = data["ranked"].front();
    co_return good(data, "Of the study \"" + study.name + "\", " + first["name"].get<std::string>() +
                             " has the " + (highest ? "highest " : "lowest ") + metric + ": " +
                             first["description"].get<std::string>() + ".");
}

Task<SourceResult> StudyTools::results(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    const core::Study study = co_await study_of(call.call, any);
    if (arguments.contains("sort_by"))
        co_return co_await ranked(study, arguments["sort_by"].get<std::string>(),
                                  arguments.value("order", "") != "ascending");
    const int limit = arguments.at("limit").get<int>();
    std::vector<core::StudyCombination> all = co_await studies_.results(study.owner, study.id, 0, limit + 1);
    const bool more = all.size() > static_cast<std::size_t>(limit);
    if (more) all.pop_back();
    auto wanted = arguments.value("metrics", std::vector<std::string>());
    ordered_json data = described(study);
    const std::string unit = co_await length_unit(studies_, study);
    std::string mean;
    if (const std::string of = arguments.value("mean_of", ""); !of.empty()) {
        const core::MetricSummary summary = co_await metric_of_runs(studies_, study, of);
        if (summary.count == 0) co_return tells_none(study, of);
        data["overall"] = core::to_json(summary);
        mean = told_overall(study, summary, unit_after(of, unit));
        wanted = {of};
    }
    const std::vector<std::string> told = wanted.empty() ? told_metrics(all) : wanted;
    ordered_json& rows = data["combinations"] = ordered_json::array();
    for (core::StudyCombination& combination : all) {
        if (!wanted.empty())
            std::erase_if(combination.metrics, [&](const core::MetricSummary& metric) {
                return std::ranges::find(wanted, metric.name) == wanted.end();
            });
        ordered_json row = core::to_json(combination);
        row["name"] = short_text(row["parameters"]);
        row["description"] = many(combination.completed, "run", "runs") + " completed" +
                             told_means(combination, told, unit) + told_warnings(combination.warnings);
        rows.push_back(std::move(row));
    }
    data["more"] = more;
    const ordered_json failures = co_await failures_of(studies_, study);
    if (!failures.empty()) data["failures"] = failures;
    co_return good(data, sentence_about(study) + mean + told_failures(failures));
}

Task<SourceResult> StudyTools::list(SourceCall call) {
    const json arguments = json::parse(call.call.arguments);
    core::StudyQuery query;
    query.owner = call.call.owner;
    query.limit = arguments.at("limit").get<int>();
    using enum core::StudyState;
    for (const core::StudyState state : {running, completed, completed_with_errors, cancelled})
        if (arguments.value("state", "") == core::name_of(state)) query.state = state;
    const core::Page<core::Study> page = co_await studies_.list(std::move(query));
    ordered_json rows = ordered_json::array();
    for (const core::Study& study : page.items) rows.push_back(described(study));
    const int count = static_cast<int>(page.items.size());
    const ordered_json data = {{"studies", std::move(rows)}, {"count", count}, {"more", !page.next.empty()}};
    const bool more = !page.next.empty();
    co_return good(data, count == 0 ? "There are no studies."
                         : more ? "The newest " + many(count, "study", "studies") + ", and there are more."
                                : many(count, "study.", "studies."));
}

Task<SourceResult> StudyTools::cancel(SourceCall call) {
    const core::Study before = co_await study_of(call.call, is_running);
    const core::Study study = co_await studies_.cancel(before.owner, before.id);
    SourceResult result = report(study);
    if (before.state != core::StudyState::running)
        result.summary = "There was nothing to cancel: " + result.summary;
    co_return result;
}

Task<SourceResult> StudyTools::retry(SourceCall call) {
    const core::Study before = co_await study_of(call.call, has_something_to_run);
    std::optional<SourceResult> refused = co_await refusal(call.call, before.tool, before.then);
    if (refused) co_return std::move(*refused);
    const core::Study study = co_await studies_.retry(before.owner, before.id);
    const int again = study.runs - before.counts.completed;
    co_return good(described(study),
                   "Runs " + many(again, "run", "runs") + " of the study \"" + study.name + "\" again.");
}

}  // namespace assistd::tools
