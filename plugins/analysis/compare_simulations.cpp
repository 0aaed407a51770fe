#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "comparison.h"
#include "comparison_text.h"
#include "same_cluster.h"
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
    if (!metadata.value("df_ideal", Json()).is_number()) return values;
    // Of a geometry that is known exactly a fit to its layers says nothing.
    values["df"] = metadata.at("df_ideal").get<double>();
    values.erase("kf");
    values.erase("r_squared");
    if (const Json kf = metadata.value("kf_ideal", Json()); kf.is_number()) values["kf"] = kf.get<double>();
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

// Where radii differ Rg compares in units of them.
void add_rg_in_radii(std::vector<MetricValues>& values, Json& simulations) {
    const auto radius_of = [](const MetricValues& each) {
        const auto found = each.find("particle_radius");
        return found == each.end() ? 0 : found->second;
    };
    const bool differ = std::any_of(values.begin(), values.end(), [&](const MetricValues& each) {
        return radius_of(each) != radius_of(values.front());
    });
    if (!differ) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto rg = values[i].find("rg");
        if (rg == values[i].end() || !(radius_of(values[i]) > 0)) continue;
        values[i]["rg_over_a"] = rg->second / radius_of(values[i]);
        simulations[i]["values"] = values[i];
    }
}

// The kinds when there are several.
std::vector<std::string> kinds_of(const std::vector<Json>& metadata) {
    std::vector<std::string> kinds;
    for (const Json& each : metadata) {
        const std::string said = kind_of(each), kind = said.empty() ? "one that does not say its kind" : said;
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
    return kinds.size() > 1 ? kinds : std::vector<std::string>();
}

// Drops clusters that are there already, and says so; what is left counts.
std::string drop_same(std::vector<MetricValues>& values, const std::vector<Json>& metadata,
                      const std::vector<std::string>& handles) {
    const std::vector<std::size_t> first = first_of_same(metadata);
    std::vector<MetricValues> kept;
    std::string told;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (first[i] == i)
            kept.push_back(values[i]);
        else
            told += (told.empty() ? "" : ", ") + handles[i] + " is the same cluster as " + handles[first[i]];
    }
    values = std::move(kept);
    return told.empty() ? told
                        : told + ": the same seed and parameters, bit by bit. Each cluster counts once.";
}

// Lengths are in whatever unit each simulation's particle radius was given in.
std::string note_on_radii(const Comparison& comparison, const std::string& unit) {
    const auto radius = comparison.summaries.find("particle_radius");
    const bool same_radius = radius == comparison.summaries.end() || radius->second.min == radius->second.max;
    if (same_radius || !unit.empty()) return "";
    char text[300];
    std::snprintf(
        text, sizeof text,
        "The particle radii differ (%.4g to %.4g): rg and other lengths are in the unit in which each "
        "radius was given, and compare only if that is one unit; rg_over_a compares in any.",
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
    std::vector<Json> said;
    Json simulations = Json::array();
    for (const Artifact& simulation : arguments.simulations) {
        const std::string& handle = handles.emplace_back(simulation.handle());
        const Json& metadata = said.emplace_back(simulation.metadata());
        values.push_back(values_of(metadata));
        if (values.back().empty())
            throw invalid_argument("simulations", handle + " reports no results that could be compared.");
        simulations.push_back({{"simulation", handle},
                               {"name", text_of(metadata, "name")},
                               {"algorithm", text_of(metadata, "algorithm")},
                               {"values", values.back()}});
        for (const char* key : {"dimensions", "seed"})
            if (const Json value = metadata.value(key, Json()); value.is_number())
                simulations.back()[key] = value;
        if (metadata.value("df_ideal", Json()).is_number()) simulations.back()["exact"] = true;
        for (const char* name : {"df_stderr", "kf_stderr"})
            if (const Json error = metadata.value(name, Json());
                error.is_number() && !simulations.back().contains("exact"))
                simulations.back()["errors"][std::string(name, 2)] = error;
        if (const std::string unit = length_unit_of(metadata); !unit.empty())
            simulations.back()["length_unit"] = unit;
    }

    std::string units = bring_to_one_unit(values, simulations);
    add_rg_in_radii(values, simulations);
    const std::string same = drop_same(values, said, handles);
    const Comparison comparison = compare(values);
    Json data = as_json(comparison);
    const std::string unit = common_unit(simulations);
    if (units.empty()) units = note_on_radii(comparison, unit);
    if (!unit.empty()) data["length_unit"] = unit;
    const std::vector<std::string> kinds = kinds_of(said);
    for (const std::string& note : {units, same})
        if (!note.empty()) data["notes"].push_back(note);
    data["simulations"] = simulations;
    Json file = data;
    file["format"] = "assistd.comparison/1";
    const Json metadata{{"name", "Comparison of " + std::to_string(handles.size()) + " simulations"},
                        {"simulations", handles},
                        {"metrics", data["metrics"]}};
    call.write_artifact("comparison", "comparison.json", "application/json", file.dump(2) + "\n", metadata);
    std::string summary = summary_of(comparison, simulations, unit, kinds);
    for (const std::string& note : {units, same})
        if (!note.empty()) summary += " " + note;
    return {data, summary};
}

}  // namespace assistd::analysis
