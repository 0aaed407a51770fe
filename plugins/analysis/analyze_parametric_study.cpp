#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "study/trends.h"
#include "tools.h"

namespace assistd::analysis {
namespace {

Json or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Failure no_study(const Artifact& study, const std::string& why) {
    return invalid_argument("study",
                            std::string(study.handle()) + " is no table of a parametric study: " + why + ".");
}

// The table as the daemon keeps it of a study that has ended.
Json table_of(const Artifact& study) {
    Json table = Json::parse(study.read_all(), nullptr, false);
    if (table.is_discarded()) throw no_study(study, "it is not JSON");
    if (!table.is_object() || !table.contains("study") || !table["study"].is_object() ||
        !table.contains("runs") || !table["runs"].is_array())
        throw no_study(study, "it has no study and runs");
    for (const Json& run : table["runs"])
        if (!run.is_object() || !run.value("parameters", Json()).is_object() ||
            !run.value("metrics", Json::object()).is_object())
            throw no_study(study, "a run has no parameters");
    return table;
}

std::vector<StudyRun> completed_runs(const Json& table) {
    std::vector<StudyRun> runs;
    for (const Json& run : table.at("runs"))
        if (run.value("status", Json()) == "completed")
            runs.push_back({run.at("parameters"), run.value("metrics", Json::object())});
    return runs;
}

// The parameters of the grid; a seed tells runs of one combination apart and is no parameter.
std::vector<std::string> varied(const Json& about) {
    std::vector<std::string> names;
    const Json grid = about.value("parameter_grid", Json::object());
    if (grid.is_object())
        for (const auto& [name, values] : grid.items())
            if (values.is_array() && values.size() > 1 && name != "seed") names.push_back(name);
    return names;
}

std::set<std::string> reported(const std::vector<StudyRun>& runs) {
    std::set<std::string> names;
    for (const StudyRun& run : runs)
        for (const auto& [name, value] : run.metrics.items())
            if (value.is_number()) names.insert(name);
    return names;
}

// Those that were asked for, or Df, kf and Rg, also as the analysis that followed each run found them.
std::vector<std::string> metrics_of(const StudyAnalysisArguments& arguments,
                                    const std::vector<StudyRun>& runs) {
    const std::set<std::string> known = reported(runs);
    std::vector<std::string> metrics;
    for (const std::string& wanted : arguments.metrics) {
        if (!known.contains(wanted)) {
            std::string list;
            for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
            throw invalid_argument("metrics",
                                   "No run reports \"" + wanted + "\". They report: " + list + ".");
        }
        metrics.push_back(wanted);
    }
    if (!metrics.empty()) return metrics;
    for (const std::string& name : known) {
        const std::string last = name.substr(name.rfind('.') + 1);
        const bool own = name == last || name.starts_with("run_");
        if (own && (last == "df" || last == "kf" || last == "rg")) metrics.push_back(name);
    }
    return metrics;
}

Json as_json(const Summary& summary) {
    return {{"count", summary.count},
            {"mean", summary.mean},
            {"std", or_null(summary.standard_deviation)},
            {"standard_error", or_null(summary.standard_error())},
            {"min", summary.min},
            {"max", summary.max}};
}

Json as_json(const ParameterEffect& effect) {
    Json values = Json::array(), trends = Json::object();
    for (const ValueGroup& group : effect.values) {
        Json metrics = Json::object();
        for (const auto& [name, summary] : group.metrics) metrics[name] = as_json(summary);
        values.push_back({{"value", group.value}, {"runs", group.runs}, {"metrics", metrics}});
    }
    for (const auto& [name, trend] : effect.trends)
        trends[name] = {{"trend", trend.name},
                        {"law", name_of(trend.law)},
                        {"relative_change", trend.relative_change},
                        {"slope", trend.slope},
                        {"slope_error", or_null(trend.slope_error)},
                        {"sigma", or_null(trend.sigma)},
                        {"sigma_needed", or_null(trend.sigma_needed)},
                        {"significant", trend.significant ? Json(*trend.significant) : Json(nullptr)},
                        {"monotonic", trend.one_way}};
    for (const auto& [name, trend] : effect.trends)
        if (trend.blocks > 0) trends[name].update({{"within", trend.within}, {"blocks", trend.blocks}});
    return {{"name", effect.name}, {"values", values}, {"trends", trends}};
}

constexpr double poor_fit = 0.95;  // R^2 below it brings a warning of the simulation

// The runs tell their R^2 among their numbers, under r_squared or "run_box_counting.r_squared".
void add_poor_fits(std::vector<std::string>& warnings, const std::vector<StudyRun>& runs) {
    std::map<std::string, std::size_t> poor;
    for (const StudyRun& run : runs)
        for (const auto& [name, value] : run.metrics.items())
            if (name.ends_with("r_squared") && value.is_number() && value.get<double>() < poor_fit)
                ++poor[name];
    for (const auto& [name, count] : poor)
        warnings.push_back(std::to_string(count) + " of " + std::to_string(runs.size()) +
                           (count == 1 ? " runs has a poor fit" : " runs have poor fits") + " (" + name +
                           " below 0.95); their Df and kf are in all of this.");
}

std::vector<std::string> warnings_of(const Json& table, const std::vector<StudyRun>& runs,
                                     const std::vector<ParameterEffect>& effects) {
    std::vector<std::string> warnings;
    const std::size_t completed = runs.size();
    const std::size_t all = table.at("runs").size();
    if (completed < all)
        warnings.push_back(std::to_string(all - completed) + " of " + std::to_string(all) +
                           " runs did not complete and are left out.");
    add_poor_fits(warnings, runs);
    if (effects.empty() && completed == 1)
        warnings.push_back("There is one run only, so its spread is not known; use more seeds.");
    const bool several = effects.size() > 1;
    for (const ParameterEffect& effect : effects) {
        bool single = false;
        for (const ValueGroup& group : effect.values) single |= group.runs == 1;
        if (single)
            warnings.push_back("Some values of " + effect.name +
                               " have one run only, so their spread is not known; use more seeds.");
        if (effect.trends.empty())
            warnings.push_back("The values of " + effect.name + " are not at least two numbers with results" +
                               (several ? " in any combination of the others" : "") +
                               ", so there is no trend.");
        for (const auto& [name, trend] : effect.trends)
            if (!trend.one_way)
                warnings.push_back(name + " goes up and down with " + effect.name +
                                   "; its trend says only what remains over the whole range.");
    }
    return warnings;
}

// Each metric over all runs, which differ by their seeds only.
std::map<std::string, Summary> overall(const std::vector<StudyRun>& runs,
                                       const std::vector<std::string>& metrics) {
    std::map<std::string, Summary> summaries;
    for (const std::string& metric : metrics) {
        std::vector<double> values;
        for (const StudyRun& run : runs)
            if (const Json value = run.metrics.value(metric, Json());
                value.is_number() && std::isfinite(value.get<double>()))
                values.push_back(value.get<double>());
        if (!values.empty()) summaries.emplace(metric, summarise(values));
    }
    return summaries;
}

std::string number(const char* format, double value) {
    char text[48];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// "Df", "kf", "Rg"; "Df by run_box_counting" of an analysis that followed each run.
std::string symbol_of(const std::string& metric) {
    static const std::map<std::string, std::string> symbols{{"df", "Df"}, {"kf", "kf"}, {"rg", "Rg"}};
    const auto dot = metric.rfind('.');
    const auto found = symbols.find(dot == std::string::npos ? metric : metric.substr(dot + 1));
    if (found == symbols.end()) return metric;
    return dot == std::string::npos ? found->second : found->second + " by " + metric.substr(0, dot);
}

// "from p = 0.1 (21.3 a) to 1 (18.2 a)": the values at the ends of the range and their means.
std::string ends_of(const ParameterEffect& effect, const std::string& metric, const std::string& unit) {
    std::vector<std::string> ends;
    for (const ValueGroup& group : effect.values)
        if (const auto found = group.metrics.find(metric); found != group.metrics.end())
            ends.push_back(number("%g", group.value.get<double>()) + " (" +
                           with_error(found->second.mean, 0) + unit + ")");
    return " from " + effect.name + " = " + ends.front() + " to " + ends.back();
}

// " within each n_particles and method": where other parameters were varied too.
std::string within(const Trend& trend) {
    std::string names;
    for (const std::string& other : trend.within)
        names += (names.empty() ? " within each " : " and ") + other;
    return names;
}

// What the line that was fitted says: "the fitted line changes by +6.5 % of the mean", "it goes as p^(0.556 ±
// 0.003), which changes it by +204 % of the mean".
std::string change_of(const Trend& trend, const std::string& parameter, std::size_t values) {
    std::string text = values > 2 ? "the fitted line changes" : "it changes";
    if (trend.law == Law::logarithmic)
        text = "the line fitted against ln " + parameter + " changes";
    else if (trend.law == Law::power)
        text = "it goes as " + parameter + "^(" + with_error(trend.slope, trend.slope_error.value_or(0)) +
               "), which changes it";
    return text + " by " + number("%+.1f %%", 100 * trend.relative_change) + " of the mean";
}

// "increasing with p (the fitted line changes by +6.5 % of the mean from p = 0.1 to 1, 4.1 standard errors of
// the 2.3 needed)"; what is within its error is said to be no trend.
std::string told(const Trend& trend, const ParameterEffect& effect, const std::string& metric,
                 const std::string& unit) {
    std::string change = change_of(trend, effect.name, effect.values.size()) + ends_of(effect, metric, unit);
    const std::string of = effect.name + within(trend) + " (", with = " with " + of;
    if (!trend.significant)
        return trend.name + with + change +
               "; with so few runs it is not known whether that is more than chance)";
    constexpr double most_told = 100;  // of more standard errors nobody wants the number
    if (trend.sigma && (!*trend.significant || *trend.sigma >= *trend.sigma_needed))
        change += ", " + (*trend.sigma < most_told ? number("%.1f", *trend.sigma) : "more than 100") +
                  " standard errors of the " + number("%.1f", *trend.sigma_needed) + " needed";
    else if (trend.sigma)
        change += ", one way from each of " + std::to_string(effect.values.size()) + " values to the next";
    if (*trend.significant || trend.slope == 0) return trend.name + with + change + ")";
    return "not seen to depend on " + of + change + ", so the trend is within its error)";
}

// " nm" of what is a length, " nm²" of an area; nothing of others.
std::string unit_after(const std::string& metric, const std::string& lengths) {
    if (metric == "box.size") return " a";
    if (lengths.empty()) return "";
    if (metric == "rg" || metric == "particle_radius" || metric == "target_rg") return lengths;
    return metric == "asphericity" || metric == "acylindricity" ? lengths + "\u00b2" : "";
}

// The shipped simulations; another tool's "rg" may be anything.
bool is_simulation(const Json& tool) {
    const std::string name = tool.is_string() ? tool.get<std::string>() : "";
    return name == "run_limiting_case" || (name.starts_with("run_") && name.ends_with("simulation"));
}

// " nm" of lengths when all runs were given one unit; of radii of 1 without a unit " a".
std::string unit_of_lengths(const Json& about, const std::vector<StudyRun>& runs) {
    const auto of = [&](const StudyRun& run, const char* key) {
        if (const auto own = run.parameters.find(key); own != run.parameters.end()) return *own;
        return about.value("base_parameters", Json::object()).value(key, Json());
    };
    if (!is_simulation(about.value("tool", Json()))) return "";
    const Json unit = of(runs.front(), "length_unit");
    bool in_radii = true;
    for (const StudyRun& run : runs) {
        if (of(run, "length_unit") != unit) return "";
        const Json radius = of(run, "particle_radius");
        in_radii &= (radius.is_null() || radius == 1) && of(run, "radius_min").is_null();
    }
    if (unit.is_string()) return " " + unit.get<std::string>();
    return in_radii ? " a" : "";
}

std::string summary_of(const std::string& title, std::size_t runs,
                       const std::vector<ParameterEffect>& effects, const std::map<std::string, Summary>& all,
                       const std::string& lengths) {
    std::string text = "Study " + title + ", " + std::to_string(runs) + (runs == 1 ? " run" : " runs");
    if (effects.empty()) text += ", which differ by their seeds only";
    for (const auto& [name, metric] : all) {
        const std::string unit = unit_after(name, lengths);
        text += "; " + symbol_of(name) + " = " +
                with_error(metric.mean, metric.standard_error().value_or(0)) + unit;
        if (metric.standard_deviation)
            text += " (standard error; standard deviation " + two_digits(*metric.standard_deviation) +
                    ", range " + range_text(metric.min, metric.max) + ")";
    }
    for (const ParameterEffect& effect : effects)
        for (const auto& [name, trend] : effect.trends)
            text += "; " + symbol_of(name) + " is " + told(trend, effect, name, unit_after(name, lengths));
    return text + ".";
}

}  // namespace

void describe(Fields<StudyAnalysisArguments>& fields) {
    using Arguments = StudyAnalysisArguments;
    fields.required("study", &Arguments::study, "The table of a parametric study that has ended")
        .kinds({"study"});
    fields
        .optional("metrics", &Arguments::metrics,
                  "Which results of the runs to analyze, such as df, rg or coordination.mean; Df, kf and Rg "
                  "when left "
                  "out")
        .items(0, 20)
        .unique()
        .each()
        .length(1, 100);
}

Result analyze_parametric_study(Call& call, const StudyAnalysisArguments& arguments) {
    const std::string handle(arguments.study.handle());
    const Json table = table_of(arguments.study);
    const Json& about = table.at("study");
    const std::vector<StudyRun> runs = completed_runs(table);
    if (runs.empty())
        throw invalid_argument("study",
                               "No run of " + handle + " completed, so there is nothing to analyze.");
    const std::vector<std::string> names = varied(about);
    const std::vector<std::string> metrics = metrics_of(arguments, runs);
    if (metrics.empty())
        throw invalid_argument("metrics", "The runs of " + handle +
                                              " report no df, kf or rg; name metrics that they "
                                              "report.");
    std::vector<ParameterEffect> effects;
    Json parameters = Json::array();
    for (const std::string& name : names) {
        call.check_cancelled();
        std::vector<std::string> others = names;
        std::erase(others, name);
        parameters.push_back(as_json(effects.emplace_back(effect_of(name, runs, metrics, others))));
    }
    const auto all = names.empty() ? overall(runs, metrics) : std::map<std::string, Summary>();
    Json of_all = Json::object();
    for (const auto& [metric, summary] : all) of_all[metric] = as_json(summary);
    const Json name = about.value("name", Json());
    const std::string title = name.is_string() ? name.get<std::string>() + " (" + handle + ")" : handle;
    const std::string lengths = unit_of_lengths(about, runs);
    const Json data{{"analysis", "parametric_study"},
                    {"study", handle},
                    {"runs", runs.size()},
                    {"metrics", metrics},
                    {"length_unit", lengths.empty() ? Json(nullptr) : Json(lengths.substr(1))},
                    {"parameters_varied", parameters},
                    {"overall", names.empty() ? of_all : Json(nullptr)},
                    {"stable_below", stable_below},
                    {"warnings", warnings_of(table, runs, effects)}};
    Json metadata = data;
    metadata["name"] = "Analysis of the study " + title;
    metadata["parameters"] = {{"metrics", arguments.metrics}};
    metadata["simulation"] = nullptr;
    std::string summary = summary_of(title, runs.size(), effects, all, lengths);
    metadata["summary"] = summary;
    metadata.erase("parameters_varied");
    metadata["varied"] = names;
    Json file = metadata;
    file["format"] = "assistd.parametric_study/1";
    file["parameters_varied"] = parameters;
    file["subject"] = about;
    call.write_artifact("analysis", handle + "-analysis.json", "application/json", file.dump(2) + "\n",
                        metadata);
    for (const Json& warning : data.at("warnings")) summary += " " + warning.get<std::string>();
    return {data, summary};
}

}  // namespace assistd::analysis
