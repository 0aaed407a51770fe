#include <assistd/plugin.hpp>

#include "tools/tools.h"

ASSISTD_PLUGIN(tools) {
    using namespace assistd::simulation;
    tools.add<assistd::NoArguments>("list_algorithms", list_algorithms);
    tools.add("run_simulation", run_simulation_input, run_simulation);
    tools.add<ListArguments>("list_simulations", list_simulations);
    tools.add<DetailsArguments>("get_simulation_details", get_simulation_details);
    tools.add<DlaArguments>("run_dla_simulation", run_dla_simulation);
    tools.add<GrowthArguments>("run_ballistic_simulation", run_ballistic_simulation);
    tools.add<GrowthArguments>("run_ballistic_cc_simulation", run_ballistic_cc_simulation);
    tools.add<EdenArguments>("run_eden_simulation", run_eden_simulation);
    tools.add<CcaArguments>("run_cca_simulation", run_cca_simulation);
    tools.add<TunableArguments>("run_tunable_simulation", run_tunable_simulation);
    tools.add<LimitingArguments>("run_limiting_case", run_limiting_case);
}
