#include "report/report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "clusters/kinds.h"
#include "plot/df_values.h"
#include "properties.h"
#include "report/comparison_tables.h"
#include "report/tables.h"
#include "same_clusters.h"
#include "source.h"

namespace assistd::exporting {
namespace {

void check(const Material& material) {
    const bool has_results = std::any_of(
        material.simulations.begin(), material.simulations.end(), [](const SimulationRecord& each) {
            return each.metadata.contains("rg") || each.metadata.contains("df");
        });
    if (has_results || material.study || !material.analyses.empty() || !material.comparisons.empty()) return;
    throw invalid_argument("sources",
                           names_of(material.simulations) + " reports no results that a report could tell.");
}

void add_warnings(Sentences& all, const std::string& handle, const Json& said) {
    for (const std::string& each : warnings_in(said))
        all.items.push_back(Text() << handle << ": " << one_line(each, 500));
}

// The sentence without its numbers: what runs warn of differs by these only.
std::string without_numbers(const std::string& sentence) {
    std::string kind;
    for (const char c : sentence)
        if (!std::isdigit(static_cast<unsigned char>(c))) kind += c;
    return kind;
}

// "study-1: 13 of 50 runs warn, as simulation-207 does: The fit of …", once for each kind of warning.
void add_warnings_of_runs(Sentences& all, const StudyRecord& study) {
    struct Kind {
        std::size_t runs = 0;
        std::string first, sentence;
    };
    std::map<std::string, Kind> kinds;
    for (const RunRecord& run : study.runs)
        for (const std::string& each : run.warnings) {
            Kind& kind = kinds[without_numbers(each)];
            if (kind.runs++ > 0) continue;
            kind.first = run.simulation.empty() ? "run " + std::to_string(run.number) : run.simulation;
            kind.sentence = one_line(each, 500);
        }
    for (const auto& [ignored, kind] : kinds)
        all.items.push_back(Text() << study.handle << ": " << kind.runs << " of "
                                   << counted(study.runs.size(), "run")
                                   << std::string(kind.runs == 1 ? " warns" : " warn") << ", as "
                                   << kind.first << " does: " << kind.sentence);
}

std::string title_of(const Material& material, const std::string& title) {
    if (!title.empty()) return one_line(title);
    if (!material.simulations.empty()) return "Report on " + names_of(material.simulations);
    if (material.study) return "Report on the study " + material.study->handle;
    if (!material.analyses.empty()) return "Report on " + material.analyses.front().handle;
    return "Report on a comparison of simulations";
}

std::string name_of(const Json& metadata) {
    const double n = number_or(metadata, "n_particles", 0);
    return clusters::kind_of(metadata) +
           (n > 0 ? " with " + std::to_string(std::llround(n)) + " particles" : "");
}

// Of groups with one name, adds to each the parameters in which they differ.
void tell_apart(std::vector<Group>& groups) {
    std::map<std::string, std::vector<Group*>> by_name;
    for (Group& group : groups) by_name[group.name].push_back(&group);
    for (const auto& [name, alike] : by_name) {
        if (alike.size() < 2) continue;
        const auto value = [](const Group* group, const std::string& parameter) {
            return what_made(group->members.front()->metadata).at("parameters").value(parameter, Json());
        };
        std::set<std::string> parameters;
        for (const Group* group : alike) {
            const Json made = what_made(group->members.front()->metadata);
            for (const auto& [parameter, ignored] : made.at("parameters").items())
                parameters.insert(parameter);
        }
        std::erase_if(parameters, [&](const std::string& parameter) {
            return std::all_of(alike.begin(), alike.end(), [&](const Group* group) {
                return value(group, parameter) == value(alike.front(), parameter);
            });
        });
        for (Group* group : alike)
            for (const std::string& parameter : parameters)
                if (const Json own = value(group, parameter); !own.is_null())
                    group->name += ", " + spoken(one_line(parameter, 60)) + " " +
                                   one_line(shown_value(parameter, own, ""), 60);
    }
}

// A sentence for each reason, which names all that it keeps from being there.
std::vector<std::string> by_reason(const std::vector<LeftOut>& left_out) {
    std::vector<std::string> sentences;
    std::vector<std::string> told;
    for (const LeftOut& each : left_out) {
        if (std::find(told.begin(), told.end(), each.reason) != told.end()) continue;
        told.push_back(each.reason);
        std::vector<std::string> figures;
        for (const LeftOut& other : left_out)
            if (other.reason == each.reason && !other.figure.empty()) figures.push_back(other.figure);
        std::string text;
        for (std::size_t i = 0; i < figures.size(); ++i)
            text += (i == 0 ? "" : i + 1 == figures.size() ? " and " : ", ") + figures[i];
        if (!text.empty())
            text = (figures.size() > 1 ? "There are no figures of " : "There is no figure of ") + text + ": ";
        sentences.push_back(text + each.reason);
    }
    return sentences;
}

}  // namespace

std::string counted(std::size_t count, const std::string& noun, const std::string& plural) {
    return std::to_string(count) + " " + (count == 1 ? noun : plural.empty() ? noun + "s" : plural);
}

std::vector<Group> groups_of(const std::vector<SimulationRecord>& simulations) {
    std::vector<Group> groups;
    for (const SimulationRecord* each : distinct_clusters(simulations).distinct) {
        const Json made = what_made(each->metadata);
        auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return what_made(group.members.front()->metadata) == made;
        });
        if (found == groups.end()) found = groups.insert(groups.end(), {name_of(each->metadata), {}});
        found->members.push_back(each);
    }
    tell_apart(groups);
    return groups;
}

