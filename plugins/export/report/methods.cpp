// What was done: algorithms, parameters, seeds, versions, and how the numbers are defined.

#include <algorithm>
#include <optional>
#include <set>

#include "report/literature.h"
#include "report/report.h"
#include "report/study.h"
#include "report/tables.h"

namespace assistd::exporting {
namespace {

std::string text_at(const Json& data, const char* key) {
    const auto found = data.find(key);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

Text definitions() {
    Text text(
        "The radius of gyration is mass-weighted and contains the spheres' own term, *R*_{g}^{2} = "
        "\u03a3(3/5 "
        "*r*^{5} + *r*^{3} *s*^{2}) / \u03a3 *r*^{3} with the radii *r* and the distances *s* from the "
        "centre of "
        "mass. The fractal dimension *D*_{f} and the prefactor *k*_{f} are those of the scaling law *N* = "
        "*k*_{f} (*R*_{g}/*a*)^{Df}");
    text.cite("forrest1979");
    return text << ", fitted by least squares to ln *N* against ln *R*_{g}/*a* along the growth; their "
                   "errors are the "
                   "standard errors of the regression, which understate how much clusters differ.";
}

void add_simulations(Section& section, const std::vector<SimulationRecord>& simulations) {
    std::set<std::string> told;
    Text algorithms;
    for (const SimulationRecord& each : simulations) {
        const std::string name = text_at(each.metadata, "algorithm");
        if (!told.insert(name).second) continue;
        const Text sentence = method_of(name);
        if (sentence.empty()) continue;
        if (!algorithms.empty()) algorithms << " ";
        algorithms << sentence;
    }
    if (!algorithms.empty()) section.blocks.emplace_back(std::move(algorithms));
    section.blocks.emplace_back(
        Text().refer("table:settings")
        << " lists how each cluster was made. The same seed, parameters and version of the "
           "simulation plugin give the same coordinates.");
    section.blocks.emplace_back(settings_table(simulations));
    Sentences parameters;
    for (const SimulationRecord& each : simulations)
        if (const std::string text = other_parameters(each.metadata); !text.empty())
            parameters.items.push_back(Text() << each.handle << ": " << text << ".");
    if (!parameters.items.empty()) {
        section.blocks.emplace_back(Text("The other parameters, with defaults filled in:"));
        section.blocks.emplace_back(std::move(parameters));
    }
    section.blocks.emplace_back(definitions());
}

Text box_counting() {
    Text text("Box counting");
    text.cite("russell1980").cite("liebovitch1989");
    return text
           << " counts the boxes of size *s* that any sphere of the cluster reaches into, on several "
              "positions of the grid. The boxes that stick out at the cluster's edge count in parts (each "
              "end of a row of occupied boxes as half a box, along each axis), so that a compact body has "
              "its dimension; the fractal dimension is the negative slope of ln *N*(*s*), the mean of "
              "these counts, against ln *s*. The dimension from the plain number of occupied boxes is "
              "stored beside it.";
}

Text method_of_analysis(const std::string& method) {
    if (method == "box_counting") return box_counting();
    if (method == "correlation") {
        Text text("The correlation analysis");
        text.cite("forrest1979");
        return text
               << " fits power laws to the pair correlation, *g*(*r*) \u221d *r*^{Df\u2212d}, and to the "
                  "mass within a "
                  "distance *r* of a particle, *M*(*r*) \u221d *r*^{Df} (sandbox).";
    }
    if (method == "fraktal") {
        Text text("The projected-image analysis");
        text.cite("lapuerta2006");
        return text << " (FRAKTAL) finds the fractal dimension from the projected area and the radius of "
                       "gyration of the image; the model is that of spheres (granulated 2012) or that of "
                       "voxels (voxel 2018), as told with each analysis.";
    }
    return {};
}

void add_analysis_settings(Section& section, const std::vector<AnalysisRecord>& analyses) {
    Sentences settings;
    for (const AnalysisRecord& each : analyses) {
        const std::string text = parameters_text(each.document.value("parameters", Json()), {});
        const std::string version = text_at(each.document, "version");
        if (text.empty()) continue;
        settings.items.push_back(Text() << each.handle << " (" << method_name(each) << "): " << text
                                        << std::string(version.empty() ? "" : "; version ")
                                        << one_line(version, 40) << " of the analysis plugin.");
    }
    if (settings.items.empty()) return;
    section.blocks.emplace_back(Text("The settings of the analyses, with defaults filled in:"));
    section.blocks.emplace_back(std::move(settings));
}

// The smallest seed of the completed runs; none when they had none.
std::string first_seed_of(const StudyRecord& study) {
    std::optional<std::int64_t> first;
    for (const RunRecord& run : study.runs) {
        const auto seed = run.parameters.find("seed");
        if (seed == run.parameters.end() || !seed->is_number_integer()) continue;
        first = std::min(first.value_or(seed->get<std::int64_t>()), seed->get<std::int64_t>());
    }
    return first ? std::to_string(*first) : "";
}

// A study has no table of settings, so all that its runs have in common is told here.
void add_what_runs_share(Section& section, const StudyRecord& study, const std::vector<std::string>& varied) {
    Text text;
    const Json base = study.about.value("base_parameters", Json::object());
    if (const std::string shared = parameters_text(base, {"name", "project_id"}); !shared.empty())
        text << "All runs have in common: " << shared << ". ";
    std::set<std::string> told{"seed", "name", "project_id"};
    told.insert(varied.begin(), varied.end());
    if (base.is_object())
        for (const auto& [name, value] : base.items()) told.insert(name);
    const Json sample = study.sample.is_object() ? study.sample : Json::object();
    if (const std::string rest = parameters_text(sample.value("parameters", Json()), told); !rest.empty())
        text << "The tool's defaults for the others are: " << rest << ". ";
    if (const std::string seed = first_seed_of(study); !seed.empty())
        text << "The smallest seed of the completed runs is " << seed << ". ";
    if (const std::string version = text_at(sample, "version"); !version.empty())
        text << "The simulations were made by version " << one_line(version, 40)
             << " of the simulation plugin.";
    else
        text << "The study's table does not say by which version of the tool the runs were made.";
    section.blocks.emplace_back(std::move(text));
}

// How the study's algorithms work and how the numbers are defined, unless simulations have told it.
void add_algorithms(Section& section, const StudyRecord& study) {
    std::set<std::string> told;
    for (const RunRecord& run : study.runs) {
        const std::string name = text_at(as_simulation(study, run), "algorithm");
        if (name.empty() || !told.insert(name).second) continue;
        if (Text sentence = method_of(name); !sentence.empty())
            section.blocks.emplace_back(std::move(sentence));
    }
    if (!told.empty()) section.blocks.emplace_back(definitions());
}

void add_study(Section& section, const StudyRecord& study) {
    const std::string name = one_line(text_at(study.about, "name")), tool = text_at(study.about, "tool");
    Text text;
    text << "The study " << study.handle;
    if (!name.empty()) text << " (" << name << ")";
    text << " ran the tool " << one_line(tool);
    const std::vector<std::string> varied = varied_parameters(study);
    if (!varied.empty()) {
        text << " over all combinations of ";
        for (std::size_t i = 0; i < varied.size(); ++i)
            text << std::string(i == 0                   ? ""
                                : i + 1 == varied.size() ? " and "
                                                         : ", ")
                 << spoken(one_line(varied[i], 60)) << " ("
                 << one_line(study.about["parameter_grid"][varied[i]].dump(), 300) << ")";
    }
    const Json grid = study.about.value("parameter_grid", Json());
    if (grid.is_object() && grid.contains("seed"))
        text << ", with the seeds " << one_line(grid["seed"].dump(), 300);
    else if (const auto seeds = study.about.find("seeds_per_combination");
             seeds != study.about.end() && seeds->is_number_integer())
        text << ", with " << counted(seeds->get<std::size_t>(), "seed") << " for each combination";
    text << ".";
    section.blocks.emplace_back(std::move(text));
    add_what_runs_share(section, study, varied);
}

}  // namespace

Section methods_section(const Material& material) {
    Section section{"Methods", {}};
    if (!material.simulations.empty()) add_simulations(section, material.simulations);
    std::set<std::string> told;
    for (const AnalysisRecord& each : material.analyses)
        if (told.insert(each.method).second)
            if (Text text = method_of_analysis(each.method); !text.empty())
                section.blocks.emplace_back(std::move(text));
    add_analysis_settings(section, material.analyses);
    if (material.study) {
        add_study(section, *material.study);
        if (material.simulations.empty()) add_algorithms(section, *material.study);
        if (Text text = method_of_analysis(analysis_after(*material.study));
            !text.empty() && told.insert(analysis_after(*material.study)).second)
            section.blocks.emplace_back(std::move(text));
    }
    if (!material.comparisons.empty())
        section.blocks.emplace_back(Text(
            "The comparisons take what the simulations report; standard deviations are those of a sample."));
    return section;
}

}  // namespace assistd::exporting
