#include "study/trends.h"

#include <algorithm>
#include <cmath>

#include "line_fit.h"

namespace assistd::analysis {
namespace {

std::vector<ValueGroup> groups_of(const std::string& parameter, const std::vector<StudyRun>& runs,
                                  const std::vector<std::string>& metrics) {
    std::vector<ValueGroup> groups;
    std::map<std::string, std::size_t> places;  // by the value's text
    std::vector<std::map<std::string, std::vector<double>>> numbers;
    for (const StudyRun& run : runs) {
        const auto value = run.parameters.find(parameter);
        if (value == run.parameters.end()) continue;
        const auto [place, is_new] = places.emplace(value->dump(), groups.size());
        if (is_new) {
            groups.push_back({*value, 0, {}});
            numbers.emplace_back();
        }
        ++groups[place->second].runs;
        for (const std::string& metric : metrics) {
            const auto found = run.metrics.find(metric);
            if (found != run.metrics.end() && found->is_number() && std::isfinite(found->get<double>()))
                numbers[place->second][metric].push_back(found->get<double>());
        }
    }
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (const auto& [metric, values] : numbers[i]) groups[i].metrics.emplace(metric, summarise(values));
    return groups;
}

bool all_numbers(const std::vector<ValueGroup>& groups) {
    return std::all_of(groups.begin(), groups.end(),
                       [](const ValueGroup& group) { return group.value.is_number(); });
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

}  // namespace

Trend trend_of(const std::vector<double>& values, const std::vector<double>& means) {
    Trend trend;
    const double mean = mean_of(means);
    if (values.size() >= 3) {
        const LineFit fit = fit_line(values, means);
        trend.slope = fit.slope;
        trend.slope_error = fit.slope_error;
    } else {
        trend.slope = (means.back() - means.front()) / (values.back() - values.front());
    }
    const double change = trend.slope * (values.back() - values.front());
    trend.relative_change = change == 0 ? 0 : change / std::abs(mean);
    trend.name = std::abs(trend.relative_change) < stable_below ? "stable"
                 : trend.relative_change > 0                    ? "increasing"
                                                                : "decreasing";
    double up = 0, down = 0;
    for (std::size_t i = 1; i < means.size(); ++i) {
        up += std::max(means[i] - means[i - 1], 0.0);
        down += std::max(means[i - 1] - means[i], 0.0);
    }
    trend.one_way = std::min(up, down) < stable_below * std::abs(mean);
    return trend;
}

ParameterEffect effect_of(const std::string& parameter, const std::vector<StudyRun>& runs,
                          const std::vector<std::string>& metrics) {
    ParameterEffect effect{parameter, groups_of(parameter, runs, metrics), {}};
    if (!all_numbers(effect.values)) return effect;
    std::stable_sort(effect.values.begin(), effect.values.end(),
                     [](const ValueGroup& a, const ValueGroup& b) {
                         return a.value.get<double>() < b.value.get<double>();
                     });
    for (const std::string& metric : metrics) {
        std::vector<double> values, means;
        for (const ValueGroup& group : effect.values) {
            const auto found = group.metrics.find(metric);
            if (found == group.metrics.end()) continue;
            values.push_back(group.value.get<double>());
            means.push_back(found->second.mean);
        }
        if (values.size() >= 2) effect.trends.emplace(metric, trend_of(values, means));
    }
    return effect;
}

}  // namespace assistd::analysis