Sentences warnings_of(const Material& material) {
    Sentences all;
    for (const SimulationRecord& each : material.simulations) add_warnings(all, each.handle, each.metadata);
    for (const AnalysisRecord& each : material.analyses) add_warnings(all, each.handle, each.document);
    if (!material.study) return all;
    add_warnings_of_runs(all, *material.study);
    const auto missing = [&](std::size_t count, const char* what) {
        if (count == 0) return;
        all.items.push_back(Text() << material.study->handle << ": " << counted(count, "run")
                                   << std::string(what) << std::string(count == 1 ? " It is" : " They are")
                                   << " not in the results.");
    };
    missing(material.study->failed, " failed.");
    missing(material.study->unfinished, " did not finish.");
    return all;
}

Report write_report(const Material& material, const std::string& title, bool with_figures) {
    check(material);
    Report report;
    report.document.title = title_of(material, title);
    report.warnings = warnings_of(material).items.size();
    std::vector<LeftOut> left_out;
    report.document.sections = {summary_section(material), methods_section(material),
                                results_section(material, left_out, with_figures),
                                discussion_section(material)};
    report.left_out = by_reason(left_out);
    collect_references(report.document);
    return report;
}

Report write_summary(const Material& material, const std::string& title) {
    check(material);
    Report report;
    report.document.title = title_of(material, title);
    Section summary = summary_section(material);
    if (!material.simulations.empty()) summary.blocks.emplace_back(results_table(material.simulations));
    if (Table targets = targets_table(material.simulations); !targets.rows.empty())
        summary.blocks.emplace_back(std::move(targets));
    if (!material.analyses.empty()) summary.blocks.emplace_back(analyses_table(material.analyses));
    if (material.study) summary.blocks.emplace_back(study_table(*material.study));
    for (const Json& each : material.comparisons) {
        summary.blocks.emplace_back(comparison_table(each));
        if (Table kinds = kinds_table(each); !kinds.rows.empty())
            summary.blocks.emplace_back(std::move(kinds));
        Table correlations = correlations_table(each);
        if (!correlations.rows.empty()) summary.blocks.emplace_back(std::move(correlations));
    }
    report.document.sections.push_back(std::move(summary));
    Sentences warnings = warnings_of(material);
    report.warnings = warnings.items.size();
    if (!warnings.items.empty()) report.document.sections.push_back({"Warnings", {std::move(warnings)}});
    collect_references(report.document);
    return report;
}

}  // namespace assistd::exporting
