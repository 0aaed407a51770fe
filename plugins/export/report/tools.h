#pragma once
// The tools that write tables and reports, and what they take. Run on the call's thread.

#include <string>
#include <vector>

#include "assistd/plugin.hpp"

namespace assistd::exporting {

struct LatexTableArguments {
    std::vector<Artifact> sources;
    std::string table = "results";
    std::string errors = "plus_minus";
    bool siunitx = false;
    bool with_content = true;
};
void describe(Fields<LatexTableArguments>& fields);
Result export_latex_table(Call& call, const LatexTableArguments& arguments);

struct ReportArguments {
    std::vector<Artifact> sources;
    std::string title;
    bool figures = true;
};
void describe(Fields<ReportArguments>& fields);
Result generate_latex_report(Call& call, const ReportArguments& arguments);
Result generate_docx_report(Call& call, const ReportArguments& arguments);

struct SummaryArguments {
    std::vector<Artifact> sources;
    std::string title;
    std::string format = "markdown";
};
void describe(Fields<SummaryArguments>& fields);
Result generate_quick_summary(Call& call, const SummaryArguments& arguments);

}  // namespace assistd::exporting
