#include "study/trends.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>

#include "line_fit.h"
#include "study/blocks.h"

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

bool acts_by_ratios(const std::string& parameter) {
    return parameter == "n_particles" || parameter == "volume_fraction" ||
           parameter == "sticking_probability" || parameter == "growth_probability";
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

// A change below this fraction of the size is rounding.
constexpr double rounding = 1e-12;
constexpr std::size_t fewest_ranked = 5;  // values, that their order says something

// What a straight line goes through: the values and the means, or their logarithms.
struct Points {
    std::vector<double> x, y;
    std::vector<Summary> runs;  // their errors are those of y
    double size = 0;            // of what a change of y is compared with

    double slope() const {
        return x.size() >= 3 ? fit_line(x, y).slope : (y.back() - y.front()) / (x.back() - x.front());
    }
};

Points points_of(Law law, const std::vector<double>& values, const std::vector<Summary>& metric) {
    Points points{values, {}, metric, 0};
    for (const Summary& each : metric) points.y.push_back(each.mean);
    points.size = std::abs(mean_of(points.y));
    if (law == Law::linear) return points;
    for (double& x : points.x) x = std::log(x);
    if (law == Law::logarithmic) return points;
    points.size = 1;
    for (double& y : points.y) y = std::log(y);
    for (Summary& each : points.runs)
        if (each.standard_deviation) *each.standard_deviation /= each.mean;
    return points;
}

bool spans_ratios(const std::vector<double>& values, bool by_ratios) {
    // Through two points every law goes.
    if (values.size() < 3 || !(values.front() > 0)) return false;
    return by_ratios || values.back() >= wide * values.front();
}

Law law_of(const std::vector<double>& values, const std::vector<Summary>& metric, bool by_ratios) {
    if (!spans_ratios(values, by_ratios)) return Law::linear;
    if (!std::all_of(metric.begin(), metric.end(), [](const Summary& each) { return each.min > 0; }))
        return Law::logarithmic;
    const auto fits = [&](Law law) {
        const Points points = points_of(law, values, metric);
        return fit_line(points.x, points.y).r_squared;
    };
    return fits(Law::power) > fits(Law::logarithmic) ? Law::power : Law::logarithmic;
}

// From the spread of the runs at each value.
std::optional<SlopeError> error_from_runs(const Points& points) {
    const double middle = mean_of(points.x);
    double squares = 0;
    for (const double x : points.x) squares += (x - middle) * (x - middle);
    double variance = 0, spread = 0;
    int runs = 0;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const auto error = points.runs[i].standard_error();
        if (!error) return std::nullopt;
        const double part = std::pow((points.x[i] - middle) / squares * *error, 2);
        variance += part;
        spread += part * part / (points.runs[i].count - 1);
        runs += points.runs[i].count - 1;
    }
    // Without any spread all runs count alike.
    return SlopeError{std::sqrt(variance), spread > 0 ? variance * variance / spread : runs};
}

bool rises_or_falls_throughout(const std::vector<double>& means) {
    return std::adjacent_find(means.begin(), means.end(), std::greater_equal<>()) == means.end() ||
           std::adjacent_find(means.begin(), means.end(), std::less_equal<>()) == means.end();
}

void judge(Trend& trend, const Points& points) {
    auto error = error_from_runs(points);
    const bool by_runs = error.has_value();
    const std::size_t count = points.x.size();
    if (!by_runs && count >= 3)
        error = SlopeError{fit_line(points.x, points.y).slope_error, static_cast<double>(count) - 2};
    if (!error) return;
    judge_slope(trend, *error, points.x.back() - points.x.front(), points.size);
    if (by_runs || *trend.significant || !trend.sigma) return;
    if (count < fewest_ranked)
        trend.significant.reset();
    else
        trend.significant = rises_or_falls_throughout(points.y);
}

}  // namespace

std::string name_of(Law law) {
    return law == Law::linear ? "linear" : law == Law::logarithmic ? "logarithmic" : "power";
}

bool is_told_in_logarithm(const std::string& parameter, const std::vector<double>& rising_values) {
    return spans_ratios(rising_values, acts_by_ratios(parameter));
}

void judge_slope(Trend& trend, SlopeError error, double range, double size) {
    const auto is_rounding = [&](double slope) { return std::abs(slope) * range <= rounding * size; };
    // Runs that differ by rounding alone do not differ: they would be 1e15 standard errors apart.
    if (is_rounding(error.value)) error.value = 0;
    trend.slope_error = error.value;
    const boost::math::students_t distribution(error.freedom);
    trend.sigma_needed = std::max(least_sigma, boost::math::quantile(distribution, 0.975));
    if (error.value > 0) trend.sigma = std::abs(trend.slope) / error.value;
    trend.significant = !is_rounding(trend.slope) && (!trend.sigma || *trend.sigma >= *trend.sigma_needed);
}

void tell_change(Trend& trend, double change, const std::vector<double>& means, double mean) {
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
}

Trend trend_of(const std::vector<double>& values, const std::vector<Summary>& metric, bool by_ratios) {
    Trend trend;
    trend.law = law_of(values, metric, by_ratios);
    const Points points = points_of(trend.law, values, metric);
    trend.slope = points.slope();
    judge(trend, points);
    std::vector<double> means;
    for (const Summary& summary : metric) means.push_back(summary.mean);
    const auto line_at = [&](double x) {
        const double y = mean_of(points.y) + trend.slope * (x - mean_of(points.x));
        return trend.law == Law::power ? std::exp(y) : y;
    };
    tell_change(trend, line_at(points.x.back()) - line_at(points.x.front()), means, mean_of(means));
    return trend;
}

ParameterEffect effect_of(const std::string& parameter, const std::vector<StudyRun>& runs,
                          const std::vector<std::string>& metrics, const std::vector<std::string>& others) {
    ParameterEffect effect{parameter, groups_of(parameter, runs, metrics), {}};
    if (!all_numbers(effect.values)) return effect;
    std::stable_sort(effect.values.begin(), effect.values.end(),
                     [](const ValueGroup& a, const ValueGroup& b) {
                         return a.value.get<double>() < b.value.get<double>();
                     });
    for (const std::string& metric : metrics) {
        if (!others.empty()) {
            if (const auto trend = trend_within(parameter, others, runs, metric))
                effect.trends.emplace(metric, *trend);
            continue;
        }
        std::vector<double> values;
        std::vector<Summary> summaries;
        for (const ValueGroup& group : effect.values) {
            const auto found = group.metrics.find(metric);
            if (found == group.metrics.end()) continue;
            values.push_back(group.value.get<double>());
            summaries.push_back(found->second);
        }
        if (values.size() >= 2)
            effect.trends.emplace(metric, trend_of(values, summaries, acts_by_ratios(parameter)));
    }
    return effect;
}

}  // namespace assistd::analysis
