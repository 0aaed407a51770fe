#include "study/trends.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
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

// A change below this fraction of the mean is rounding.
constexpr double rounding = 1e-12;

// How far a slope may be off, and the degrees of freedom of that estimate.
struct SlopeError {
    double value = 0;
    double freedom = 0;
};

// From the spread of the runs at each value.
std::optional<SlopeError> error_from_runs(const std::vector<double>& values,
                                          const std::vector<Summary>& metric) {
    const double middle = mean_of(values);
    double squares = 0;
    for (const double value : values) squares += (value - middle) * (value - middle);
    double variance = 0, spread = 0;
    int runs = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto error = metric[i].standard_error();
        if (!error) return std::nullopt;
        const double part = std::pow((values[i] - middle) / squares * *error, 2);
        variance += part;
        spread += part * part / (metric[i].count - 1);
        runs += metric[i].count - 1;
    }
    // Without any spread all runs count alike.
    return SlopeError{std::sqrt(variance), spread > 0 ? variance * variance / spread : runs};
}

void judge(Trend& trend, const std::vector<double>& values, const std::vector<Summary>& metric,
           const std::vector<double>& means) {
    auto error = error_from_runs(values, metric);
    if (!error && values.size() >= 3)
        error = SlopeError{fit_line(values, means).slope_error, static_cast<double>(values.size()) - 2};
    if (!error) return;
    const double range = values.back() - values.front();
    const auto is_rounding = [&](double slope) {
        return std::abs(slope) * range <= rounding * std::abs(mean_of(means));
    };
    // Runs that differ by rounding alone do not differ: they would be 1e15 standard errors apart.
    if (is_rounding(error->value)) error->value = 0;
    trend.slope_error = error->value;
    const boost::math::students_t distribution(error->freedom);
    trend.sigma_needed = std::max(least_sigma, boost::math::quantile(distribution, 0.975));
    if (error->value > 0) trend.sigma = std::abs(trend.slope) / error->value;
    const bool changes = !is_rounding(trend.slope);
    trend.significant = changes && (!trend.sigma || *trend.sigma >= *trend.sigma_needed);
}

}  // namespace

Trend trend_of(const std::vector<double>& values, const std::vector<Summary>& metric) {
    Trend trend;
    std::vector<double> means;
    for (const Summary& summary : metric) means.push_back(summary.mean);
    const double mean = mean_of(means);
    trend.slope = values.size() >= 3 ? fit_line(values, means).slope
                                     : (means.back() - means.front()) / (values.back() - values.front());
    judge(trend, values, metric, means);
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
        std::vector<double> values;
        std::vector<Summary> summaries;
        for (const ValueGroup& group : effect.values) {
            const auto found = group.metrics.find(metric);
            if (found == group.metrics.end()) continue;
            values.push_back(group.value.get<double>());
            summaries.push_back(found->second);
        }
        if (values.size() >= 2) effect.trends.emplace(metric, trend_of(values, summaries));
    }
    return effect;
}

}  // namespace assistd::analysis
