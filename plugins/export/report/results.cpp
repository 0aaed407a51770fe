// What came of it: sentences, tables and figures, and the warnings that the results carry.

#include <algorithm>
#include <functional>
#include <map>

#include "report/comparison_tables.h"
#include "report/report.h"
#include "report/tables.h"
#include "source.h"

namespace assistd::exporting {
namespace {

constexpr std::size_t most_in_sentences = 8;  // of more simulations the table tells
constexpr std::size_t most_counting_figures = 4;

// ", which is 157.5 nm with *a* = 15 nm", when the simulation names the unit of its lengths.
Text in_own_unit(const Json& data) {
    Text text;
    const auto unit = data.find("length_unit");
    const double radius = number_or(data, "particle_radius", 0);
    if (unit == data.end() || !unit->is_string() || !(radius > 0)) return text;
    const std::string name = " " + one_line(unit->get<std::string>(), 20);
    (text << ", which is ").number(number_or(data, "rg", 0)) << name;
    (text << " with *a* = ").given(radius) << name;
    return text;
}

Text simulation_sentence(const SimulationRecord& each) {
    const Json& data = each.metadata;
    Text text;
    text << each.handle;
    const double n = number_or(data, "n_particles", 0), exact = exact_df(data);
    const double df = exact > 0 ? 0 : number_or(data, "df", 0);
    if (n > 0) text << " has " << std::to_string(static_cast<long long>(n)) << " particles";
    if (exact > 0) {
        text << std::string(n > 0 ? " and" : " has") << " the fractal dimension *D*_{f} = ";
        text.given(exact);
        if (const double kf = number_or(data, "kf_ideal", 0); kf > 0) (text << " with *k*_{f} = ").number(kf);
        text << ", which are those of its geometry, exact";
    }
    if (df > 0) {
        text << std::string(n > 0 ? " and" : " has") << " the fractal dimension *D*_{f} = ";
        text.number(df, number_or(data, "df_stderr", 0));
    }
    if (const double kf = number_or(data, "kf", 0); kf > 0 && df > 0)
        (text << " with *k*_{f} = ").number(kf, number_or(data, "kf_stderr", 0));
    const auto range = data.find("fit_range");
    if (exact == 0 && range != data.end() && range->is_array() && range->size() == 2 &&
        range->at(0).is_number() && range->at(1).is_number())
        text << ", fitted from *N* = " << range->at(0).dump() << " to " << range->at(1).dump();
    text << ".";
    if (const double rg = number_or(data, "rg", 0); rg > 0)
        (text << " Its radius of gyration is *R*_{g} = ").number(rg / particle_radius_of(data))
            << " *a*" << in_own_unit(data) << ".";
    return text;
}

constexpr std::size_t longest_unit = 10;  // "angstrom"; a sentence is none

// The trends that the analysis of a study found, as it tells them.
std::string trends_in(const Json& document) {
    const Json summary = document.value("summary", Json());
    return summary.is_string() ? " says: " + one_line(summary.get<std::string>(), 2000)
                               : " tells no trends in words.";
}

Text analysis_sentence(const AnalysisRecord& each) {
    Text text;
    text << each.handle;
    if (each.method == "parametric_study") return text << trends_in(each.document);
    if (!each.simulation.empty()) text << ", of " << one_line(each.simulation, 60) << ",";
    const std::vector<AnalysedDf> found = dimensions_of(each);
    if (found.empty()) return text << " reports no fractal dimension.";
    for (const AnalysedDf& df : found) {
        text << std::string(&df == &found.front() ? " gives " : " and ");
        (text << "*D*_{f} = ").number(df.df, df.error) << " by " << df.method;
        const auto interval = df.fit.find("confidence_95");
        if (interval == df.fit.end() || !interval->is_array() || interval->size() != 2 ||
            !interval->at(0).is_number() || !interval->at(1).is_number())
            continue;
        (text << " (95 % interval ").number(interval->at(0).get<double>()) << " to ";
        text.number(interval->at(1).get<double>()) << ")";
    }
    const Json range = each.document.value("range", Json());
    if (range.is_object() && number_or(range, "min", 0) > 0 && number_or(range, "max", 0) > 0) {
        (text << ", fitted from ").given(number_or(range, "min", 0)) << " to ";
        const Json unit = each.document.value("length_unit", Json());
        const bool named = unit.is_string() && unit.get<std::string>().size() <= longest_unit;
        text.given(number_or(range, "max", 0))
            << (named ? " " + unit.get<std::string>() : std::string(" in the simulation's unit of length"));
    }
    return text << ".";
}

// Adds the figure of that kind, or the sentence that says why there is none.
void add_figure(Section& section, std::vector<LeftOut>& left_out, const PlotKind& kind,
                const Material& material, const std::string& id) {
    try {
        Plot plot = kind.make(material);
        Figure figure{id, Text(plot.caption.c_str()), std::move(plot.chart)};
        if (!material.analyses.empty())
            figure.caption << " Shown: " << material.analyses.front().handle << ".";
        else if (material.simulations.size() == 1)
            figure.caption << " Shown: " << material.simulations.front().handle << ".";
        section.blocks.emplace_back(std::move(figure));
    } catch (const Failure& failure) {
        left_out.push_back({spoken(std::string(kind.name)), failure.what()});
    }
}

void add_simulation_figures(Section& section, std::vector<LeftOut>& left_out, const Material& material) {
    Material only;
    only.simulations = material.simulations;
    if (only.simulations.size() > most_curves) {
        add_figure(section, left_out, df_distribution_plot, only, "distribution");
        add_figure(section, left_out, df_vs_n_plot, only, "dimension");
        left_out.push_back(
            {"", "There are no figures of growth, pair correlation and coordination: at most " +
                     std::to_string(most_curves) + " curves can be told apart in one, and these are " +
                     std::to_string(only.simulations.size()) +
                     " simulations; report on fewer of them, or plot some by themselves."});
        return;
    }
    add_figure(section, left_out, rg_vs_n_plot, only, "growth");
    if (only.simulations.size() == 1) add_figure(section, left_out, df_vs_n_plot, only, "dimension");
    add_figure(section, left_out, pair_correlation_plot, only, "pairs");
    add_figure(section, left_out, coordination_plot, only, "coordination");
}

constexpr std::size_t most_parameters = 3;  // that have a figure each

// Against what was varied; only of runs that differ by their seeds the distribution says something.
void add_study_figures(Section& section, std::vector<LeftOut>& left_out, Material& only) {
    const std::vector<std::string> varied = only.study->varied();
    if (varied.empty()) {
        add_figure(section, left_out, df_distribution_plot, only, "study-distribution");
        return;
    }
    for (std::size_t i = 0; i < std::min(varied.size(), most_parameters); ++i) {
        only.parameter = varied[i];
        add_figure(section, left_out, df_vs_parameter_plot, only, "study-parameter-" + std::to_string(i + 1));
    }
    if (std::ranges::find(varied, "n_particles") != varied.end())
        add_figure(section, left_out, rg_vs_n_plot, only, "study-growth");
}

// Returns what each figure shows, by its id.
std::map<std::string, std::string> add_analysis_figures(Section& section, std::vector<LeftOut>& left_out,
                                                        const Material& material) {
    std::map<std::string, std::string> shown;
    std::size_t figures = 0;
    for (const AnalysisRecord& each : material.analyses) {
        const bool is_counting = each.method == "box_counting";
        if (!is_counting && each.method != "correlation") continue;
        if (++figures > most_counting_figures) {
            left_out.push_back({"", "There are figures of the first " +
                                        std::to_string(most_counting_figures) +
                                        " analyses only; plot the others by themselves."});
            return shown;
        }
        Material only;
        only.analyses = {each};
        const std::string id = "analysis-" + std::to_string(figures);
        add_figure(section, left_out, is_counting ? box_counting_plot : pair_correlation_plot, only, id);
        const std::string of = each.simulation.empty() ? "" : " of " + one_line(each.simulation, 60);
        shown[id] =
            is_counting
                ? " shows how many boxes cover the cluster" + of +
                      " at each size of the boxes, with the fitted line (" + each.handle + ")."
                : " shows the pair correlation" + of + " with the fitted power law (" + each.handle + ").";
    }
    return shown;
}

bool has_figure(const Section& section, const std::string& id) {
    return std::any_of(section.blocks.begin(), section.blocks.end(), [&](const Block& block) {
        const auto* figure = std::get_if<Figure>(&block);
        return figure && figure->id == id;
    });
}

// One sentence that refers to every figure, so that none stands alone.
void refer_to_figures(Section& section, const std::map<std::string, std::string>& of_analyses) {
    Text text;
    const auto add = [&](const char* id, const char* what) {
        if (!has_figure(section, id)) return;
        if (!text.empty()) text << " ";
        text.refer(std::string("figure:") + id) << what;
    };
    add("growth", " shows how the radius of gyration grew with the number of particles.");
    add("dimension", " shows the fractal dimension against the number of particles.");
    add("pairs", " shows the pair correlation.");
    add("coordination", " shows with how many others each particle is in contact.");
    add("distribution", " shows how the fractal dimensions are distributed.");
    add("study-distribution", " shows how the fractal dimensions of the study's runs are distributed.");
    for (const char* id : {"study-parameter-1", "study-parameter-2", "study-parameter-3"})
        add(id, " shows the fractal dimension of the study's runs against a parameter that was varied.");
    add("study-growth",
        " shows the radius of gyration of the study's clusters against their number of particles.");
    for (const auto& [id, words] : of_analyses) add(id.c_str(), words.c_str());
    if (text.empty()) return;
    const auto first = std::find_if(section.blocks.begin(), section.blocks.end(),
                                    [](const Block& block) { return std::holds_alternative<Figure>(block); });
    section.blocks.insert(first, std::move(text));
}

void add_simulations(Section& section, const std::vector<SimulationRecord>& simulations) {
    Text text;
    if (simulations.size() <= most_in_sentences)
        for (const SimulationRecord& each : simulations) text << simulation_sentence(each) << " ";
    text.refer("table:results") << " lists the results of the simulations.";
    section.blocks.emplace_back(std::move(text));
    section.blocks.emplace_back(results_table(simulations));
    Table targets = targets_table(simulations);
    if (targets.rows.empty()) return;
    section.blocks.emplace_back(Text().refer("table:targets")
                                << " shows how well the tunable clusters keep to their target.");
    section.blocks.emplace_back(std::move(targets));
}

void add_analyses(Section& section, const std::vector<AnalysisRecord>& analyses) {
    Text text;
    if (analyses.size() <= most_in_sentences)
        for (const AnalysisRecord& each : analyses) text << analysis_sentence(each) << " ";
    text.refer("table:analyses") << " lists the analyses.";
    section.blocks.emplace_back(std::move(text));
    section.blocks.emplace_back(analyses_table(analyses));
}

// "simulation-1, simulation-2 and simulation-3".
std::string compared_in(const Json& comparison) {
    std::vector<std::string> handles;
    const Json simulations = comparison.value("simulations", Json::array());
    if (simulations.is_array())
        for (const Json& each : simulations)
            if (each.is_object() && each.value("simulation", Json()).is_string())
                handles.push_back(one_line(each["simulation"].get<std::string>(), 60));
    std::string text;
    for (std::size_t i = 0; i < handles.size(); ++i)
        text += (i == 0 ? "" : i + 1 == handles.size() ? " and " : ", ") + handles[i];
    return text.empty() ? "simulations that it does not name" : text;
}

void add_comparisons(Section& section, const std::vector<Json>& comparisons) {
    for (const Json& each : comparisons) {
        Table table = comparison_table(each);
        if (&each != &comparisons.front()) table.id += "-" + each.value("handle", "");
        Table kinds = kinds_table(each), correlations = correlations_table(each);
        if (&each != &comparisons.front())
            for (Table* other : {&kinds, &correlations}) other->id += "-" + each.value("handle", "");
        Text text = Text().refer("table:" + table.id)
                    << " holds " << each.value("handle", "") << " of " << compared_in(each) << ".";
        if (each.contains("kinds"))
            text << " They are of different kinds, so that there are no means over all of them.";
        if (!kinds.rows.empty()) text << " ", text.refer("table:" + kinds.id) << " holds those of each kind.";
        if (!correlations.rows.empty())
            text << " ", text.refer("table:" + correlations.id) << " holds its correlations.";
        section.blocks.emplace_back(std::move(text));
        section.blocks.emplace_back(std::move(table));
        if (!kinds.rows.empty()) section.blocks.emplace_back(std::move(kinds));
        if (!correlations.rows.empty()) section.blocks.emplace_back(std::move(correlations));
    }
}

}  // namespace

Section results_section(const Material& material, std::vector<LeftOut>& left_out, bool with_figures) {
    Section section{"Results", {}};
    if (!material.simulations.empty()) add_simulations(section, material.simulations);
    if (!material.analyses.empty()) add_analyses(section, material.analyses);
    if (material.study) {
        section.blocks.emplace_back(Text().refer("table:study") << " lists the results of the study.");
        section.blocks.emplace_back(study_table(*material.study));
    }
    add_comparisons(section, material.comparisons);
    if (with_figures) {
        if (!material.simulations.empty()) add_simulation_figures(section, left_out, material);
        const auto of_analyses = add_analysis_figures(section, left_out, material);
        if (material.study) {
            Material only;
            only.study = material.study;
            add_study_figures(section, left_out, only);
        }
        if (material.simulations.empty() && !material.comparisons.empty())
            left_out.push_back(
                {"", "There are no figures of a comparison that does not name its simulations."});
        refer_to_figures(section, of_analyses);
    }
    Sentences warnings = warnings_of(material);
    if (!warnings.items.empty()) {
        section.blocks.emplace_back(Text("The results carry these warnings:"));
        section.blocks.emplace_back(std::move(warnings));
    }
    return section;
}

}  // namespace assistd::exporting
