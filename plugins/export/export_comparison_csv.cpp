// A comparison as CSV tables: the compared simulations, the statistics of each metric, and the correlations.

#include <algorithm>
#include <array>
#include <set>

#include "properties.h"
#include "report/comparison_tables.h"
#include "source.h"
#include "table/csv.h"
#include "table/files.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

Json comparison_of(const Artifact& comparison) {
    Json document = Json::parse(comparison.read_all(), nullptr, false);
    const auto is_row = [](const Json& row) {
        return row.is_object() && row.value("values", Json()).is_object();
    };
    const auto is_pair = [](const Json& pair) {
        return pair.is_object() && pair.value("metrics", Json()).is_array() && pair["metrics"].size() == 2;
    };
    const auto is_kind = [](const Json& kind) {
        return kind.is_object() && kind.value("kind", Json()).is_string() &&
               kind.value("metrics", Json()).is_object();
    };
    const auto is_list_of = [&](const char* key, auto is_one) {
        const Json list = document.value(key, Json::array());
        return list.is_array() && std::all_of(list.begin(), list.end(), is_one);
    };
    if (!document.is_object() || !document.value("metrics", Json()).is_object() ||
        !is_list_of("simulations", is_row) || document.value("simulations", Json()).empty() ||
        !is_list_of("correlations", is_pair) || !is_list_of("kinds", is_kind))
        throw invalid_argument("comparison",
                               std::string(comparison.handle()) + " is not a comparison that can be read.");
    return document;
}

constexpr const char* own_unit = "its own";

// What says of a simulation in which unit its lengths are.
Json about_lengths(const Json& row) {
    Json about{{"particle_radius", row["values"].value("particle_radius", Json(1))}};
    if (row.value("length_unit", Json()).is_string()) about["length_unit"] = row["length_unit"];
    return about;
}

// That of all, when they name one; in units of a only when all particles have radius 1.
std::string length_unit_of_all(const Json& simulations) {
    Json about{{"particle_radius", 1}};
    const Json unit = simulations.front().value("length_unit", Json());
    const bool is_one = std::all_of(simulations.begin(), simulations.end(), [&](const Json& row) {
        return row.value("length_unit", Json()) == unit;
    });
    if (!is_one) return own_unit;
    if (unit.is_string()) return length_unit_of({{"length_unit", unit}});
    for (const Json& row : simulations)
        if (row["values"].value("particle_radius", Json(1)) != 1)
            about["particle_radius"] = row["values"]["particle_radius"];
    return length_unit_of(about);
}

bool any_has(const Json& simulations, const char* key) {
    return std::any_of(simulations.begin(), simulations.end(),
                       [&](const Json& row) { return row.contains(key); });
}

// Of the fit; nothing for what is exact.
bool has_error(const std::string& metric) {
    return metric == "df" || metric == "kf";
}

void write_simulations(const Json& simulations, const std::string& length_unit, TextSink& file) {
    std::set<std::string> metrics;
    for (const Json& row : simulations)
        for (const auto& [name, value] : row["values"].items()) metrics.insert(name);
    // Where lengths have several units, each line says its own.
    std::vector<std::string> about{"simulation", "name", "algorithm"};
    // Comparisons of older versions have none of these and no errors.
    for (const char* key : {"dimensions", "seed", "kind"})
        if (any_has(simulations, key)) about.push_back(key);
    const bool has_errors = any_has(simulations, "errors");
    std::vector<std::string> fields = about;
    const bool has_units = length_unit == own_unit;
    if (has_units) fields.push_back("length_unit");
    for (const std::string& name : metrics) {
        fields.push_back(csv_heading(name, unit_of(name, length_unit)));
        if (has_errors && has_error(name)) fields.push_back(csv_heading(name + "_stderr", "1"));
    }
    write_line(file, fields);
    for (const Json& row : simulations) {
        fields.clear();
        for (const std::string& key : about) fields.push_back(csv_value(row.value(key, Json())));
        const Json errors = row.value("errors", Json::object());
        if (has_units) fields.push_back(csv_field(length_unit_of(about_lengths(row))));
        for (const std::string& name : metrics) {
            fields.push_back(csv_value(row["values"].value(name, Json())));
            if (has_errors && has_error(name))
                fields.push_back(csv_value(errors.is_object() ? errors.value(name, Json()) : Json()));
        }
        write_line(file, fields);
    }
}

