#pragma once
// Which numbers of a study's runs are told in a sentence, how, and in which unit. Pure functions on any
// thread, but for the coroutine over core::Studies.

#include <string>
#include <vector>

#include "core/study.h"

namespace assistd::tools {

// What is told of every combination: symbols (df, kf, rg) first, and an analysis' "run_box_counting.df"
// beside the df that it is compared with. Standard errors are no metrics of their own; a mean of them says
// nothing. At most four.
std::vector<std::string> told_metrics(const std::vector<core::StudyCombination>& combinations);

// What the runs' lengths are in: the length_unit that they were given, "a" when all have particles of radius
// 1, otherwise nothing.
Task<std::string> length_unit(core::Studies& studies, core::Study study);

// " nm", " nm²" of what is a length or an area, " a" of what is always in radii; nothing of other numbers.
std::string unit_after(const std::string& metric, const std::string& length_unit);

// ", mean ± standard deviation: df = 1.78 ± 0.04, rg = 13.0 ± 1.2 nm"
std::string told_means(const core::StudyCombination& combination, const std::vector<std::string>& metrics,
                       const std::string& length_unit);

}  // namespace assistd::tools
