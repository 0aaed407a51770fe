#pragma once
// What a plot or a report is made from: simulations, analyses and a study, read once. Values; everything that
// reads throws Failure with a sentence for people.

#include <optional>
#include <string>
#include <vector>

#include "assistd/plugin.hpp"

namespace assistd::exporting {

// What a simulation said of itself (plugins/simulation/README.md).
struct SimulationRecord {
    std::string handle;
    Json metadata;
    bool by_analysis = false;  // known from the analysis of it, which carries its words
};

struct AnalysisRecord {
    std::string handle;
    std::string method;      // "box_counting", "correlation", "fraktal", "parametric_study" …
    std::string simulation;  // its handle; may be empty
    Json document;
};

// A completed run of a study.
struct RunRecord {
    std::int64_t number = 0;
    Json parameters;
    Json metrics;
    std::string simulation;                  // that it made; may be empty
    std::vector<std::string> warnings = {};  // of that simulation, as look_up() finds them
};

struct StudyRecord {
    std::string handle;
    Json about;  // "name", "tool", "base_parameters", "parameter_grid", "seeds_per_combination" …
    std::vector<RunRecord> runs;
    std::size_t failed = 0;
    std::size_t unfinished = 0;
    // What one of its simulations says of itself; null when none could be looked up.
    Json sample;

    // A number of a run: of its metrics, its own parameters or those of all runs; none when it has none.
    std::optional<double> number(const RunRecord& run, const std::string& name) const;
    // The metric that is the fractal dimension: of the growth, or of the analysis that followed each run.
    // Empty when no run reports one.
    std::string df_metric() const;
    // The parameters with more than one value; a seed is none.
    std::vector<std::string> varied() const;
    // Of its runs' lengths, as length_unit_of() says it; empty for a tool that is no simulation, whose "rg"
    // may be anything.
    std::string length_unit() const;
};

struct Material {
    std::vector<SimulationRecord> simulations;
    std::vector<AnalysisRecord> analyses;
    std::vector<Json> comparisons;  // as compare_simulations stores them
    std::optional<StudyRecord> study;
    std::string parameter = {};  // of the study, to plot against; empty: the one that was varied
};

// Reads what the handles name, each once, in their order. An analysis brings the simulation that it carries
// along, unless that is named too. Refuses a second study.
Material read_material(const std::vector<Artifact>& sources, const std::string& field);

// A comparison brings its simulations along: as the catalogue has them, else with what the comparison holds
// of them. A study gets its `sample`, and its runs their warnings.
void look_up(Material& material, const Catalogue& catalogue);

// The sentences with which a simulation or an analysis warns.
std::vector<std::string> warnings_in(const Json& said);

// What the runs of a study warned of. A study's table has their numbers only, so the simulations are asked;
// of one that is gone, and of those beyond what a call may ask, R^2 tells whether the fit was poor. One
// thread.
class WarningsOfRuns {
  public:
    explicit WarningsOfRuns(const Catalogue& catalogue) : catalogue_(catalogue) {}
    std::vector<std::string> of(const std::string& simulation, const Json& metrics);

  private:
    static constexpr int most_asked = 900;  // a call may ask 1,000 times

    const Catalogue& catalogue_;
    int asked_ = 0;
};

// One study; 10,000 runs take little more memory than their numbers.
StudyRecord read_study(const Artifact& study, const std::string& field);

}  // namespace assistd::exporting
