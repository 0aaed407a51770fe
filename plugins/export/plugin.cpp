#include "assistd/plugin.hpp"

#include "tools.h"

ASSISTD_PLUGIN(tools) {
    using namespace assistd::exporting;
    tools.add<GeometryArguments>("export_geometry", export_geometry);
    tools.add<TableArguments>("export_simulation_csv", export_simulation_csv);
    tools.add<PlotArguments>("generate_plot", generate_plot);
}
