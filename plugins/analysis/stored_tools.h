#pragma once
// The tools that tell what was analysed before: get_box_counting_results, get_fraktal_results, list_analyses.
// Run on the call's thread.

#include <optional>
#include <string>

#include "assistd/plugin.hpp"

namespace assistd::analysis {

struct StoredArguments {
    std::optional<Artifact> analysis;
    std::optional<Artifact> source;  // a simulation, or an image
};
struct StoredBoxCountingArguments : StoredArguments {};
struct StoredFraktalArguments : StoredArguments {};
void describe(Fields<StoredBoxCountingArguments>& fields);
void describe(Fields<StoredFraktalArguments>& fields);
Result get_box_counting_results(Call& call, const StoredBoxCountingArguments& arguments);
Result get_fraktal_results(Call& call, const StoredFraktalArguments& arguments);

enum class AnalysisType { any, box_counting, fraktal, correlation, parametric_study };
void describe(Names<AnalysisType>& names);
struct ListArguments {
    AnalysisType type = AnalysisType::any;
    std::optional<Artifact> source;
    std::string project_id;
    int limit = 20;
};
void describe(Fields<ListArguments>& fields);
Result list_analyses(Call& call, const ListArguments& arguments);

}  // namespace assistd::analysis
