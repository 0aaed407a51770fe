#pragma once
// The plugin's tools, one function each, as ASSISTD_PLUGIN registers them.

#include <assistd/plugin.hpp>

namespace assistd::simulation {

Result list_algorithms(Call& call, const Json& arguments);
Result run_simulation(Call& call, const Json& arguments);
Result list_simulations(Call& call, const Json& arguments);
Result get_simulation_details(Call& call, const Json& arguments);
Result run_dla_simulation(Call& call, const Json& arguments);
Result run_ballistic_simulation(Call& call, const Json& arguments);
Result run_ballistic_cc_simulation(Call& call, const Json& arguments);
Result run_eden_simulation(Call& call, const Json& arguments);
Result run_cca_simulation(Call& call, const Json& arguments);
Result run_tunable_simulation(Call& call, const Json& arguments);
Result run_limiting_case(Call& call, const Json& arguments);

}  // namespace assistd::simulation
