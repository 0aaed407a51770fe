#pragma once
// The plugin's tools, one file each. Run on the call's thread.

#include "assistd/plugin.hpp"

namespace assistd::analysis {

Result run_box_counting(Call& call, const Json& arguments);
Result compare_simulations(Call& call, const Json& arguments);

}  // namespace assistd::analysis
