#pragma once
// The tables of reports, from what simulations, analyses and studies say of themselves. What one does not say
// is a dash. Pure functions.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "material.h"
#include "report/document.h"
#include "statistics.h"

namespace assistd::exporting {

// How each was made: algorithm, dimensions, N, a, seed, version. `with_parameters`: and its other parameters
// by their names, where any has some.
Table settings_table(const std::vector<SimulationRecord>& simulations, bool with_parameters = false);
// "sticking probability 0.5, sintering 1": those of a simulation that are in no column of their own.
std::string other_parameters(const Json& metadata);
// The same of any parameters, without those that are told elsewhere.
std::string parameters_text(const Json& parameters, const std::set<std::string>& elsewhere);
// What came of each: Df, kf, R^2, Rg/a, coordination, porosity.
Table results_table(const std::vector<SimulationRecord>& simulations);
// How well tunable clusters keep to their target; without rows when none is one.
Table targets_table(const std::vector<SimulationRecord>& simulations);
Table analyses_table(const std::vector<AnalysisRecord>& analyses);
// Mean and standard deviation of each combination of the varied parameters.
Table study_table(const StudyRecord& study);

// A study's runs, by the values of the varied parameters and in the order of their first run.
struct Combination {
    std::vector<std::string> values;  // of the study's varied parameters
    std::vector<const RunRecord*> runs;
};
// All of the grid but the seed, which tells runs of one combination apart.
std::vector<std::string> varied_parameters(const StudyRecord& study);
std::vector<Combination> combinations_of(const StudyRecord& study);

// The spread of a metric over runs; none when no run reports it.
std::optional<Spread> spread_of(const StudyRecord& study, const std::vector<const RunRecord*>& runs,
                                const std::string& metric);

// "1.62 ± 0.02 (n particles 64) to 1.75 ± 0.01 (n particles 512); errors are those of the means." of the
// study's fractal dimension; none when it has fewer than two combinations that differ.
std::optional<Text> range_of_means(const StudyRecord& study);

// "run_cca_simulation" as people say it: "run cca simulation".
std::string spoken(std::string name);

// A fractal dimension that an analysis found. A correlation analysis finds two.
struct AnalysedDf {
    std::string method;  // "box counting", "sandbox"
    double df = 0;
    double error = 0;  // 0 when the analysis gives none
    Json fit;          // the object that holds it, with "r_squared", "confidence_95" …
};
// "box counting"; of a projected image with its model: "fraktal, granulated 2012".
std::string method_name(const AnalysisRecord& analysis);
std::vector<AnalysedDf> dimensions_of(const AnalysisRecord& analysis);

}  // namespace assistd::exporting
