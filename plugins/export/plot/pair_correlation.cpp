// The pair correlation g(r): the density of other particles' centres at distance r of a particle. Of a
// simulation as it reports it; of a correlation analysis with the power law that it fitted,
// g(r) ~ r^(Df - d) (S. R. Forrest and T. A. Witten, J. Phys. A 12, L109 (1979)).

#include <algorithm>
#include <cmath>

#include "plot/kind.h"
#include "source.h"
#include "statistics.h"

namespace assistd::exporting {
namespace {

double dimensions_of(const Json& data) {
    return number_or(data, "dimensions", 3) == 2 ? 2 : 3;
}

// "g(r) a³"; of simulations of two and of three dimensions "g(r) a^d".
std::string label_of_density(double dimensions, bool is_one) {
    const std::string power = !is_one ? "*d*" : dimensions == 2 ? "2" : "3";
    return "pair correlation  *g*(*r*) *a*^{" + power + "}";
}

// Distances in a and densities in 1/a^d.
std::vector<Point> points_of(const Json& data, double radius, double dimensions) {
    const Pairs pairs = positive_pairs(data, "r", "g_r");
    std::vector<Point> points;
    for (std::size_t i = 0; i < pairs.first.size(); ++i)
        points.push_back({pairs.first[i] / radius, pairs.second[i] * std::pow(radius, dimensions)});
    return points;
}

void add_simulations(Plot& plot, const std::vector<SimulationRecord>& simulations) {
    std::size_t points = 0;
    for (std::size_t i = 0; i < simulations.size(); ++i) {
        const Json& metadata = simulations[i].metadata;
        std::vector<Point> curve = points_of(metadata.value("pair_correlation", Json()),
                                             particle_radius_of(metadata), dimensions_of(metadata));
        if (curve.size() < 2)
            throw invalid_argument(
                "source",
                simulations[i].handle + " reports no pair correlation, so there is nothing to plot.");
        points += curve.size();
        Series line{Mark::line, curve_styles[i].colour, curve, {}};
        Series marks{curve_styles[i].mark, curve_styles[i].colour, std::move(curve), {simulations[i].handle}};
        marks.is_curve = true;
        plot.chart.series.push_back(std::move(line));
        plot.chart.series.push_back(std::move(marks));
    }
    const double dimensions = dimensions_of(simulations.front().metadata);
    const bool is_one = std::all_of(simulations.begin(), simulations.end(), [&](const auto& each) {
        return dimensions_of(each.metadata) == dimensions;
    });
    plot.chart.y_label = label_of_density(dimensions, is_one);
    plot.facts = {{"points", points}};
    plot.file_stem = simulations.front().handle + "-pair-correlation";
}

// Which points the analysis fitted; none when it does not say so for each.
std::vector<bool> fitted_of(const Json& pairs, std::size_t count) {
    const Json flags = pairs.value("fitted", Json::array());
    if (!flags.is_array() || flags.size() != count) return {};
    std::vector<bool> fitted;
    for (const Json& flag : flags) fitted.push_back(flag.is_boolean() && flag.get<bool>());
    return fitted;
}

// The line through the logarithms of the fitted points, in the plot's units.
void add_fit(Plot& plot, const std::vector<Point>& fitted, double dimensions) {
    std::vector<double> ln_r, ln_g;
    for (const Point& point : fitted) {
        ln_r.push_back(std::log(point.x));
        ln_g.push_back(std::log(point.y));
    }
    const auto line = line_through(ln_r, ln_g);
    if (!line) return;
    const auto at = [&](double x) { return Point{x, std::exp(line->at(std::log(x)))}; };
    const auto [least, most] = std::minmax_element(fitted.begin(), fitted.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    const double df = dimensions + line->slope;
    plot.chart.series.push_back({Mark::line,
                                 vermilion,
                                 {at(least->x), at(most->x)},
                                 {"slope " + number_label(line->slope, line->slope_error),
                                  "*D*_{f} = " + label_of_fit(df, line->slope_error)}});
    plot.facts.update({{"slope", line->slope}, {"slope_error", line->slope_error}, {"df", df}});
}

void add_analysis(Plot& plot, const AnalysisRecord& analysis) {
    const Json pairs = analysis.document.value("pair_correlation", Json());
    const Json subject = analysis.document.value("subject", Json::object());
    const double radius = particle_radius_of(subject.is_object() ? subject : Json::object());
    const double dimensions =
        dimensions_of(analysis.document.contains("dimensions") ? analysis.document : subject);
    if (!pairs.is_object() || !pairs.contains("r") || !pairs["r"].is_array())
        throw invalid_argument("source",
                               analysis.handle + " holds no pair correlation that could be plotted.");
    const std::vector<bool> flags = fitted_of(pairs, pairs["r"].size());
    Series fitted{Mark::disc, blue, {}, {"fitted"}}, others{Mark::ring, grey, {}, {"outside the fit"}};
    for (std::size_t i = 0; i < pairs["r"].size(); ++i) {
        // One by one, since pairs without a logarithm are left out and must keep their flags in step.
        const Json one{{"r", {pairs["r"][i]}}, {"g_r", {pairs.value("g_r", Json::array()).at(i)}}};
        for (const Point& point : points_of(one, radius, dimensions))
            (flags.empty() || flags[i] ? fitted : others).points.push_back(point);
    }
    if (fitted.points.size() + others.points.size() < 2)
        throw invalid_argument("source",
                               analysis.handle + " holds too few points of a pair correlation for a plot.");
    if (flags.empty()) fitted.legend = {analysis.handle};
    plot.facts = {{"points", fitted.points.size() + others.points.size()}};
    const std::vector<Point> line = flags.empty() ? std::vector<Point>() : fitted.points;
    for (Series* series : {&others, &fitted}) {
        series->is_curve = true;
        if (!series->points.empty()) plot.chart.series.push_back(std::move(*series));
    }
    plot.chart.y_label = label_of_density(dimensions, true);
    add_fit(plot, line, dimensions);
    plot.file_stem = analysis.handle + "-pair-correlation";
}

Plot make(const Material& material) {
    Plot plot;
    const auto found = std::find_if(material.analyses.begin(), material.analyses.end(),
                                    [](const AnalysisRecord& each) { return each.method == "correlation"; });
    plot.chart.x_label = "distance  *r* / *a*";
    plot.caption =
        "Pair correlation *g*(*r*): the number of other particle centres per unit volume (in two dimensions "
        "area) at the distance *r* of a particle, in units of the primary particle radius *a*.";
    if (found != material.analyses.end()) {
        plot.chart.title =
            "Pair correlation of " + (found->simulation.empty() ? found->handle : found->simulation);
        add_analysis(plot, *found);
        if (plot.facts.contains("slope"))
            plot.caption += " Line: the power law of exponent *D*_{f} \u2212 *d* through the filled points.";
    } else {
        const auto& simulations = curves_of(material);
        plot.chart.title = "Pair correlation of " + names_of(simulations);
        add_simulations(plot, simulations);
    }
    return plot;
}

}  // namespace

const PlotKind pair_correlation_plot{"pair_correlation", make};

}  // namespace assistd::exporting
