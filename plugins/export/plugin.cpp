#include "assistd/plugin.hpp"

#include "report/tools.h"
#include "tools.h"

ASSISTD_PLUGIN(tools) {
    using namespace assistd::exporting;
    tools.add<GeometryArguments>("export_geometry", export_geometry);
    tools.add<TableArguments>("export_simulation_csv", export_simulation_csv);
    tools.add<StudyTableArguments>("export_study_csv", export_study_csv);
    tools.add<ComparisonTableArguments>("export_comparison_csv", export_comparison_csv);
    tools.add<PlotArguments>("generate_plot", generate_plot);
    tools.add<ImageArguments>("render_3d_image", render_3d_image);
    tools.add<LatexTableArguments>("export_latex_table", export_latex_table);
    tools.add<ReportArguments>("generate_latex_report", generate_latex_report);
    tools.add<ReportArguments>("generate_docx_report", generate_docx_report);
    tools.add<SummaryArguments>("generate_quick_summary", generate_quick_summary);
}
