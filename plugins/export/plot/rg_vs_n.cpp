// The radius of gyration against the number of particles while the cluster grew, with the scaling law
// N = kf (Rg/a)^Df that the simulation fitted. Several simulations are overlaid, each with its own law. Of a
// study: its whole clusters, with the law through all of them, for each combination of what else was varied.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "plot/df_values.h"
#include "plot/kind.h"
#include "properties.h"
#include "source.h"
#include "statistics.h"

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

std::vector<std::string> legend_of(const Law& law) {
    return {"slope 1/*D*_{f} = " + number_label(law.slope(), law.slope_error()),
            "*D*_{f} = " + label_of_fit(law.df, law.df_error),
            "*k*_{f} = " + number_label(law.kf, law.kf_error)};
}

Json facts_of(const Law& law) {
    return {{"slope", law.slope()}, {"slope_error", law.slope_error()}, {"df", law.df}, {"kf", law.kf}};
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
    line.legend = legend_of(*law);
    plot.chart.series.push_back(line);
    plot.facts.update(facts_of(*law));
    plot.facts["particle_radius"] = growth.radius;
}

// Returns how many of its points are outside the fit.
std::size_t add_overlaid(Plot& plot, const SimulationRecord& simulation, CurveStyle style) {
    const Growth growth = growth_of(simulation);
    const auto law = law_of(simulation.metadata);
    const std::size_t outside = growth.others.size();
    plot.facts["points"] = plot.facts.value("points", std::size_t{0}) + growth.fitted.size() + outside;
    std::string legend = simulation.handle;
    if (law) legend += ":  *D*_{f} = " + label_of_fit(law->df, law->df_error);
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

// What of a run was varied beside the number of particles: "regime = rlca, dimensions = 2".
std::string group_of(const StudyRecord& study, const RunRecord& run) {
    std::string text;
    for (const std::string& name : study.varied()) {
        if (name == "n_particles") continue;
        const Json value = run.parameters.value(name, Json());
        text += (text.empty() ? "" : ", ") + name + " = " + shown_value(name, value, "");
    }
    std::ranges::replace(text, '_', ' ');  // labels' markup has no escape
    return text;
}

struct Runs {
    std::vector<Point> points;
    std::map<double, std::vector<double>> by_n;
};

// ": “plot Rg against N of simulation-51”": its last run's, when that is known.
std::string like_the_last_of(const StudyRecord& study) {
    for (auto run = study.runs.rbegin(); run != study.runs.rend(); ++run)
        if (!run->simulation.empty()) return ": “plot Rg against N of " + run->simulation + "”";
    return "";
}

std::map<std::string, Runs> groups_of(const StudyRecord& study) {
    std::map<std::string, Runs> groups;
    for (const RunRecord& run : study.runs) {
        const auto n = study.number(run, "n_particles"), rg = study.number(run, "rg");
        if (!n || !rg || !(*n > 0) || !(*rg > 0)) continue;
        const double radius = study.number(run, "particle_radius").value_or(1);
        const double relative = *rg / (radius > 0 ? radius : 1);
        Runs& group = groups[group_of(study, run)];
        group.points.push_back({*n, relative});
        group.by_n[*n].push_back(relative);
    }
    if (groups.empty())
        throw invalid_argument("source", "The runs of " + study.handle +
                                             " do not report how many particles they have and their radius "
                                             "of gyration (rg).");
    if (std::ranges::none_of(groups, [](const auto& group) { return group.second.by_n.size() > 1; }))
        throw invalid_argument("source", "The runs of " + study.handle +
                                             " have the same number of particles. Of one of its simulations "
                                             "Rg can be plotted as it grew" +
                                             like_the_last_of(study) + ".");
    if (groups.size() > most_curves)
        throw invalid_argument("source", "At most " + std::to_string(most_curves) +
                                             " combinations of parameters can be told apart in one plot; "
                                             "those of " +
                                             study.handle + " are " + std::to_string(groups.size()) + ".");
    return groups;
}

// By least squares of ln(Rg/a) on ln N, as N is known and Rg is what scatters. None of fewer than three
// sizes: a line through two says nothing of whether it is one.
std::optional<Law> law_through(const Runs& runs) {
    if (runs.by_n.size() < 3) return std::nullopt;
    std::vector<double> ln_n, ln_rg;
    for (const Point& point : runs.points) {
        ln_n.push_back(std::log(point.x));
        ln_rg.push_back(std::log(point.y));
    }
    const auto line = line_through(ln_n, ln_rg);
    if (!line || !(line->slope > 0)) return std::nullopt;
    const double df = 1 / line->slope, df_error = line->slope_error * df * df;
    const Spread x = spread_of(ln_n), y = spread_of(ln_rg);
    // ln kf = mean(ln N) - Df mean(ln Rg/a), two terms whose errors are independent.
    const double count = static_cast<double>(x.count);
    const double of_mean = df * line->slope_error * x.deviation * std::sqrt((count - 1) / count);
    const double kf = std::exp(x.mean - df * y.mean);
    return Law{df, df_error, kf, kf * std::hypot(of_mean, y.mean * df_error)};
}

Series means_of(const Runs& runs, CurveStyle style) {
    Series means{style.mark, style.colour, {}, {}};
    for (const auto& [n, values] : runs.by_n) {
        const Spread spread = spread_of(values);
        means.points.push_back({n, spread.mean});
        means.errors.push_back(spread.deviation);
    }
    return means;
}

void add_study(Plot& plot, const StudyRecord& study) {
    const std::map<std::string, Runs> groups = groups_of(study);
    std::size_t points = 0, sizes = 0, style = 0;
    for (const auto& [name, runs] : groups) {
        points += runs.points.size();
        sizes = std::max(sizes, runs.by_n.size());
        const auto law = law_through(runs);
        Series means = means_of(runs, curve_styles[style]);
        if (groups.size() > 1) {
            means.legend = {label_of_kind(name) +
                            (law ? ":  *D*_{f} = " + label_of_fit(law->df, law->df_error) : "")};
            plot.chart.series.push_back(std::move(means));
            if (law) plot.chart.series.push_back(line_of(*law, runs.points, curve_styles[style].colour));
            ++style;
            continue;
        }
        const bool have_spread = runs.points.size() > means.points.size();
        means.legend = {label_of_means(have_spread)};
        if (have_spread) plot.chart.series.push_back({Mark::ring, grey, runs.points, {"runs"}});
        plot.chart.series.push_back(std::move(means));
        if (!law) continue;
        plot.chart.series.push_back(line_of(*law, runs.points, vermilion));
        plot.chart.series.back().legend = legend_of(*law);
        plot.facts.update(facts_of(*law));
        plot.facts.update({{"df_error", law->df_error}, {"kf_error", law->kf_error}});
    }
    plot.facts.update({{"points", points}, {"sizes", sizes}});
    plot.caption =
        "Radius of gyration *R*_{g} in units of the primary particle radius *a* against the number of "
        "particles *N* of whole clusters: mean and standard deviation over the runs of each *N*. Lines: "
        "*N* = *k*_{f} (*R*_{g}/*a*)^{Df}, by least squares of ln *R*_{g} on ln *N* over all runs; \u00b1 "
        "is the standard error of the fit, from the residuals of all runs.";
}

Plot make(const Material& material) {
    Plot plot;
    plot.facts = Json::object();
    plot.chart.x_label = "number of particles  *N*";
    plot.chart.y_label = "radius of gyration  *R*_{g} / *a*";
    if (material.study) {
        plot.chart.title = "Radius of gyration against number of particles of " + material.study->handle;
        plot.file_stem = material.study->handle + "-rg-vs-n";
        add_study(plot, *material.study);
        return plot;
    }
    const auto& simulations = curves_of(material);
    plot.chart.title = "Radius of gyration against number of particles of " + names_of(simulations);
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
