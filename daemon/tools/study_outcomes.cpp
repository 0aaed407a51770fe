#include "tools/study_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace assistd::tools {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int rows_of_a_page = 1'000;
constexpr std::size_t most_reasons = 5;
constexpr std::size_t most_ranked = 10;

// A page at a time: 10,000 runs with their numbers and results are not to be held together.
using Visit = std::function<void(const core::StudyRun&)>;
Task<void> for_each_run(core::Studies& studies, core::Study study, core::RunState state, Visit visit) {
    core::StudyRunQuery query;
    query.owner = study.owner;
    query.study = study.id;
    query.state = state;
    query.limit = rows_of_a_page;
    do {
        core::Page<core::StudyRun> page = co_await studies.runs(query);
        for (const core::StudyRun& run : page.items) visit(run);
        query.cursor = std::move(page.next);
    } while (!query.cursor.empty());
}

struct Reason {
    int runs = 0;
    int first = 0;  // run with it
};

// "0.070"
std::string two_digits(double value) {
    std::string text = value == 0 ? "0" : fmt::format("{:#.2g}", value);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

// Four digits, also where the last ones are zeros; of whole numbers alone, which are counts, no more than
// there are.
std::vector<std::string> alike(const std::vector<double>& values) {
    const bool counts = std::ranges::all_of(values, [](double value) { return value == std::round(value); });
    std::vector<std::string> texts;
    for (const double value : values)
        texts.push_back(counts ? fmt::format("{:.0f}", value) : with_error(value, 0));
    return texts;
}

}  // namespace

std::string short_text(const ordered_json& parameters) {
    std::string text;
    for (const auto& [name, value] : parameters.items())
        text += (text.empty() ? "" : ", ") + name + "=" + value.dump();
    return text.empty() ? "all runs" : text;
}

Task<ordered_json> failures_of(core::Studies& studies, core::Study study) {
    std::map<std::string, Reason> known;
    const Visit count = [&known](const core::StudyRun& run) {
        Reason& reason = known[run.summary];
        if (reason.runs++ == 0) reason.first = run.number;
    };
    if (study.counts.failed > 0) co_await for_each_run(studies, study, core::RunState::failed, count);
    std::vector<std::pair<std::string, Reason>> reasons(known.begin(), known.end());
    std::ranges::sort(reasons, {},
                      [](const auto& reason) { return std::pair(-reason.second.runs, reason.second.first); });
    if (reasons.size() > most_reasons) reasons.resize(most_reasons);
    ordered_json told = ordered_json::array();
    for (const auto& [message, reason] : reasons) {
        const std::string first = "run " + std::to_string(reason.first);
        const std::string runs = std::to_string(reason.runs) + " runs, the first " + first;
        told.push_back({{"message", message},
                        {"runs", reason.runs},
                        {"first", reason.first},
                        {"name", reason.runs == 1 ? first : runs},
                        {"description", "failed: " + message}});
    }
    co_return told;
}

std::string told_failures(const ordered_json& failures) {
    std::string text;
    for (const ordered_json& reason : failures)
        text +=
            " Failed (" + reason["name"].get<std::string>() + "): " + reason["message"].get<std::string>();
    return text;
}

Task<core::MetricSummary> metric_of_runs(core::Studies& studies, core::Study study, std::string metric) {
    core::MetricSummary all;
    all.name = metric;
    double squares = 0;
    const Visit add = [&](const core::StudyRun& run) {
        const json metrics = json::parse(run.metrics, nullptr, false);
        if (!metrics.is_object() || !metrics.contains(metric) || !metrics[metric].is_number()) return;
        const double value = metrics[metric].get<double>(), difference = value - all.mean;
        all.least = all.count == 0 ? value : std::min(all.least, value);
        all.most = all.count == 0 ? value : std::max(all.most, value);
        all.mean += difference / ++all.count;
        squares += difference * (value - all.mean);
    };
    co_await for_each_run(studies, study, core::RunState::completed, add);
    if (all.count > 1) all.std = std::sqrt(squares / (all.count - 1));
    co_return all;
}

std::string told_overall(const core::Study& study, const core::MetricSummary& all, const std::string& unit) {
    std::string text =
        " Over " + std::to_string(all.count) + (all.count == 1 ? " run " : " runs ") + all.name;
    if (all.count == 1) return text + fmt::format(" = {:.4g}{}.", all.mean, unit);
    const std::vector<std::string> range = alike({all.least, all.most});
    text += " has the mean " + with_error(all.mean, all.std / std::sqrt(all.count)) + unit +
            fmt::format(" (standard error) and the standard deviation {}{}, from {} to {}{}.",
                        two_digits(all.std), unit, range.front(), range.back(), unit);
    std::string varied;
    const ordered_json grid = ordered_json::parse(study.parameter_grid);
    for (const auto& [name, values] : grid.items())
        if (values.size() > 1 && name != "seed") varied += (varied.empty() ? "" : " and ") + name;
    return text + (varied.empty() ? "" : " They differ in " + varied + "; what each has stands below.");
}

Task<ordered_json> ranked_runs(core::Studies& studies, core::Study study, std::string metric, bool highest,
                               std::string unit) {
    std::vector<std::pair<double, core::StudyRun>> runs;  // the best so far, in order
    const Visit rank = [&](const core::StudyRun& run) {
        const json metrics = json::parse(run.metrics, nullptr, false);
        if (!metrics.is_object() || !metrics.contains(metric) || !metrics[metric].is_number()) return;
        const double value = metrics[metric].get<double>();
        const auto place = std::ranges::find_if(
            runs, [&](const auto& other) { return highest ? value > other.first : value < other.first; });
        runs.emplace(place, value, run);
        if (runs.size() > most_ranked) runs.pop_back();
    };
    co_await for_each_run(studies, study, core::RunState::completed, rank);
    std::vector<double> values;
    for (const auto& each : runs) values.push_back(each.first);
    const std::vector<std::string> texts = alike(values);
    ordered_json rows = ordered_json::array();
    for (const auto& [value, run] : runs) {
        const ordered_json parameters = ordered_json::parse(run.parameters, nullptr, false);
        const std::string handle = run.artifacts.empty() ? "" : run.artifacts.front();
        rows.push_back({{"name", "run " + std::to_string(run.number)},
                        {"description", (handle.empty() ? "" : handle + ", ") + metric + " = " +
                                            texts[rows.size()] + unit + " (" + short_text(parameters) + ")"},
                        {"run", run.number},
                        {"value", value},
                        {"parameters", parameters},
                        {"artifacts", run.artifacts}});
    }
    co_return rows;
}

}  // namespace assistd::tools