constexpr std::array statistic_columns{"count", "min", "max", "mean", "std"};

// `kind`: a field in front of each line, when there are several.
void write_statistics(const Json& metrics, const std::string& length_unit, const std::string* kind,
                      TextSink& file) {
    for (const auto& [name, summary] : metrics.items()) {
        std::vector<std::string> fields;
        if (kind) fields.push_back(csv_field(*kind));
        fields.insert(fields.end(), {csv_field(name), csv_field(unit_of(name, length_unit))});
        for (const char* column : statistic_columns)
            fields.push_back(csv_value(summary.is_object() ? summary.value(column, Json()) : Json()));
        write_line(file, fields);
    }
}

// Of different kinds there are no means over all, and each kind has lines of its own.
void write_statistics(const Json& document, const std::string& length_unit, TextSink& file) {
    const Json kinds = document.value("kinds", Json::array());
    std::vector<std::string> fields;
    if (!kinds.empty()) fields.push_back("kind");
    fields.insert(fields.end(), {"metric", "unit"});
    fields.insert(fields.end(), statistic_columns.begin(), statistic_columns.end());
    write_line(file, fields);
    const std::string all = "all";
    write_statistics(document["metrics"], length_unit, kinds.empty() ? nullptr : &all, file);
    for (const Json& each : kinds) {
        const std::string kind = as_text(each["kind"]);
        write_statistics(each["metrics"], length_unit, &kind, file);
    }
}

// Of several kinds with the kind of each in front.
void write_correlations(const Json& correlations, TextSink& file) {
    const bool has_kinds = correlations.front().contains("kind");
    file << (has_kinds ? "kind," : "") << "first,second,coefficient,simulations,p_value\n";
    for (const Json& pair : correlations) {
        std::vector<std::string> fields;
        if (has_kinds) fields.push_back(csv_value(pair["kind"]));
        for (const Json& value : {pair["metrics"][0], pair["metrics"][1], pair.value("coefficient", Json()),
                                  pair.value("simulations", Json()), pair.value("p_value", Json())})
            fields.push_back(csv_value(value));
        write_line(file, fields);
    }
}

}  // namespace

void describe(Fields<ComparisonTableArguments>& fields) {
    using Arguments = ComparisonTableArguments;
    fields.required("comparison", &Arguments::comparison, "Which comparison to export").kinds({"comparison"});
    fields.optional("inline", &Arguments::with_content,
                    "Also return the text of each table that is at most 50 kB");
}

Result export_comparison_csv(Call& call, const ComparisonTableArguments& arguments) {
    const std::string handle(arguments.comparison.handle());
    const Json document = comparison_of(arguments.comparison);
    const Json& simulations = document["simulations"];
    const Json& metrics = document["metrics"];
    const Json correlations = correlations_of(document);
    const std::string length_unit = length_unit_of_all(simulations);

    TableFiles files(call, {{"comparison", handle}}, arguments.with_content);
    files.store(handle + "-simulations.csv", "simulations", simulations.size(),
                [&](TextSink& file) { write_simulations(simulations, length_unit, file); });
    std::size_t statistics = metrics.size();
    for (const Json& kind : document.value("kinds", Json::array())) statistics += kind["metrics"].size();
    files.store(handle + "-statistics.csv", "statistics", statistics,
                [&](TextSink& file) { write_statistics(document, length_unit, file); });
    std::string summary = "Exported the " + std::to_string(simulations.size()) + " simulations of " + handle +
                          " and their statistics";
    if (!correlations.empty()) {
        files.store(handle + "-correlations.csv", "correlations", correlations.size(),
                    [&](TextSink& file) { write_correlations(correlations, file); });
        summary += " and correlations";
    }
    return {{{"comparison", handle}, {"files", files.entries()}}, summary + " as CSV."};
}

}  // namespace assistd::exporting
