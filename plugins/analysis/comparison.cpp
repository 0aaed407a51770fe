#include "comparison.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace assistd::analysis {
namespace {

void add_summaries(Comparison& comparison, const std::vector<MetricValues>& simulations) {
    for (const Metric& metric : metrics) {
        std::vector<double> values;
        for (const MetricValues& simulation : simulations)
            if (const auto found = simulation.find(metric.name); found != simulation.end())
                values.push_back(found->second);
        if (values.empty()) continue;
        comparison.summaries.emplace(metric.name, summarise(values));
        if (values.size() < simulations.size())
            comparison.notes.push_back("Only " + std::to_string(values.size()) + " of " +
                                       std::to_string(simulations.size()) + " simulations report " +
                                       std::string(metric.name) + ".");
    }
}

// Of clusters of several sizes there is no mean of what grows with them.
void find_what_has_no_mean(Comparison& comparison) {
    const auto size = comparison.summaries.find("n_particles");
    if (size == comparison.summaries.end() || size->second.min == size->second.max) return;
    for (const Metric& metric : metrics)
        if (metric.follows_size && comparison.summaries.contains(std::string(metric.name)))
            comparison.without_mean.insert(std::string(metric.name));
}

// Of Pearson's coefficient of `count` pairs, at least three.
double p_value_of(double coefficient, double count) {
    const double left = 1 - coefficient * coefficient;
    if (!(left > 0)) return 0;
    const double t = std::abs(coefficient) * std::sqrt((count - 2) / left);
    return 2 * boost::math::cdf(complement(boost::math::students_t(count - 2), t));
}

void add_correlation(Comparison& comparison, const std::vector<MetricValues>& simulations,
                     const Metric& first, const Metric& second) {
    std::vector<double> x, y;
    for (const MetricValues& simulation : simulations) {
        const auto one = simulation.find(first.name), other = simulation.find(second.name);
        if (one == simulation.end() || other == simulation.end()) continue;
        x.push_back(one->second);
        y.push_back(other->second);
    }
    if (const auto coefficient = correlation(x, y))
        comparison.correlations.push_back({std::string(first.name), std::string(second.name), *coefficient,
                                           static_cast<int>(x.size()),
                                           p_value_of(*coefficient, static_cast<double>(x.size()))});
}

}  // namespace

Comparison compare(const std::vector<MetricValues>& simulations, bool are_of_one_kind) {
    Comparison comparison;
    add_summaries(comparison, simulations);
    find_what_has_no_mean(comparison);
    if (!are_of_one_kind) return comparison;
    for (std::size_t i = 0; i < metrics.size(); ++i)
        for (std::size_t j = i + 1; j < metrics.size(); ++j)
            if (metrics[i].is_correlated && metrics[j].is_correlated)
                add_correlation(comparison, simulations, metrics[i], metrics[j]);
    if (simulations.size() < 3)
        comparison.notes.push_back("Correlations need at least three simulations.");
    else if (comparison.correlations.empty())
        comparison.notes.push_back(
            "No two metrics vary together in these simulations, so there are no correlations.");
    return comparison;
}

}  // namespace assistd::analysis
