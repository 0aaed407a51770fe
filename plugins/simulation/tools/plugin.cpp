#include <assistd/plugin.hpp>

#include "engine/observer.h"
#include "tools/tools.h"

namespace {

// The engine's word for "cancelled" becomes the plugin API's.
template <assistd::Result (*tool)(assistd::Call&, const assistd::Json&)>
assistd::Result stoppable(assistd::Call& call, const assistd::Json& arguments) {
    try {
        return tool(call, arguments);
    } catch (const assistd::simulation::Stopped&) {
        throw assistd::Cancelled();
    }
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("list_algorithms", stoppable<assistd::simulation::list_algorithms>);
    tools.add("run_simulation", stoppable<assistd::simulation::run_simulation>);
    tools.add("list_simulations", stoppable<assistd::simulation::list_simulations>);
    tools.add("get_simulation_details", stoppable<assistd::simulation::get_simulation_details>);
    tools.add("run_dla_simulation", stoppable<assistd::simulation::run_dla_simulation>);
    tools.add("run_ballistic_simulation", stoppable<assistd::simulation::run_ballistic_simulation>);
    tools.add("run_ballistic_cc_simulation", stoppable<assistd::simulation::run_ballistic_cc_simulation>);
    tools.add("run_eden_simulation", stoppable<assistd::simulation::run_eden_simulation>);
    tools.add("run_cca_simulation", stoppable<assistd::simulation::run_cca_simulation>);
    tools.add("run_tunable_simulation", stoppable<assistd::simulation::run_tunable_simulation>);
    tools.add("run_limiting_case", stoppable<assistd::simulation::run_limiting_case>);
}
