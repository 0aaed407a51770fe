// The first section: how much there is and the main numbers.

#include <cstdio>

#include "report/literature.h"
#include "report/report.h"
#include "report/tables.h"
#include "same_clusters.h"
#include "source.h"

namespace assistd::exporting {
namespace {

Text scope_of(const Material& material) {
    std::vector<std::string> parts;
    if (!material.simulations.empty()) parts.push_back(counted(material.simulations.size(), "simulation"));
    if (!material.analyses.empty())
        parts.push_back(counted(material.analyses.size(), "analysis", "analyses"));
    if (!material.comparisons.empty()) parts.push_back(counted(material.comparisons.size(), "comparison"));
    if (material.study) parts.push_back("1 study");
    Text text("This report covers ");
    for (std::size_t i = 0; i < parts.size(); ++i)
        text << std::string(i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") << parts[i];
    return text << ".";
}

// What is known of a standard deviation of few values, with the zero at its end: "0.070".
std::string two_digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value == 0 ? "%.2g" : "%#.2g", value);
    std::string two = text;
    if (two.ends_with('.')) two.pop_back();
    return two;
}

void add_group(Text& text, const Group& group) {
    if (const double exact = exact_df(group.members.front()->metadata); exact > 0) {
        text << " The fractal dimension of " << group.members.front()->handle << " (" << group.name
             << ") is *D*_{f} = ";
        text.given(exact) << ", exact.";
        return;
    }
    std::vector<double> df;
    for (const SimulationRecord* each : group.members)
        if (const auto found = each->metadata.find("df"); found != each->metadata.end() && found->is_number())
            df.push_back(found->get<double>());
    if (df.empty()) return;
    if (df.size() == 1 && group.members.size() == 1) {
        const SimulationRecord& one = *group.members.front();
        text << " The fractal dimension of " << one.handle << " (" << group.name << ") is *D*_{f} = ";
        text.number(df.front(), number_or(one.metadata, "df_stderr", 0)) << ".";
        return;
    }
    const Spread spread = spread_of(df);
    text << " The " << counted(df.size(), "cluster") << " of " << group.name
         << " have a mean fractal dimension of ";
    text.number(spread.mean, spread.standard_error())
        << " (standard error of the mean) with a standard deviation of ";
    text << two_digits(spread.deviation) << " from cluster to cluster.";
}

void add_study(Text& text, const StudyRecord& study) {
    text << " Of the study " << study.handle << ", "
         << counted(study.runs.size(), "run has completed", "runs have completed") << ".";
    std::vector<const RunRecord*> all;
    for (const RunRecord& run : study.runs) all.push_back(&run);
    if (const auto range = range_of_means(study))
        text << " Over its combinations the mean *D*_{f} runs from " << *range;
    const auto spread = spread_of(study, all, study.df_metric());
    if (!spread || combinations_of(study).size() > 1) return;
    text << " They differ by their seeds only; their mean fractal dimension is ";
    text.number(spread->mean, spread->standard_error())
        << " (standard error of the mean) with a standard deviation of ";
    text << two_digits(spread->deviation) << " from cluster to cluster.";
}

}  // namespace

Section summary_section(const Material& material) {
    Text text = scope_of(material);
    for (const Group& group : groups_of(material.simulations)) add_group(text, group);
    text << distinct_clusters(material.simulations).told();
    if (material.study) add_study(text, *material.study);
    const std::size_t warnings = warnings_of(material).items.size();
    if (warnings > 0)
        text << " The results carry " << counted(warnings, "warning") << ", which "
             << std::string(warnings == 1 ? "is" : "are") << " quoted below.";
    return {"Summary", {std::move(text)}};
}

}  // namespace assistd::exporting
