// The radius of gyration against the number of particles while the cluster grew, with the scaling law
// N = kf (Rg/a)^Df that the simulation fitted. Several simulations are overlaid, each with its own law.

#include <algorithm>
#include <cmath>
#include <limits>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {
namespace {

struct Growth {
    std::vector<Point> fitted;
    std::vector<Point> others;
    double radius = 1;
};

// The numbers of particles over which the simulation fitted; without a fit, all of them.
std::pair<double, double> fit_range(const Json& metadata) {
    constexpr double most = std::numeric_limits<double>::infinity();
    const auto range = metadata.find("fit_range");
    const bool is_pair = range != metadata.end() && range->is_array() && range->size() == 2 &&
                         range->at(0).is_number() && range->at(1).is_number();
    if (!is_pair) return {0, most};
    return {range->at(0).get<double>(), range->at(1).get<double>()};
}

Growth growth_of(const SimulationRecord& simulation) {
    const Pairs pairs = positive_pairs(simulation.metadata.value("rg_evolution", Json()), "n", "rg");
    if (pairs.first.size() < 2)
        throw invalid_argument("source",
                               simulation.handle +
                                   " reports no growth curve (its radius of gyration at two sizes or more), "
                                   "so there is nothing to plot against N.");
    Growth growth;
    growth.radius = particle_radius_of(simulation.metadata);
    const auto [first, last] = fit_range(simulation.metadata);
    for (std::size_t i = 0; i < pairs.first.size(); ++i) {
        const double n = pairs.first[i];
        auto& list = n >= first && n <= last ? growth.fitted : growth.others;
        list.push_back({n, pairs.second[i] / growth.radius});
    }
    // A range that is not of this growth says nothing about it.
    if (growth.fitted.size() < 2) std::swap(growth.fitted, growth.others);
    return growth;
}

// The scaling law that the simulation fitted.
struct Law {
    double df, df_error, kf, kf_error;
    double slope() const { return 1 / df; }
    double slope_error() const { return df_error / (df * df); }
    Point at(double n) const { return {n, std::pow(n / kf, slope())}; }
};

std::optional<Law> law_of(const Json& metadata) {
    const Law law{number_or(metadata, "df", 0), number_or(metadata, "df_stderr", 0),
                  number_or(metadata, "kf", 0), number_or(metadata, "kf_stderr", 0)};
    if (!(law.df > 0) || !(law.kf > 0)) return std::nullopt;
    return law;
}

Series line_of(const Law& law, const std::vector<Point>& fitted, Colour colour) {
    const auto [least, most] = std::minmax_element(fitted.begin(), fitted.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    return {Mark::line, colour, {law.at(least->x), law.at(most->x)}, {}};
}

void add_one(Plot& plot, const SimulationRecord& simulation) {
    const Growth growth = growth_of(simulation);
    plot.facts = {{"points", growth.fitted.size() + growth.others.size()}};
    Series fitted{Mark::disc, blue, growth.fitted, {simulation.handle}};
    fitted.is_curve = true;
    plot.chart.series.push_back(fitted);
    if (!growth.others.empty()) {
        Series others{Mark::ring, grey, growth.others, {"outside the fit"}};
        others.is_curve = true;
        plot.chart.series.push_back(others);
    }
    const auto law = law_of(simulation.metadata);
    if (!law) return;
    Series line = line_of(*law, growth.fitted, vermilion);
    line.legend = {"slope 1/*D*_{f} = " + number_label(law->slope(), law->slope_error()),
                   "*D*_{f} = " + label_of_fit(law->df, law->df_error),
                   "*k*_{f} = " + number_label(law->kf, law->kf_error)};
    plot.chart.series.push_back(line);
    plot.facts.update({{"slope", law->slope()},
                       {"slope_error", law->slope_error()},
                       {"df", law->df},
                       {"kf", law->kf},
                       {"particle_radius", growth.radius}});
}

// Returns how many of its points are outside the fit.
std::size_t add_overlaid(Plot& plot, const SimulationRecord& simulation, CurveStyle style) {
    const Growth growth = growth_of(simulation);
    const auto law = law_of(simulation.metadata);
    const std::size_t outside = growth.others.size();
    plot.facts["points"] = plot.facts.value("points", std::size_t{0}) + growth.fitted.size() + outside;
    std::string legend = simulation.handle;
    if (law) legend += ":  *D*_{f} = " + number_label(law->df, law->df_error);
    // Under the marks that count: pale ones of the same shape.
    Series others{style.mark, pale(style.colour), growth.others, {}};
    Series fitted{style.mark, style.colour, growth.fitted, {legend}};
    others.is_curve = fitted.is_curve = true;
    if (outside > 0) plot.chart.series.push_back(std::move(others));
    plot.chart.series.push_back(std::move(fitted));
    if (law) plot.chart.series.push_back(line_of(*law, growth.fitted, style.colour));
    return outside;
}

// Says once, for all of them, what the pale marks are.
void explain_pale(Plot& plot) {
    plot.chart.series.push_back({Mark::disc, pale(grey), {}, {"pale: outside the fit"}});
    plot.caption += " Pale marks are outside the range of the fit.";
}

Plot make(const Material& material) {
    const auto& simulations = curves_of(material);
    Plot plot;
    plot.facts = Json::object();
    plot.chart.title = "Radius of gyration against number of particles of " + names_of(simulations);
    plot.chart.x_label = "number of particles  *N*";
    plot.chart.y_label = "radius of gyration  *R*_{g} / *a*";
    plot.file_stem = simulations.front().handle + "-rg-vs-n";
    plot.caption =
        "Radius of gyration *R*_{g} in units of the primary particle radius *a* against the number of "
        "particles *N* while the cluster grew. Lines: the fitted scaling law *N* = *k*_{f} "
        "(*R*_{g}/*a*)^{Df}, over the range of the fit; \u00b1 is the standard error of the fit alone.";
    if (simulations.size() == 1) add_one(plot, simulations.front());
    std::size_t outside = 0;
    for (std::size_t i = 0; simulations.size() > 1 && i < simulations.size(); ++i)
        outside += add_overlaid(plot, simulations[i], curve_styles[i]);
    if (outside > 0) explain_pale(plot);
    return plot;
}

}  // namespace

const PlotKind rg_vs_n_plot{"rg_vs_n", make};

}  // namespace assistd::exporting
