#include "assistd/plugin.hpp"

#include "tools.h"

ASSISTD_PLUGIN(tools) {
    tools.add("export_geometry", assistd::exporting::export_geometry);
    tools.add("export_simulation_csv", assistd::exporting::export_simulation_csv);
    tools.add("generate_plot", assistd::exporting::generate_plot);
}
