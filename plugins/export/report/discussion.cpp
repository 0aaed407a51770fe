// How the results compare with the literature and with each other; nothing that the numbers do not say.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/literature.h"
#include "report/own_clusters.h"
#include "report/report.h"
#include "report/study.h"
#include "report/tables.h"
#include "source.h"

namespace assistd::exporting {
namespace {

// As the literature's values are given.
std::string fixed(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

void cite_all(Text& text, const Expectation& expected) {
    for (const std::string& key : expected.citations) text.cite(key);
}

// "which is 0.09 below the expected 2.50 ± 0.05 of off-lattice DLA in three dimensions [3]."
void compare(Text& text, double df, const Expectation& expected) {
    const double off = df - expected.df;
    if (std::abs(off) < 0.005)
        text << ", which is the expected ";
    else
        text << ", which is " << fixed(std::abs(off)) << std::string(off < 0 ? " below" : " above")
             << " the expected ";
    text << fixed(expected.df) << " \u00b1 " << fixed(expected.tolerance) << " of " << expected.model;
    if (!expected.source.empty()) text << " (" << expected.source << ")";
    cite_all(text, expected);
    text << ".";
}

constexpr double sigmas = 2;  // what is farther off is no accident

// For those that cannot be judged by the literature.
std::string told(const OwnClusters& own) {
    return " Clusters of this kind and size that the simulation plugin grew have a mean of " +
           fixed(own.mean) + " and differ by " + fixed(own.deviation) + " (standard deviation).";
}

// A single cluster is judged by how much clusters of its kind and size differ.
void judge_one(Text& text, double df, const Expectation& expected, const Json& metadata) {
    const double off = std::abs(df - expected.df);
    const auto own = own_clusters_like(metadata);
    const std::string scatter = own ? fixed(own->deviation) : "";
    if (const std::string why_not = why_no_verdict(metadata, expected); !why_not.empty()) {
        text << " " << why_not;
        if (own && is_of_equal_touching_spheres(metadata)) text << told(*own);
    } else if (off <= expected.tolerance) {
        text << " This agrees within the uncertainty of the expected value.";
    } else if (!own) {
        text << " How much clusters of this kind and size differ from each other was not measured, so no "
                "verdict is given.";
    } else if (off <= expected.tolerance + sigmas * own->deviation) {
        text << " This agrees within the scatter: clusters of this kind and size differ by " << scatter
             << " (standard deviation).";
    } else {
        text << " This deviates by more than the scatter explains: clusters of this kind and size differ by "
             << scatter << " (standard deviation).";
    }
}

// The standard error of a few clusters' mean says little by itself: two may happen to be alike.
void judge_mean(Text& text, const Spread& spread, const Expectation& expected, const Json& like) {
    const auto own = own_clusters_like(like);
    if (const std::string why_not = why_no_verdict(like, expected); !why_not.empty()) {
        text << " " << why_not;
        if (own && is_of_equal_touching_spheres(like)) text << told(*own);
        return;
    }
    const double known = own ? own->deviation / std::sqrt(static_cast<double>(spread.count)) : 0;
    const double error = std::max(spread.standard_error(), known);
    const double off = std::abs(spread.mean - expected.df);
    text << std::string(off <= expected.tolerance
                            ? " This agrees within the uncertainty of the expected value."
                        : off <= expected.tolerance + sigmas * error
                            ? " This agrees within the uncertainties of both."
                            : " This deviates by more than the uncertainties of both explain.");
}

// The members whose expectation is that of the first, so that a mean is one of like things.
std::vector<double> like_dimensions(const Group& group, const std::optional<Expectation>& expected) {
    std::vector<double> df;
    for (const SimulationRecord* each : group.members) {
        const auto own = expectation_of(each->metadata);
        const double value = number_or(each->metadata, "df", 0);
        // What forbids a verdict on one forbids it on all.
        const Json& first = group.members.front()->metadata;
        if (value > 0 && own && expected && own->df == expected->df &&
            why_no_verdict(each->metadata, *own) == why_no_verdict(first, *expected))
            df.push_back(value);
    }
    return df;
}

bool is_tunable(const Json& metadata) {
    const Json algorithm = metadata.value("algorithm", Json());
    return algorithm == "tunable" || algorithm == "tunable_cc";
}

void add_one(Section& section, const SimulationRecord& each) {
    if (const double exact = exact_df(each.metadata); exact > 0) {
        Text text;
        (text << "The *D*_{f} of " << each.handle << " is ").given(exact)
            << ", exact: its geometry was built, so that there is nothing to judge.";
        section.blocks.emplace_back(std::move(text));
        return;
    }
    const double df = number_or(each.metadata, "df", 0);
    if (!(df > 0)) return;
    const auto expected = expectation_of(each.metadata);
    Text text;
    (text << "The *D*_{f} of " << each.handle << " is ").number(df, number_or(each.metadata, "df_stderr", 0));
    if (expected) {
        compare(text, df, *expected);
        judge_one(text, df, *expected, each.metadata);
    } else {
        text << std::string(is_tunable(each.metadata)
                                ? ". It was asked for, so that it says nothing about the literature."
                                : "; this report has no value for this algorithm with these parameters.");
    }
    section.blocks.emplace_back(std::move(text));
}

void add_group(Section& section, const Group& group) {
    const auto expected = expectation_of(group.members.front()->metadata);
    const std::vector<double> df = like_dimensions(group, expected);
    if (df.size() < group.members.size() || df.size() < 2) {
        for (const SimulationRecord* each : group.members) add_one(section, *each);
        return;
    }
    const Spread spread = spread_of(df);
    Text text;
    (text << "The mean *D*_{f} of the " << counted(df.size(), "cluster") << " of " << group.name << " is ")
        .number(spread.mean, spread.standard_error());
    compare(text, spread.mean, *expected);
    judge_mean(text, spread, *expected, group.members.front()->metadata);
    section.blocks.emplace_back(std::move(text));
}

// Each analysis against the growth of what it analysed.
void add_analysis(Section& section, const AnalysisRecord& analysis,
                  const std::vector<SimulationRecord>& simulations) {
    const auto found =
        std::find_if(simulations.begin(), simulations.end(),
                     [&](const SimulationRecord& each) { return each.handle == analysis.simulation; });
    if (found == simulations.end()) return;
    const double exact = exact_df(found->metadata);
    const double of_growth = exact > 0 ? exact : number_or(found->metadata, "df", 0);
    const double growth_error = exact > 0 ? 0 : number_or(found->metadata, "df_stderr", 0);
    if (!(of_growth > 0)) return;
    for (const AnalysedDf& df : dimensions_of(analysis)) {
        Text text;
        text << "By " << df.method << " (" << analysis.handle << ") the *D*_{f} of " << found->handle
             << " is ";
        text.number(df.df, df.error);
        if (exact > 0)
            (text << ", by its geometry exactly ").given(exact) << "; the difference is ";
        else
            (text << ", by its growth ").number(of_growth, growth_error) << "; the difference is ";
        // Without one of the errors, that of the difference is not known.
        const bool known = df.error > 0 && (exact > 0 || growth_error > 0);
        text.number(df.df - of_growth, known ? std::hypot(df.error, growth_error) : 0)
            << std::string(df.error > 0 ? "." : "; the analysis tells no error of its own.");
        section.blocks.emplace_back(std::move(text));
    }
}

constexpr std::size_t most_judged = 8;  // of more combinations a reader wants the table

// The mean of each combination against the literature, when its Df is that of the growth.
void judge_study(Section& section, const StudyRecord& study) {
    const std::vector<Combination> combinations = combinations_of(study);
    if (study.df_metric() != "df" || combinations.size() > most_judged) return;
    const std::vector<std::string> names = varied_parameters(study);
    for (const Combination& each : combinations) {
        const Json like = as_simulation(study, *each.runs.front());
        const auto expected = expectation_of(like);
        const auto spread = spread_of(study, each.runs, "df");
        if (!expected || !spread) continue;
        Text text("The mean *D*_{f} of the study's ");
        text << counted(spread->count, "run");
        for (std::size_t i = 0; i < names.size(); ++i)
            text << std::string(i > 0 ? ", " : " with ") << spoken(names[i]) << " " << each.values[i];
        (text << " is ").number(spread->mean, spread->standard_error());
        compare(text, spread->mean, *expected);
        if (spread->count > 1)
            judge_mean(text, *spread, *expected, like);
        else
            judge_one(text, spread->mean, *expected, like);
        section.blocks.emplace_back(std::move(text));
    }
}

void add_study(Section& section, const StudyRecord& study) {
    const auto range = range_of_means(study);
    if (range)
        section.blocks.emplace_back(Text("Over the combinations of the study the mean *D*_{f} runs from ")
                                    << *range);
}

}  // namespace

Section discussion_section(const Material& material) {
    Section section{"Discussion", {}};
    for (const Group& group : groups_of(material.simulations)) add_group(section, group);
    for (const AnalysisRecord& each : material.analyses) add_analysis(section, each, material.simulations);
    if (material.study) {
        judge_study(section, *material.study);
        add_study(section, *material.study);
    }
    if (section.blocks.empty())
        section.blocks.emplace_back(
            Text("The sources report no fractal dimension of a growth that could be compared with the "
                 "literature."));
    return section;
}

}  // namespace assistd::exporting
