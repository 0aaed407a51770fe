#include "report/report.h"

#include <algorithm>

#include "plot/df_values.h"
#include "report/tables.h"

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
    const auto warnings = said.find("warnings");
    if (warnings == said.end() || !warnings->is_array()) return;
    for (const Json& each : *warnings) {
        if (!each.is_string()) continue;
        Text sentence = Text() << handle << ": " << one_line(each.get<std::string>(), 500);
        all.items.push_back(std::move(sentence));
    }
}

std::string title_of(const Material& material, const std::string& title) {
    if (!title.empty()) return one_line(title);
    if (!material.simulations.empty()) return "Report on " + names_of(material.simulations);
    if (material.study) return "Report on the study " + material.study->handle;
    if (!material.analyses.empty()) return "Report on " + material.analyses.front().handle;
    return "Report on a comparison of simulations";
}

}  // namespace

std::string counted(std::size_t count, const std::string& noun, const std::string& plural) {
    return std::to_string(count) + " " + (count == 1 ? noun : plural.empty() ? noun + "s" : plural);
}

std::vector<Group> groups_of(const std::vector<SimulationRecord>& simulations) {
    std::vector<Group> groups;
    for (const SimulationRecord& each : simulations) {
        const std::string name = group_of(each.metadata);
        auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const Group& group) { return group.name == name; });
        if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
        found->members.push_back(&each);
    }
    return groups;
}

Sentences warnings_of(const Material& material) {
    Sentences all;
    for (const SimulationRecord& each : material.simulations) add_warnings(all, each.handle, each.metadata);
    for (const AnalysisRecord& each : material.analyses) add_warnings(all, each.handle, each.document);
    if (!material.study) return all;
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
    report.document.sections = {summary_section(material), methods_section(material),
                                results_section(material, report.left_out, with_figures),
                                discussion_section(material)};
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
