#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "comparison.h"
#include "comparison_text.h"
#include "simulation_input.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

MetricValues values_of(const Json& metadata) {
    MetricValues values;
    for (const Metric& metric : metrics) {
        const Json::json_pointer path{std::string(metric.path)};
        if (!metadata.contains(path) || !metadata.at(path).is_number()) continue;
        const double value = metadata.at(path).get<double>();
        if (std::isfinite(value)) values.emplace(metric.name, value);
    }
    return values;
}

// A text that the simulation reports of itself, or nothing.
std::string text_of(const Json& metadata, const char* key) {
    const auto found = metadata.find(key);
    return found != metadata.end() && found->is_string() ? found->get<std::string>() : "";
}

Json as_json(const Summary& summary) {
    return {{"count", summary.count},
            {"min", summary.min},
            {"max", summary.max},
            {"mean", summary.mean},
            {"std", summary.standard_deviation ? Json(*summary.standard_deviation) : Json(nullptr)},
            {"standard_error", summary.standard_error() ? Json(*summary.standard_error()) : Json(nullptr)}};
}

Json as_json(const Comparison& comparison) {
    Json metrics_json = Json::object();
    for (const auto& [name, summary] : comparison.summaries) metrics_json[name] = as_json(summary);
    Json correlations = Json::array();
    for (const CorrelatedPair& pair : comparison.correlations)
        correlations.push_back({{"metrics", {pair.first, pair.second}},
                                {"coefficient", pair.coefficient},
                                {"simulations", pair.simulations},
                                {"p_value", pair.p_value}});
    return {{"metrics", metrics_json}, {"correlations", correlations}, {"notes", comparison.notes}};
}

// Of all of them, or nothing when they do not say or differ.
std::string common_unit(const Json& simulations) {
    const std::string unit = length_unit_of(simulations.front());
    const bool is_one = std::all_of(simulations.begin(), simulations.end(), [&](const Json& simulation) {
        return length_unit_of(simulation) == unit;
    });
    return is_one ? unit : "";
}

// How many metres it is; nothing for a unit that was not named.
std::optional<double> metres_of(const std::string& unit) {
    static const std::map<std::string, double> known{{"pm", 1e-12}, {"angstrom", 1e-10}, {"nm", 1e-9},
                                                     {"um", 1e-6},  {"mm", 1e-3},        {"m", 1}};
    const auto found = known.find(unit);
    return found == known.end() ? std::nullopt : std::optional(found->second);
}

// Lengths of several units in the first one's; where one is not known they are not compared. Returns what was
// done, as a sentence; empty when all have one unit.
std::string bring_to_one_unit(std::vector<MetricValues>& values, Json& simulations) {
    std::vector<std::string> names;
    std::vector<double> metres;
    std::string told;
    for (const Json& simulation : simulations) {
        const std::string unit = length_unit_of(simulation);
        metres.push_back(metres_of(unit).value_or(0));
        if (std::find(names.begin(), names.end(), unit) == names.end()) {
            names.push_back(unit);
            told += (told.empty() ? "" : ", ") + (unit.empty() ? "none said" : unit);
        }
    }
    if (names.size() < 2) return "";
    const bool all_known = std::find(metres.begin(), metres.end(), 0) == metres.end();
    for (std::size_t i = 0; i < values.size(); ++i)
        for (const Metric& metric : metrics) {
            const auto found = values[i].find(metric.name);
            if (metric.power_of_length == 0 || found == values[i].end()) continue;
            if (all_known)
                found->second *= std::pow(metres[i] / metres.front(), metric.power_of_length);
            else
                values[i].erase(found);
        }
    if (!all_known)
        return "Their lengths are in different units (" + told +
               "), so rg and other lengths are not compared.";
    for (std::size_t i = 0; i < values.size(); ++i) {
        simulations[i]["values"] = values[i];
        simulations[i]["length_unit"] = names.front();
    }
    return "Their lengths were given in different units (" + told + ") and are converted to " +
           names.front() + ".";
}

// Lengths are in whatever unit each simulation's particle radius was given in.
std::string note_on_radii(const Comparison& comparison, const std::string& unit) {
    const auto radius = comparison.summaries.find("particle_radius");
    const bool same_radius = radius == comparison.summaries.end() || radius->second.min == radius->second.max;
    if (same_radius || !unit.empty()) return "";
    char text[240];
    std::snprintf(
        text, sizeof text,
        "The particle radii differ (%.4g to %.4g): rg and other lengths are in the unit in which each "
        "radius was given, and compare only if that is one unit.",
        radius->second.min, radius->second.max);
    return text;
}

}  // namespace

void describe(Fields<ComparisonArguments>& fields) {
    fields
        .required("simulations", &ComparisonArguments::simulations, "Which simulations to compare (2 to 20)")
        .kinds({"simulation"})
        .items(2, 20)
        .unique();
}

Result compare_simulations(Call& call, const ComparisonArguments& arguments) {
    std::vector<std::string> handles;
    std::vector<MetricValues> values;
    Json simulations = Json::array();
    for (const Artifact& simulation : arguments.simulations) {
        const std::string& handle = handles.emplace_back(simulation.handle());
        const Json metadata = simulation.metadata();
        values.push_back(values_of(metadata));
        if (values.back().empty())
            throw invalid_argument("simulations", handle + " reports no results that could be compared.");
        simulations.push_back({{"simulation", handle},
                               {"name", text_of(metadata, "name")},
                               {"algorithm", text_of(metadata, "algorithm")},
                               {"values", values.back()}});
        for (const char* name : {"df_stderr", "kf_stderr"})
            if (const Json error = metadata.value(name, Json()); error.is_number())
                simulations.back()["errors"][std::string(name, 2)] = error;
        if (const std::string unit = length_unit_of(metadata); !unit.empty())
            simulations.back()["length_unit"] = unit;
    }

    std::string units = bring_to_one_unit(values, simulations);
    const Comparison comparison = compare(values);
    Json data = as_json(comparison);
    const std::string unit = common_unit(simulations);
    if (units.empty()) units = note_on_radii(comparison, unit);
    if (!unit.empty()) data["length_unit"] = unit;
    if (!units.empty()) data["notes"].push_back(units);
    data["simulations"] = simulations;
    Json file = data;
    file["format"] = "assistd.comparison/1";
    const Json metadata{{"name", "Comparison of " + std::to_string(values.size()) + " simulations"},
                        {"simulations", handles},
                        {"metrics", data["metrics"]}};
    call.write_artifact("comparison", "comparison.json", "application/json", file.dump(2) + "\n", metadata);
    return {data, summary_of(comparison, simulations, unit) + (units.empty() ? "" : " " + units)};
}

}  // namespace assistd::analysis
