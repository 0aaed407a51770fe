#include "assistd/plugin.hpp"

#include "tools.h"

ASSISTD_PLUGIN(tools) {
    using namespace assistd::exporting;
    tools.add<GeometryArguments>("export_geometry", export_geometry);
    tools.add<TableArguments>("export_simulation_csv", export_simulation_csv);
    tools.add<StudyTableArguments>("export_study_csv", export_study_csv);
    tools.add<ComparisonTableArguments>("export_comparison_csv", export_comparison_csv);
    tools.add<PlotArguments>("generate_plot", generate_plot);
    tools.add<ImageArguments>("render_3d_image", render_3d_image);
}
