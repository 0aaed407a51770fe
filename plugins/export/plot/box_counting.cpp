// The edge-corrected number of boxes against their size, with the line that run_box_counting fitted, and the
// plain number beside it.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {
namespace {

struct Counted {
    std::vector<Point> fitted;
    std::vector<Point> others;
    std::vector<Point> plain;  // none of an analysis that was stored before they were kept
};

// The points, with box sizes in units of the mean particle radius a.
Counted points_of(const Json& document, double radius, const std::string& handle) {
    Counted counted;
    const Json points = document.value("points", Json::object());
    const Pairs pairs = positive_pairs(points, "box_size", "count");
    const Json fitted = points.is_object() ? points.value("fitted", Json::array()) : Json::array();
    if (!fitted.is_array() || fitted.size() != pairs.first.size())
        throw invalid_argument("source",
                               handle + " holds no points of a box counting that could be plotted.");
    for (std::size_t i = 0; i < pairs.first.size(); ++i) {
        auto& list = fitted[i].is_boolean() && fitted[i].get<bool>() ? counted.fitted : counted.others;
        list.push_back({pairs.first[i] / radius, pairs.second[i]});
    }
    const Pairs plain = positive_pairs(points, "box_size", "occupied");
    for (std::size_t i = 0; i < plain.first.size(); ++i)
        counted.plain.push_back({plain.first[i] / radius, plain.second[i]});
    if (counted.fitted.size() < 2)
        throw invalid_argument("source", handle + " holds too few points of a box counting for a plot.");
    return counted;
}

const AnalysisRecord& counting_of(const Material& material) {
    // Of a simulation the tool has looked up its analysis before.
    if (material.analyses.empty())
        throw invalid_argument(
            "source", first_handle(material) +
                          " is a study; box countings are plotted from the analyses of its simulations. Run "
                          "run_box_counting on one of them, then plot the analysis.");
    const AnalysisRecord& analysis = material.analyses.front();
    if (analysis.method == "fraktal")
        throw invalid_argument("source",
                               analysis.handle + " is a FRAKTAL analysis, which has no plot of its own." +
                                   (analysis.simulation.empty()
                                        ? ""
                                        : " Plot rg_vs_n, df_vs_n, pair_correlation or coordination of " +
                                              analysis.simulation + " instead."));
    if (analysis.method != "box_counting")
        throw invalid_argument("source", analysis.handle + " is an analysis, but not a box counting.");
    return analysis;
}

void add_plain(Plot& plot, const std::vector<Point>& plain, const Json& fit) {
    const double slope = -number_or(fit, "df", 0);
    plot.chart.series.push_back(
        {Mark::triangle,
         sky,
         plain,
         {"without edge correction:", "slope " + label_of_fit(slope, number_or(fit, "standard_error", 0))}});
    plot.facts["uncorrected_slope"] = slope;
}

Plot make(const Material& material) {
    const AnalysisRecord& analysis = counting_of(material);
    const std::string& handle = analysis.handle;
    const Json& document = analysis.document;
    const double radius = number_or(document, "mean_particle_diameter", 2) / 2;
    const Counted counted = points_of(document, radius, handle);
    const double df = number_or(document, "df", 0), error = number_or(document, "standard_error", 0);
    const double intercept = number_or(document, "intercept", 0);

    // ln N = intercept - df ln s
    const auto fit = [&](double size) {
        return Point{size, std::exp(intercept - df * std::log(size * radius))};
    };
    const auto [least, most] = std::minmax_element(counted.fitted.begin(), counted.fitted.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    char r_squared[48];
    std::snprintf(r_squared, sizeof r_squared, "*R*^{2} = %.4f", number_or(document, "r_squared", 0));

    Plot plot;
    plot.facts = Json::object();
    plot.chart.title = "Box counting of " + (analysis.simulation.empty() ? handle : analysis.simulation);
    plot.chart.x_label = "box size  *s* / *a*";
    plot.chart.y_label = "number of boxes  *N*(*s*)";
    if (!counted.plain.empty()) add_plain(plot, counted.plain, document.value("uncorrected", Json::object()));
    plot.chart.series.push_back({Mark::disc, blue, counted.fitted, {"fitted"}});
    if (!counted.others.empty())
        plot.chart.series.push_back({Mark::ring, grey, counted.others, {"outside the fit"}});
    plot.chart.series.push_back({Mark::line,
                                 vermilion,
                                 {fit(least->x), fit(most->x)},
                                 {"slope " + label_of_fit(-df, error), r_squared}});
    plot.file_stem = handle + "-box-counting";
    plot.facts.update({{"slope", -df},
                       {"slope_error", error},
                       {"df", df},
                       {"points", counted.fitted.size() + counted.others.size()}});
    plot.caption =
        "Number of boxes *N*(*s*) that the cluster reaches into, those that stick out at its edge counted in "
        "parts, against the box size *s* in units of the mean primary particle radius, here *a*. Line: the "
        "power law fitted over the filled points; its slope is \u2212*D*_{f}, \u00b1 the standard error of "
        "the fit alone." +
        std::string(counted.plain.empty() ? "" : " Triangles: the plain number of occupied boxes.");
    return plot;
}

}  // namespace

const PlotKind box_counting_plot{"box_counting", make};

}  // namespace assistd::exporting
