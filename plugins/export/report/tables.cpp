#include "report/tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "properties.h"
#include "report/cells.h"
#include "source.h"

namespace assistd::exporting {
namespace {

// "15 nm", when the simulation names its unit.
Text with_unit(Text length, const Json& metadata) {
    const auto unit = metadata.find("length_unit");
    if (unit != metadata.end() && unit->is_string()) length << " " << one_line(unit->get<std::string>(), 20);
    return length;
}

// "3, exact"
Text exact_cell(const Json& data, const char* pointer) {
    const auto value = number_at(data, pointer);
    return value ? Text().given(*value) << ", exact" : dash();
}

constexpr auto words = Column::Kind::text;
constexpr auto number = Column::Kind::number;

std::string value_text(const Json& value) {
    return one_line(shown_value("", value, ""), 40);
}

}  // namespace

std::optional<Text> range_of_means(const StudyRecord& study) {
    const std::string metric = study.df_metric();
    const std::vector<Combination> combinations = combinations_of(study);
    if (metric.empty() || combinations.size() < 2) return std::nullopt;
    const Combination *least = nullptr, *most = nullptr;
    double low = 0, high = 0;
    for (const Combination& each : combinations) {
        const auto spread = spread_of(study, each.runs, metric);
        if (!spread) continue;
        if (!least || spread->mean < low) least = &each, low = spread->mean;
        if (!most || spread->mean > high) most = &each, high = spread->mean;
    }
    if (!least || least == most) return std::nullopt;
    const std::vector<std::string> names = varied_parameters(study);
    const auto add = [&](Text& text, const Combination& each) {
        const Spread spread = *spread_of(study, each.runs, metric);
        text.number(spread.mean, spread.standard_error()) << " (";
        for (std::size_t i = 0; i < names.size(); ++i)
            text << std::string(i > 0 ? ", " : "") << spoken(names[i]) << " " << each.values[i];
        text << ")";
    };
    Text text;
    add(text, *least);
    text << " to ";
    add(text, *most);
    return text << "; errors are those of the means.";
}

std::string spoken(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string parameters_text(const Json& parameters, const std::set<std::string>& elsewhere) {
    std::string text;
    if (!parameters.is_object()) return text;
    const std::string unit = as_text(parameters.value("length_unit", Json("")));
    for (const auto& [name, value] : parameters.items()) {
        if (elsewhere.contains(name) || value.is_null()) continue;
        text += (text.empty() ? "" : ", ") + spoken(name) + " " +
                (value.is_string() ? spoken(value.get<std::string>()) : shown_value(name, value, unit));
    }
    return one_line(text, 400);
}

std::string other_parameters(const Json& metadata) {
    return parameters_text(
        metadata.value("parameters", Json()),
        {"n_particles", "dimensions", "seed", "name", "project_id", "particle_radius", "length_unit"});
}

Table settings_table(const std::vector<SimulationRecord>& simulations, bool with_parameters) {
    Table table{"settings",
                "How each cluster was made. *d*: dimensions of space, *N*: number of particles, *a*: primary "
                "particle radius (when radii differ, the geometric mean of lognormal ones and the middle of "
                "the range of uniform ones).",
                {{"Simulation", words},
                 {"Name", Column::Kind::long_text},
                 {"Algorithm", words},
                 {"*d*"},
                 {"*N*"},
                 {"*a*"},
                 {"Seed"},
                 {"Version"}},
                {}};
    for (const SimulationRecord& each : simulations) {
        Text algorithm = plain_cell(each.metadata, "algorithm");
        const auto name = each.metadata.find("algorithm");
        if (name != each.metadata.end() && name->is_string())
            algorithm = Text() << spoken(one_line(name->get<std::string>(), 40));
        table.rows.push_back({Text() << each.handle, plain_cell(each.metadata, "name"), algorithm,
                              plain_cell(each.metadata, "dimensions"),
                              plain_cell(each.metadata, "n_particles"),
                              with_unit(given_cell(each.metadata, "/particle_radius"), each.metadata),
                              plain_cell(each.metadata, "seed"), plain_cell(each.metadata, "version")});
    }
    const auto has_others = [](const SimulationRecord& each) {
        return !other_parameters(each.metadata).empty();
    };
    if (!with_parameters || std::ranges::none_of(simulations, has_others)) return table;
    table.columns.push_back({"Other parameters", Column::Kind::long_text});
    for (std::size_t i = 0; i < simulations.size(); ++i) {
        const std::string others = other_parameters(simulations[i].metadata);
        table.rows[i].push_back(others.empty() ? dash() : Text() << others);
    }
    return table;
}

Table results_table(const std::vector<SimulationRecord>& simulations) {
    Table table{
        "results",
        "Results of each simulation. Errors of *D*_{f} and *k*_{f} are the standard errors of the "
        "regression, "
        "below the last digit where none stands; *n*_{c} is the "
        "mean coordination number, *P* the porosity of the sphere of radius 2*R*_{g}.",
        {{"Simulation", words}, {"*D*_{f}"}, {"*k*_{f}"}, {"*R*^{2}"}, {"*R*_{g}/*a*"}, {"*n*_{c}"}, {"*P*"}},
        {}};
    for (const SimulationRecord& each : simulations) {
        const Json& data = each.metadata;
        const bool is_exact = exact_df(data) > 0;
        table.rows.push_back(
            {Text() << each.handle,
             is_exact ? exact_cell(data, "/df_ideal") : number_cell(data, "/df", "/df_stderr"),
             is_exact ? exact_cell(data, "/kf_ideal") : number_cell(data, "/kf", "/kf_stderr"),
             is_exact ? dash() : number_cell(data, "/r_squared"),
             number_cell(data, "/rg", nullptr, 1 / particle_radius_of(data)),
             number_cell(data, "/coordination/mean"), number_cell(data, "/porosity")});
    }
    return table;
}

Table targets_table(const std::vector<SimulationRecord>& simulations) {
    Table table{
        "targets",
        "How well tunable clusters keep to the scaling law that was asked for, measured from the finished "
        "geometry: the *R*_{g} that was asked for, how far the measured one is off, the largest overlap of "
        "two spheres beyond the sintering that was asked for, and how many pairs overlap so.",
        {{"Simulation", words}, {"target *R*_{g}/*a*"}, {"error of *R*_{g} (%)"}, {"overlap/*a*"}, {"pairs"}},
        {}};
    for (const SimulationRecord& each : simulations) {
        const Json& data = each.metadata;
        if (!data.contains("target_rg") && !data.contains("residual_overlap")) continue;
        table.rows.push_back({Text() << each.handle,
                              number_cell(data, "/target_rg", nullptr, 1 / particle_radius_of(data)),
                              number_cell(data, "/rg_error_percent"), number_cell(data, "/residual_overlap"),
                              plain_cell(data, "overlapping_pairs")});
    }
    return table;
}

std::string method_name(const AnalysisRecord& analysis) {
    const std::string name = spoken(one_line(analysis.method, 40));
    const Json model = analysis.document.value("model", Json());
    return model.is_string() ? name + ", " + spoken(one_line(model.get<std::string>(), 40)) : name;
}

std::vector<AnalysedDf> dimensions_of(const AnalysisRecord& analysis) {
    std::vector<AnalysedDf> found;
    const auto add = [&](const std::string& method, const Json& fit) {
        const auto df = number_at(fit, "/df");
        if (!df) return;
        const auto error = number_at(fit, "/standard_error");
        found.push_back({method, *df, error.value_or(number_at(fit, "/df_stderr").value_or(0)), fit});
    };
    add(method_name(analysis), analysis.document);
    if (analysis.method == "correlation") {
        add("sandbox", analysis.document.value("sandbox_fit", Json::object()));
        add("pair correlation", analysis.document.value("pair_correlation_fit", Json::object()));
    }
    return found;
}

Table analyses_table(const std::vector<AnalysisRecord>& analyses) {
    Table table{"analyses",
                "Results of the analyses.",
                {{"Analysis", words}, {"Of", words}, {"Method", words}, {"*D*_{f}"}, {"*R*^{2}"}},
                {}};
    for (const AnalysisRecord& each : analyses) {
        const Text of = each.simulation.empty() ? dash() : Text() << one_line(each.simulation, 60);
        const std::vector<AnalysedDf> found = dimensions_of(each);
        for (const AnalysedDf& df : found)
            table.rows.push_back({Text() << each.handle, of, Text() << df.method,
                                  Text().cell(df.df, df.error), number_cell(df.fit, "/r_squared")});
        if (found.empty())
            table.rows.push_back({Text() << each.handle, of, Text() << method_name(each), dash(), dash()});
    }
    return table;
}

std::vector<std::string> varied_parameters(const StudyRecord& study) {
    std::vector<std::string> names;
    const Json grid = study.about.value("parameter_grid", Json::object());
    if (grid.is_object())
        for (const auto& [name, values] : grid.items())
            if (name != "seed") names.push_back(name);
    return names;
}

std::vector<Combination> combinations_of(const StudyRecord& study) {
    const std::vector<std::string> names = varied_parameters(study);
    std::vector<Combination> combinations;
    std::map<std::vector<std::string>, std::size_t> places;
    for (const RunRecord& run : study.runs) {
        std::vector<std::string> values;
        for (const std::string& name : names)
            values.push_back(run.parameters.contains(name) ? value_text(run.parameters[name]) : "\u2013");
        const auto [place, is_new] = places.try_emplace(values, combinations.size());
        if (is_new) combinations.push_back({values, {}});
        combinations[place->second].runs.push_back(&run);
    }
    return combinations;
}

std::optional<Spread> spread_of(const StudyRecord& study, const std::vector<const RunRecord*>& runs,
                                const std::string& metric) {
    std::vector<double> values;
    for (const RunRecord* run : runs)
        if (const auto value = study.number(*run, metric)) values.push_back(*value);
    if (values.empty() || metric.empty()) return std::nullopt;
    return spread_of(values);
}

Table study_table(const StudyRecord& study) {
    Table table{
        "study",
        "Results of the study: mean and standard deviation over the completed runs of each combination (",
        {},
        {}};
    table.caption << study.runs.size() << " in all).";
    for (const std::string& name : varied_parameters(study))
        table.columns.push_back({Text() << spoken(one_line(name, 40)), words});
    const std::string df = study.df_metric();
    table.columns.insert(
        table.columns.end(),
        {{"Runs"}, {"*D*_{f}"}, {"*k*_{f}"}, {Text("*R*_{g}") << in_brackets(study.length_unit())}});
    for (const Combination& each : combinations_of(study)) {
        std::vector<Text> row;
        for (const std::string& value : each.values) row.push_back(Text() << value);
        row.push_back(Text() << each.runs.size());
        for (const std::string& metric : {df, std::string("kf"), std::string("rg")})
            row.push_back(spread_cell(spread_of(study, each.runs, metric)));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace assistd::exporting
