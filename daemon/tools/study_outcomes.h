#pragma once
// What single runs of a study tell beside its means: why some failed, and which have the most or the least of
// a number. Coroutines over core::Studies, any thread.

#include <nlohmann/json.hpp>
#include <string>

#include "core/study.h"

namespace assistd::tools {

// "n_particles=100, dimensions=2"; "all runs" of no parameters.
std::string short_text(const nlohmann::ordered_json& parameters);

// [{"message", "runs", "first", "name", "description"}]: the reasons, that of the most runs first, at most
// five.
Task<nlohmann::ordered_json> failures_of(core::Studies& studies, core::Study study);
// " Failed (2 runs, the first run 3): The box is too small."
std::string told_failures(const nlohmann::ordered_json& failures);

// [{"name", "description", "run", "value", "parameters", "artifacts"}]: the runs with the most of the number
// first, or those with the least. Empty when no run tells it. `unit`: as unit_after() tells it.
Task<nlohmann::ordered_json> ranked_runs(core::Studies& studies, core::Study study, std::string metric,
                                         bool highest, std::string unit);

// The number over all runs that have completed, whatever their parameters; of none its count is 0.
Task<core::MetricSummary> metric_of_runs(core::Studies& studies, core::Study study, std::string metric);
// " Over 6 runs df has the mean 2.04 ± 0.08 (standard error) and the standard deviation 0.19, from …"
std::string told_overall(const core::Study& study, const core::MetricSummary& all, const std::string& unit);

}  // namespace assistd::tools
