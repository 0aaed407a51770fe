#pragma once
// What came of a study as JSON: the same for models, for programs and in the table that is kept. Pure
// functions; any thread.

#include <nlohmann/json_fwd.hpp>

#include "core/study.h"

namespace assistd::core {

// {"waiting", "running", "completed", "failed"}: its runs.
nlohmann::ordered_json counts_json(const Study& study);
// {"run", "status", "parameters", "metrics", "artifacts", "warnings", "error"?}
nlohmann::ordered_json to_json(const StudyRun& run);
// {"count", "mean", "std", "min", "max"}: the deviation of a single value is null.
nlohmann::ordered_json to_json(const MetricSummary& metric);
// {"parameters", "completed", "failed", "metrics": {NAME: {"count", "mean", "std", "min", "max"}},
//  "warnings": [{"text", "runs"}]}
nlohmann::ordered_json to_json(const StudyCombination& combination);

}  // namespace assistd::core
