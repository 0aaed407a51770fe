#include "assistd/plugin.hpp"

#include "stored_tools.h"
#include "tools.h"

ASSISTD_PLUGIN(tools) {
    using namespace assistd::analysis;
    tools.add<BoxCountingArguments>("run_box_counting", run_box_counting);
    tools.add<ComparisonArguments>("compare_simulations", compare_simulations);
    tools.add<FraktalArguments>("run_fraktal_analysis", run_fraktal_analysis);
    tools.add<FraktalImageArguments>("run_fraktal_from_image", run_fraktal_from_image);
    tools.add<CorrelationArguments>("run_correlation_analysis", run_correlation_analysis);
    tools.add<StudyAnalysisArguments>("analyze_parametric_study", analyze_parametric_study);
    tools.add<StoredBoxCountingArguments>("get_box_counting_results", get_box_counting_results);
    tools.add<StoredFraktalArguments>("get_fraktal_results", get_fraktal_results);
    tools.add<ListArguments>("list_analyses", list_analyses);
}
