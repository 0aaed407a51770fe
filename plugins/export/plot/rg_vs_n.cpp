// The radius of gyration against the number of particles while the cluster grew, with the scaling law
// N = kf (Rg/a)^Df that the simulation fitted.

#include <algorithm>
#include <cmath>
#include <limits>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {
namespace {

// What the simulation said of itself. A box counting carries it with it, so that it can be plotted from that
// too.
struct Subject {
    std::string handle;
    Json metadata;
};

Subject subject_of(const Artifact& source) {
    const std::string handle(source.handle());
    if (source.kind() == "simulation") return {handle, source.metadata()};
    const Json document = document_of(source, "source");
    const Json subject = document.value("subject", Json());
    const Json simulation = document.value("simulation", Json());
    if (!subject.is_object() || !simulation.is_string())
        throw invalid_argument(
            "source", handle + " does not say which growth it analysed; plot the simulation instead.");
    return {simulation.get<std::string>(), subject};
}

// The numbers of particles over which the simulation fitted; without a fit, all of them.
std::pair<double, double> fit_range(const Json& metadata) {
    constexpr double most = std::numeric_limits<double>::infinity();
    const auto range = metadata.find("fit_range");
    const bool is_pair = range != metadata.end() && range->is_array() && range->size() == 2 &&
                         range->at(0).is_number() && range->at(1).is_number();
    if (!is_pair) return {0, most};
    return {range->at(0).get<double>(), range->at(1).get<double>()};
}

// The scaling law as a line over what it was fitted to, when the simulation reports a fit.
void add_fit(Plot& plot, const Json& metadata, double radius) {
    const double df = number_or(metadata, "df", 0), kf = number_or(metadata, "kf", 0);
    if (!(df > 0) || !(kf > 0)) return;
    const double df_error = number_or(metadata, "df_stderr", 0),
                 kf_error = number_or(metadata, "kf_stderr", 0);
    const double slope = 1 / df, slope_error = df_error / (df * df);
    const auto law = [&](double n) { return Point{n, std::pow(n / kf, slope)}; };

    const auto& growth = plot.chart.series.front().points;
    const auto [least, most] = std::minmax_element(growth.begin(), growth.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    plot.chart.series.push_back(
        {Mark::line,
         vermilion,
         {law(least->x), law(most->x)},
         {"slope 1/*D*_{f} = " + with_error(slope, slope_error), "*D*_{f} = " + with_error(df, df_error),
          "*k*_{f} = " + with_error(kf, kf_error)}});
    plot.facts.update({{"slope", slope},
                       {"slope_error", slope_error},
                       {"df", df},
                       {"kf", kf},
                       {"particle_radius", radius}});
}

Plot make(const Artifact& source) {
    const Subject subject = subject_of(source);
    const Pairs growth = positive_pairs(subject.metadata.value("rg_evolution", Json()), "n", "rg");
    if (growth.first.size() < 2)
        throw invalid_argument("source",
                               subject.handle +
                                   " reports no growth curve (its radius of gyration at two sizes or more), "
                                   "so there is nothing to plot against N.");
    const double reported = number_or(subject.metadata, "particle_radius", 1);
    const double radius = reported > 0 ? reported : 1;

    Plot plot;
    plot.chart.title = "Radius of gyration against number of particles of " + subject.handle;
    plot.chart.x_label = "number of particles  *N*";
    plot.chart.y_label = "radius of gyration  *R*_{g} / *a*";
    plot.file_stem = subject.handle + "-rg-vs-n";
    plot.facts = {{"points", growth.first.size()}};
    const auto [first, last] = fit_range(subject.metadata);
    Series fitted{Mark::disc, blue, {}, {subject.handle}};
    Series others{Mark::ring, grey, {}, {"outside the fit"}};
    for (std::size_t i = 0; i < growth.first.size(); ++i) {
        const double n = growth.first[i];
        Series& series = n >= first && n <= last ? fitted : others;
        series.points.push_back({n, growth.second[i] / radius});
    }
    // A range that is not of this growth says nothing about it.
    if (fitted.points.size() < 2) std::swap(fitted.points, others.points);
    plot.chart.series.push_back(std::move(fitted));
    if (!others.points.empty()) plot.chart.series.push_back(std::move(others));
    add_fit(plot, subject.metadata, radius);
    return plot;
}

}  // namespace

const PlotKind rg_vs_n_plot{"rg_vs_n", make};

}  // namespace assistd::exporting
