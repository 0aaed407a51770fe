#pragma once
// The plugin's tools, one file each. Run on the call's thread.

#include "assistd/plugin.hpp"

namespace assistd::exporting {

Result export_geometry(Call& call, const Json& arguments);
Result export_simulation_csv(Call& call, const Json& arguments);
Result generate_plot(Call& call, const Json& arguments);

}  // namespace assistd::exporting
