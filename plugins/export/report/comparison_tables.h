#pragma once
// The tables of a comparison, as compare_simulations stores it. Pure functions.

#include "assistd/plugin.hpp"
#include "report/document.h"

namespace assistd::exporting {

// Least and most of each metric and, unless they are of several kinds, mean and standard deviation.
Table comparison_table(const Json& comparison);
// The same of each kind, a row for each; without rows when all are of one kind.
Table kinds_table(const Json& comparison);
// The comparison's correlations; of several kinds only those within one, which some stored long ago have not.
Json correlations_of(const Json& comparison);
// Which quantities vary together; without rows when the comparison holds none.
Table correlations_table(const Json& comparison);

}  // namespace assistd::exporting
