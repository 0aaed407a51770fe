// How many others each particle touches: the histogram that the simulation reports, as fractions, with the
// mean and one standard deviation on either side. Several simulations are overlaid as curves.

#include <algorithm>
#include <cmath>

#include "plot/kind.h"
#include "source.h"

namespace assistd::exporting {
namespace {

struct Coordination {
    std::vector<Point> fractions;
    double mean = 0;
    double deviation = 0;
};

Coordination coordination_of(const SimulationRecord& simulation) {
    const Json reported = simulation.metadata.value("coordination", Json::object());
    const Json counts = reported.is_object() ? reported.value("histogram", Json()) : Json();
    double total = 0;
    if (counts.is_array())
        for (const Json& count : counts) total += count.is_number() ? count.get<double>() : 0;
    if (!(total > 0))
        throw invalid_argument("source", simulation.handle +
                                             " reports no coordination numbers (a histogram of contacts), so "
                                             "there is nothing to plot.");
    Coordination result;
    double sum = 0, squares = 0;
    std::size_t last = counts.size();
    while (!counts[last - 1].is_number() || counts[last - 1].get<double>() == 0) --last;
    for (std::size_t c = 0; c < last; ++c) {
        const double fraction = counts[c].is_number() ? counts[c].get<double>() / total : 0;
        const auto contacts = static_cast<double>(c);
        result.fractions.push_back({contacts, fraction});
        sum += contacts * fraction;
        squares += contacts * contacts * fraction;
    }
    result.mean = number_or(reported, "mean", sum);
    result.deviation = number_or(reported, "std", std::sqrt(std::max(0.0, squares - sum * sum)));
    return result;
}

// "mean 1.99, std 0.71", to the digits that tell clusters apart.
std::string mean_text(const Coordination& coordination) {
    char text[96];
    std::snprintf(text, sizeof text, "mean %.3f, std %.3f", coordination.mean, coordination.deviation);
    return text;
}

void add_one(Plot& plot, const Coordination& coordination, const std::string& handle) {
    Series bars{Mark::bars, blue, coordination.fractions, {handle}};
    bars.width = 0.8;
    plot.chart.series.push_back(std::move(bars));
    double top = 0;
    for (const Point& point : coordination.fractions) top = std::max(top, point.y);
    const double mean = coordination.mean, deviation = coordination.deviation;
    plot.chart.series.push_back(
        {Mark::line, vermilion, {{mean, 0}, {mean, 1.12 * top}}, {mean_text(coordination)}});
    for (const double x : {mean - deviation, mean + deviation})
        if (x > 0) plot.chart.series.push_back({Mark::dashes, vermilion, {{x, 0}, {x, 1.12 * top}}, {}});
    plot.chart.series.push_back({Mark::dashes, vermilion, {}, {"mean \u00b1 std"}});
    plot.facts.update({{"mean", mean}, {"std", deviation}});
}

Plot make(const Material& material) {
    const auto& simulations = curves_of(material);
    Plot plot;
    plot.facts = Json::object();
    plot.chart.title = "Coordination numbers of " + names_of(simulations);
    plot.chart.x_label = "coordination number";
    plot.chart.y_label = "fraction of particles";
    plot.chart.x_scale = Scale::whole;
    plot.chart.y_scale = Scale::from_zero;
    plot.file_stem = simulations.front().handle + "-coordination";
    plot.caption =
        "Coordination number: with how many others each particle is in contact, as fractions of all "
        "particles.";
    std::size_t points = 0;
    for (std::size_t i = 0; i < simulations.size(); ++i) {
        const Coordination coordination = coordination_of(simulations[i]);
        points += coordination.fractions.size();
        if (simulations.size() == 1) {
            add_one(plot, coordination, simulations[i].handle);
            continue;
        }
        const CurveStyle style = curve_styles[i];
        plot.chart.series.push_back({Mark::line, style.colour, coordination.fractions, {}});
        plot.chart.series.push_back({style.mark,
                                     style.colour,
                                     coordination.fractions,
                                     {simulations[i].handle + ":  " + mean_text(coordination)}});
    }
    plot.facts["points"] = points;
    return plot;
}

}  // namespace

const PlotKind coordination_plot{"coordination", make};

}  // namespace assistd::exporting
