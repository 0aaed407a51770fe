#pragma once
// The trend of a metric with one parameter of a grid within each combination of the others. Pure functions
// and values.
//
// Block regression. The runs of one combination of the other parameters are a block b. With x the parameter
// and y the metric of a run, or their logarithms as the law of the trend says, and the means of each block
// taken off,
//     slope = sum (x - x_b) (y - y_b) / sum (x - x_b)^2
// so that what the other parameters do to y is in the means of the blocks and not in the spread. Of n runs in
// B blocks the residuals have n - B - 1 degrees of freedom,
//     error^2 = sum (y - y_b - slope (x - x_b))^2 / (n - B - 1) / sum (x - x_b)^2
// A block with one value of the parameter says nothing of it and is left out.

#include <optional>

#include "study/trends.h"

namespace assistd::analysis {

// Nothing when no combination of `others` has two values of the parameter.
std::optional<Trend> trend_within(const std::string& parameter, const std::vector<std::string>& others,
                                  const std::vector<StudyRun>& runs, const std::string& metric);

}  // namespace assistd::analysis
