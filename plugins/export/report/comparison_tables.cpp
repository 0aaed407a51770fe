#include "report/comparison_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "properties.h"
#include "report/cells.h"
#include "report/tables.h"

namespace assistd::exporting {
namespace {

constexpr auto words = Column::Kind::text;

Text measured_cell(const Json& data, const char* pointer) {
    return number_cell(data, pointer);
}

// Of the metrics that compare_simulations compares.
bool is_counted(const std::string& metric) {
    return metric == "n_particles" || metric == "particle_radius";
}

// "*R*_{g} (nm)" of a metric that compare_simulations compares.
Text symbol_of(const std::string& metric, const std::string& length_unit) {
    static const std::map<std::string, const char*> symbols{
        {"n_particles", "*N*"},     {"df", "*D*_{f}"},   {"kf", "*k*_{f}"},
        {"r_squared", "*R*^{2}"},   {"rg", "*R*_{g}"},   {"rg_over_a", "*R*_{g}/*a*"},
        {"particle_radius", "*a*"}, {"porosity", "*P*"}, {"coordination_mean", "*n*_{c}"}};
    const auto found = symbols.find(metric);
    Text text = found == symbols.end() ? Text() << spoken(one_line(metric, 40)) : Text(found->second);
    return text << in_brackets(unit_of(metric, length_unit));
}

// That of all compared simulations; of radii of 1 without a unit "a".
std::string length_unit_of_all(const Json& comparison) {
    if (comparison.contains("length_unit")) return length_unit_of(comparison);
    const auto least = number_at(comparison, "/metrics/particle_radius/min"),
               most = number_at(comparison, "/metrics/particle_radius/max");
    if (least == 1 && most == 1) return "a";
    return least == most ? "unit of a" : "each its own";
}

constexpr double chance = 0.05;  // a correlation that is likelier by chance is not told

std::string fixed(double value, const char* format) {
    char text[32];
    std::snprintf(text, sizeof text, format, std::abs(value));
    return (value < 0 ? "\u2212" : "") + std::string(text);
}

// Those with metrics, of a comparison of several kinds.
Json kinds_in(const Json& comparison) {
    Json found = Json::array();
    const Json kinds = comparison.value("kinds", Json());
    if (!kinds.is_array()) return found;
    for (const Json& kind : kinds)
        if (kind.is_object() && kind.value("metrics", Json()).is_object()) found.push_back(kind);
    return found;
}

Text mean_cell(const std::string& metric, const Json& summary) {
    return is_counted(metric) && number_at(summary, "/std").value_or(0) == 0
               ? given_cell(summary, "/mean")
               : number_cell(summary, "/mean", "/std");
}

// "100 to 400" of what has no mean, as its simulations are of several sizes.
Text of_kind_cell(const std::string& metric, const Json& summary) {
    const auto least = number_at(summary, "/min"), most = number_at(summary, "/max");
    const bool is_range = least && most && *least < *most;
    const bool has_mean = number_at(summary, "/mean").has_value() && metric != "n_particles";
    if (has_mean || !is_range) return mean_cell(metric, summary);
    const auto extreme = is_counted(metric) ? given_cell : measured_cell;
    return extreme(summary, "/min") << " to " << extreme(summary, "/max");
}

// What the width of a page has room for, of that which the kinds report.
std::vector<std::string> quantities_of(const Json& kinds) {
    const auto some_has = [&](const std::string& name) {
        return std::any_of(kinds.begin(), kinds.end(),
                           [&](const Json& kind) { return kind.at("metrics").contains(name); });
    };
    // In radii where they differ.
    const char* radius = some_has("rg_over_a") ? "rg_over_a" : "rg";
    std::vector<std::string> found;
    for (const char* name : {"n_particles", "df", "kf", radius})
        if (some_has(name)) found.emplace_back(name);
    return found;
}

}  // namespace

Table comparison_table(const Json& comparison) {
    Table table{"comparison",
                "Comparison of the simulations: each quantity's smallest and largest value, its mean and its "
                "standard deviation from simulation to simulation.",
                {{"Quantity", words}, {"Simulations"}, {"Least"}, {"Most"}, {"Mean \u00b1 std"}},
                {}};
    const bool has_means = kinds_in(comparison).empty();
    if (!has_means) {
        table.caption = "Comparison of the simulations: each quantity's smallest and largest value.";
        table.columns.pop_back();
    }
    const Json metrics = comparison.value("metrics", Json::object());
    if (!metrics.is_object()) return table;
    const std::string length_unit = length_unit_of_all(comparison);
    for (const auto& [name, summary] : metrics.items()) {
        if (!summary.is_object() || name == "execution_time_s") continue;
        const auto extreme = is_counted(name) ? given_cell : measured_cell;
        table.rows.push_back({symbol_of(name, length_unit), plain_cell(summary, "count"),
                              extreme(summary, "/min"), extreme(summary, "/max")});
        if (has_means) table.rows.back().push_back(mean_cell(name, summary));
    }
    return table;
}

Table kinds_table(const Json& comparison) {
    Table table{
        "kinds",
        "The kinds of simulations that were compared: mean and standard deviation from simulation to "
        "simulation, and of what follows the number of particles, where that differs, its smallest and "
        "largest value; *n*: simulations of the kind.",
        {{"Kind", Column::Kind::long_text}, {"*n*"}},
        {}};
    const Json kinds = kinds_in(comparison);
    const std::string length_unit = length_unit_of_all(comparison);
    for (const Json& kind : kinds)
        table.rows.push_back({Text() << one_line(kind.value("kind", std::string("unknown kind")), 120),
                              Text() << kind.value("simulations", Json::array()).size()});
    for (const std::string& name : quantities_of(kinds)) {
        table.columns.push_back({symbol_of(name, length_unit)});
        for (std::size_t i = 0; i < kinds.size(); ++i)
            table.rows[i].push_back(of_kind_cell(name, kinds[i].at("metrics").value(name, Json::object())));
    }
    return table;
}

Json correlations_of(const Json& comparison) {
    const Json all = comparison.value("correlations", Json()), kinds = comparison.value("kinds", Json());
    Json kept = Json::array();
    if (!all.is_array()) return kept;
    for (const Json& pair : all)
        if (pair.is_object() && (kinds.empty() || pair.value("kind", Json()).is_string()))
            kept.push_back(pair);
    return kept;
}

Table correlations_table(const Json& comparison) {
    Table table{
        "correlations",
        "Which quantities vary together: Pearson's coefficient over the simulations that report both. "
        "*p* is the chance that unrelated quantities would vary together so much.",
        {{"Quantity", words}, {"with", words}, {"Correlation"}, {"*p*"}, {"Simulations"}},
        {}};
    const Json pairs = correlations_of(comparison);
    const bool has_kinds = !pairs.empty() && pairs.front().contains("kind");
    if (has_kinds) {
        table.caption << " Each is over the simulations of one kind.";
        table.columns.insert(table.columns.begin(), {"Kind", words});
    }
    std::size_t judged = 0;
    for (const Json& pair : pairs) {
        const Json names = pair.value("metrics", Json());
        const auto p = number_at(pair, "/p_value");
        if (!names.is_array() || names.size() != 2 || !names[0].is_string() || !names[1].is_string() || !p)
            continue;
        ++judged;
        if (*p >= chance) continue;
        const std::string first = names[0].get<std::string>(), second = names[1].get<std::string>();
        table.rows.push_back({symbol_of(first, ""), symbol_of(second, ""),
                              Text() << fixed(number_at(pair, "/coefficient").value_or(0), "%.2f"),
                              Text() << (*p < 0.001 ? "< 0.001" : fixed(*p, "%.3f")),
                              plain_cell(pair, "simulations")});
        if (has_kinds) {
            Text kind = Text() << one_line(pair.value("kind", std::string("unknown kind")), 120);
            table.rows.back().insert(table.rows.back().begin(), std::move(kind));
        }
    }
    table.caption << " Shown are the " << table.rows.size() << " of " << judged
                  << " pairs with *p* below 0.05; of so many unrelated ones about "
                  << static_cast<std::size_t>(std::round(chance * static_cast<double>(judged)))
                  << " would be there by chance alone.";
    return table;
}

}  // namespace assistd::exporting
