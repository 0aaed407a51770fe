#include "tools/study_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace assistd::tools {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int rows_of_a_page = 100;
constexpr std::size_t most_reasons = 5;
constexpr std::size_t most_ranked = 10;

Task<std::vector<core::StudyRun>> all_runs(core::Studies& studies, core::Study study, core::RunState state) {
    core::StudyRunQuery query;
    query.owner = study.owner;
    query.study = study.id;
    query.state = state;
    query.limit = rows_of_a_page;
    std::vector<core::StudyRun> runs;
    do {
        core::Page<core::StudyRun> page = co_await studies.runs(query);
        std::ranges::move(page.items, std::back_inserter(runs));
        query.cursor = std::move(page.next);
    } while (!query.cursor.empty());
    co_return runs;
}

// "sticking_probability=0.2, seed=3"
std::string short_text(const json& parameters) {
    std::string text;
    for (const auto& [name, value] : parameters.items())
        text += (text.empty() ? "" : ", ") + name + "=" + value.dump();
    return text;
}

}  // namespace

Task<ordered_json> failures_of(core::Studies& studies, core::Study study) {
    ordered_json reasons = ordered_json::array();
    if (study.counts.failed == 0) co_return reasons;
    const std::vector<core::StudyRun> failed = co_await all_runs(studies, study, core::RunState::failed);
    for (const core::StudyRun& run : failed) {
        const auto known = std::ranges::find_if(
            reasons, [&](const ordered_json& reason) { return reason["message"] == run.summary; });
        if (known == reasons.end())
            reasons.push_back({{"message", run.summary}, {"runs", 1}, {"first", run.number}});
        else
            (*known)["runs"] = (*known)["runs"].get<int>() + 1;
    }
    std::stable_sort(reasons.begin(), reasons.end(), [](const ordered_json& one, const ordered_json& other) {
        return one["runs"].get<int>() > other["runs"].get<int>();
    });
    if (reasons.size() > most_reasons)
        reasons.erase(reasons.begin() + static_cast<long>(most_reasons), reasons.end());
    for (ordered_json& reason : reasons) {
        const int runs = reason["runs"].get<int>();
        const std::string first = "run " + std::to_string(reason["first"].get<int>());
        reason["name"] = runs == 1 ? first : std::to_string(runs) + " runs, the first " + first;
        reason["description"] = "failed: " + reason["message"].get<std::string>();
    }
    co_return reasons;
}

std::string told_failures(const ordered_json& failures) {
    std::string text;
    for (const ordered_json& reason : failures)
        text +=
            " Failed (" + reason["name"].get<std::string>() + "): " + reason["message"].get<std::string>();
    return text;
}

Task<ordered_json> ranked_runs(core::Studies& studies, core::Study study, std::string metric, bool highest) {
    std::vector<std::pair<double, core::StudyRun>> runs;
    std::vector<core::StudyRun> completed = co_await all_runs(studies, study, core::RunState::completed);
    for (core::StudyRun& run : completed) {
        const json metrics = json::parse(run.metrics, nullptr, false);
        if (!metrics.is_object() || !metrics.contains(metric) || !metrics[metric].is_number()) continue;
        runs.emplace_back(metrics[metric].get<double>(), std::move(run));
    }
    std::ranges::stable_sort(runs, [highest](const auto& one, const auto& other) {
        return highest ? one.first > other.first : one.first < other.first;
    });
    if (runs.size() > most_ranked) runs.resize(most_ranked);
    ordered_json rows = ordered_json::array();
    for (const auto& [value, run] : runs) {
        const json parameters = json::parse(run.parameters, nullptr, false);
        const std::string handle = run.artifacts.empty() ? "" : run.artifacts.front();
        rows.push_back(
            {{"name", "run " + std::to_string(run.number)},
             {"description", (handle.empty() ? "" : handle + ", ") + metric + " = " +
                                 fmt::format("{:.4g}", value) + " (" + short_text(parameters) + ")"},
             {"run", run.number},
             {"value", value},
             {"parameters", parameters},
             {"artifacts", run.artifacts}});
    }
    co_return rows;
}

}  // namespace assistd::tools
