#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "clusters/kinds.h"
#include "clusters/same_cluster.h"
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

Json as_json(const Summary& summary, bool has_mean) {
    const auto if_mean = [&](const std::optional<double>& value) {
        return has_mean && value ? Json(*value) : Json(nullptr);
    };
    return {{"count", summary.count},
            {"min", summary.min},
            {"max", summary.max},
            {"mean", if_mean(summary.mean)},
            {"std", if_mean(summary.standard_deviation)},
            {"standard_error", if_mean(summary.standard_error())}};
}

Json metrics_json(const Comparison& comparison, bool has_means = true) {
    Json all = Json::object();
    for (const auto& [name, summary] : comparison.summaries)
        all[name] = as_json(summary, has_means && !comparison.without_mean.contains(name));
    return all;
}

Json correlations_json(const Comparison& comparison) {
    Json correlations = Json::array();
    for (const CorrelatedPair& pair : comparison.correlations)
        correlations.push_back({{"metrics", {pair.first, pair.second}},
                                {"coefficient", pair.coefficient},
                                {"simulations", pair.simulations},
                                {"p_value", pair.p_value}});
    return correlations;
}

// Of several kinds each has its own means and correlations.
Json as_json(const Comparison& comparison, const std::vector<KindOfSimulations>& kinds) {
    Json correlations = correlations_json(comparison);
    for (const KindOfSimulations& kind : kinds)
        for (Json& pair : correlations_json(kind.comparison)) {
            pair["kind"] = kind.name;
            correlations.push_back(std::move(pair));
        }
    return {{"metrics", metrics_json(comparison, kinds.empty())},
            {"correlations", correlations},
            {"notes", comparison.notes}};
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

// Each kind with what its own simulations have in common, when there are several kinds.
std::vector<KindOfSimulations> by_kind(const std::vector<MetricValues>& values,
                                       const std::vector<std::string>& handles,
                                       const std::vector<std::string>& kinds) {
    std::vector<KindOfSimulations> found;
    std::vector<std::vector<MetricValues>> of_kind;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto known = std::find_if(found.begin(), found.end(),
                                        [&](const KindOfSimulations& each) { return each.name == kinds[i]; });
        const auto place = static_cast<std::size_t>(known - found.begin());
        if (known == found.end()) {
            found.push_back({kinds[i], {}, {}});
            of_kind.emplace_back();
        }
        found[place].simulations.push_back(handles[i]);
        of_kind[place].push_back(values[i]);
    }
    if (found.size() == 1) return {};
    for (std::size_t i = 0; i < found.size(); ++i) found[i].comparison = compare(of_kind[i]);
    return found;
}

Json as_json(const std::vector<KindOfSimulations>& kinds) {
    Json all = Json::array();
    for (const KindOfSimulations& each : kinds)
        all.push_back({{"kind", each.name},
                       {"simulations", each.simulations},
                       {"metrics", metrics_json(each.comparison)}});
    return all;
}

// Which clusters are there already, as a sentence.
std::string told_same(const std::vector<std::size_t>& first, const std::vector<std::string>& handles) {
    std::string told;
    for (std::size_t i = 0; i < first.size(); ++i)
        if (first[i] != i)
            told += (told.empty() ? "" : ", ") + handles[i] + " is the same cluster as " + handles[first[i]];
    return told.empty() ? told
                        : told + ": the same seed and parameters, bit by bit. Each cluster counts once.";
}

// Without clusters that are there already.
template <class Value>
std::vector<Value> each_once(const std::vector<Value>& all, const std::vector<std::size_t>& first) {
    std::vector<Value> kept;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (first[i] == i) kept.push_back(all[i]);
    return kept;
}

std::string note_on_sizes(const Comparison& comparison) {
    std::string names;
    for (const std::string& name : comparison.without_mean) names += (names.empty() ? "" : ", ") + name;
    if (names.empty()) return "";
    const Summary& size = comparison.summaries.at("n_particles");
    char text[320];
    std::snprintf(
        text, sizeof text,
        "They have from %.7g to %.7g particles, so that a mean of what depends on their number says "
        "nothing and is left out (%s).",
        size.min, size.max, names.c_str());
    return text;
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
    const std::vector<std::size_t> first = clusters::first_of_same(said);
    const std::string same = told_same(first, handles);
    const std::vector<std::string> kind_of = clusters::kinds_of(said);
    for (std::size_t i = 0; i < kind_of.size(); ++i) simulations[i]["kind"] = kind_of[i];
    const std::vector<MetricValues> once = each_once(values, first);
    const std::vector<KindOfSimulations> kinds =
        by_kind(once, each_once(handles, first), each_once(kind_of, first));
    const Comparison comparison = compare(once, kinds.empty());
    Json data = as_json(comparison, kinds);
    const std::string unit = common_unit(simulations);
    if (units.empty()) units = note_on_radii(comparison, unit);
    if (!unit.empty()) data["length_unit"] = unit;
    const std::string sizes = kinds.empty() ? note_on_sizes(comparison) : "";
    if (!kinds.empty()) {
        data["kinds"] = as_json(kinds);
        data["notes"].push_back(
            "They are of different kinds, so there is no mean over all of them and no correlation; "
            "each kind has its own, correlations where three of its simulations report both.");
    }
    for (const std::string& note : {sizes, units, same})
        if (!note.empty()) data["notes"].push_back(note);
    data["simulations"] = simulations;
    Json file = data;
    file["format"] = "assistd.comparison/1";
    const Json metadata{{"name", "Comparison of " + std::to_string(handles.size()) + " simulations"},
                        {"simulations", handles},
                        {"metrics", data["metrics"]}};
    call.write_artifact("comparison", "comparison.json", "application/json", file.dump(2) + "\n", metadata);
    std::string summary = summary_of(comparison, simulations, unit, kinds);
    for (const std::string& note : {sizes, units, same})
        if (!note.empty()) summary += " " + note;
    return {data, summary};
}

}  // namespace assistd::analysis
