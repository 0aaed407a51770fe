#include "comparison_text.h"

#include <array>
#include <assistd/uncertain_number.hpp>
#include <cstdio>

namespace assistd::analysis {
namespace {

constexpr std::array<const char*, 3> told_metrics{"df", "kf", "rg"};

// " nm"; of equal radii of 1 without a unit " a".
std::string unit_text(const Comparison& comparison, const std::string& unit) {
    if (!unit.empty()) return " " + unit;
    const auto radius = comparison.summaries.find("particle_radius");
    const bool in_radii =
        radius != comparison.summaries.end() && radius->second.min == 1 && radius->second.max == 1;
    return in_radii ? " a" : "";
}

// "df = 1.84 ± 0.07 (std 0.12, 1.7 to 2.0)", "rg from 10 to 45 a". A single value has neither deviation nor
// range.
std::string told(const std::string& name, const Summary& summary, std::size_t simulations,
                 const std::string& unit, bool has_mean) {
    std::string text;
    if (has_mean) {
        const auto error = summary.standard_error();
        text = name + " = " + with_error(summary.mean, error.value_or(0)) + unit;
        if (summary.standard_deviation)
            text += " (std " + two_digits(*summary.standard_deviation) + ", " +
                    range_text(summary.min, summary.max) + ")";
    } else {
        text = name + " from " + range_text(summary.min, summary.max) + unit;
    }
    const auto reporting = static_cast<std::size_t>(summary.count);
    return reporting == simulations
               ? text
               : text + " (" + std::to_string(reporting) + " of " + std::to_string(simulations) + ")";
}

// ", mean ± standard error: df = 1.84 ± 0.07 (std 0.12, 1.7 to 2.0), kf = …"
std::string told_means(const Comparison& comparison, std::size_t simulations, const std::string& lengths) {
    std::string text;
    for (const std::string name : told_metrics)
        if (const auto found = comparison.summaries.find(name); found != comparison.summaries.end())
            text += (text.empty() ? ", mean ± standard error: " : ", ") +
                    told(name, found->second, simulations, name == "rg" ? lengths : "",
                         !comparison.without_mean.contains(name));
    return text;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// "simulation-1: df = 1.79 ± 0.02, kf = 1.40, rg = 21.6 a"
std::string told(const Json& simulation, const Comparison& comparison, const std::string& unit) {
    std::string text = simulation.at("simulation").get<std::string>();
    const char* separator = ": ";
    const Json& values = simulation.at("values");
    const Json errors = simulation.value("errors", Json::object());
    for (const std::string name : told_metrics) {
        if (!values.contains(name) || !comparison.summaries.contains(name)) continue;
        const double value = values.at(name).get<double>();
        const bool is_exact = name != "rg" && simulation.value("exact", false);
        char exact[48];
        std::snprintf(exact, sizeof exact, "%.6g (exact)", value);
        text += separator + name + " = " +
                (is_exact ? std::string(exact) : with_error(value, errors.value(name, 0.0))) +
                (name == "rg" ? unit : "");
        if (name == "rg" && values.contains("rg_over_a"))
            text += " (" + with_error(values.at("rg_over_a").get<double>(), 0) + " a)";
        separator = ", ";
    }
    return text;
}

// What follows in the summary, as far as it fits: whole items, and how many more there are.
void add_items(std::string& text, const std::vector<std::string>& items, const std::string& opening,
               const std::string& separator, std::size_t longest) {
    std::size_t shown = 0;
    for (const std::string& item : items) {
        if (text.size() + item.size() > longest) break;
        text += (shown++ == 0 ? opening : separator) + item;
    }
    if (shown == items.size()) return;
    text += (shown == 0 ? opening : separator) + std::to_string(items.size() - shown) +
            (shown == 0 ? "" : " more") + " not shown here, all are in the table";
}

}  // namespace

std::string summary_of(const Comparison& comparison, const Json& simulations, const std::string& unit,
                       const std::vector<KindOfSimulations>& kinds) {
    constexpr std::size_t few = 5;
    // Of 20 clusters of as many kinds everything would be more than anyone reads.
    constexpr std::size_t longest_kinds = 1'500, longest_means = 3'000, longest = 4'000;
    const std::string of_lengths = unit_text(comparison, unit);
    std::string text = "Compared " + std::to_string(simulations.size()) + " simulations";
    if (kinds.empty()) text += told_means(comparison, simulations.size(), of_lengths);
    std::vector<std::string> names, means, each;
    for (const KindOfSimulations& kind : kinds) {
        names.push_back(kind.name + ": " + listed(kind.simulations));
        if (const std::size_t count = kind.simulations.size(); count > 1)
            means.push_back(kind.name + told_means(kind.comparison, count, of_lengths));
    }
    add_items(text, names, " of different kinds (", "; ", longest_kinds);
    text += kinds.empty() ? "." : "), so that a mean over all of them says nothing of any.";
    add_items(text, means, " ", ". ", longest_means);
    if (!means.empty()) text += ".";
    if (simulations.size() > few && kinds.empty()) return text;
    for (const Json& simulation : simulations) each.push_back(told(simulation, comparison, of_lengths));
    add_items(text, each, " One by one: ", "; ", longest);
    return text + ".";
}

}  // namespace assistd::analysis
