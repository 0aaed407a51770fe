#include "tools/study_means.h"

#include <fmt/format.h>

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "tools/study_outcomes.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr std::size_t most_told = 4;

bool is_error(const std::string& metric) {
    return metric.ends_with("_stderr") || metric.ends_with("_error");
}

// Powers of length; of other quantities nothing is known.
const std::map<std::string, int, std::less<>> powers{
    {"rg", 1}, {"target_rg", 1}, {"particle_radius", 1}, {"asphericity", 2}, {"acylindricity", 2}};

// Four digits; of whole numbers, which are counts, as many as there are.
std::string plain(double value) {
    return value == std::round(value) ? fmt::format("{:.0f}", value) : with_error(value, 0);
}

// What all runs of the study were given by that name: null when nothing, discarded when they differ.
json given_to_all(const core::Study& study, const char* name) {
    const json grid = json::parse(study.parameter_grid);
    if (grid.contains(name))
        return grid[name].size() == 1 ? grid[name].front() : json(json::value_t::discarded);
    return json::parse(study.base_parameters).value(name, json());
}

}  // namespace

std::vector<std::string> told_metrics(const std::vector<core::StudyCombination>& combinations) {
    std::set<std::string> known;
    for (const core::StudyCombination& combination : combinations)
        for (const core::MetricSummary& metric : combination.metrics) known.insert(metric.name);
    const auto length_of = [&known](const std::string& name) {
        const std::string last = name.substr(name.rfind('.') + 1);  // npos + 1 is the beginning
        return known.contains(last) ? last.size() : name.size();
    };
    std::vector<std::string> told(known.begin(), known.end());
    std::erase_if(told, is_error);
    std::ranges::stable_sort(told, {}, length_of);
    if (told.size() > most_told) told.resize(most_told);
    return told;
}

Task<std::string> length_unit(core::Studies& studies, core::Study study) {
    const json unit = given_to_all(study, "length_unit");
    if (unit.is_string()) co_return unit.get<std::string>();
    if (unit.is_discarded()) co_return "";
    const json radius = given_to_all(study, "particle_radius");
    if (!radius.is_null()) co_return radius == 1 ? "a" : "";
    const core::MetricSummary found = co_await metric_of_runs(studies, std::move(study), "particle_radius");
    co_return found.count > 0 && found.least == 1 && found.most == 1 ? "a" : "";
}

std::string unit_after(const std::string& metric, const std::string& length_unit) {
    if (metric == "box.size") return " a";
    const auto power = powers.find(metric);
    if (power == powers.end() || length_unit.empty()) return "";
    return " " + length_unit + (power->second == 2 ? "²" : "");
}

std::string told_means(const core::StudyCombination& combination, const std::vector<std::string>& metrics,
                       const std::string& length_unit) {
    const bool spread = std::ranges::any_of(combination.metrics,
                                            [](const core::MetricSummary& one) { return one.count > 1; });
    std::string text;
    for (const std::string& name : metrics) {
        const auto found = std::ranges::find(combination.metrics, name, &core::MetricSummary::name);
        if (found == combination.metrics.end()) continue;
        const bool several = found->count > 1, alike = several && found->least == found->most;
        text += !text.empty() ? ", " : spread ? ", mean ± standard deviation: " : ": ";
        text += name + " = " +
                (several && !alike ? with_error(found->mean, found->std) : plain(found->mean)) +
                unit_after(name, length_unit) + (alike ? " in all" : "");
    }
    return text;
}

}  // namespace assistd::tools
