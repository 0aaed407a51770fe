// What people say to have something plotted, tabulated and reported, and what must run for it.

#include "sentences.h"

namespace assistd::test {

const std::vector<Row> report_sentences{
    // Plots of all kinds, tables and reports.
    {"plot Rg against N for the last one as pdf",
     R"(generate_plot {"format":"pdf","plot":"rg_vs_n","source":"simulation-7"})"},
    {"plot df vs n of simulation-5", R"(generate_plot {"plot":"df_vs_n","source":"simulation-5"})"},
    {"show me the fractal dimension against the number of particles",
     R"(generate_plot {"plot":"df_vs_n","source":"simulation-7"})"},
    {"plot the pair correlation of simulation-5 as pdf",
     R"(generate_plot {"format":"pdf","plot":"pair_correlation","source":"simulation-5"})"},
    {"draw the pair correlation function",
     R"(generate_plot {"plot":"pair_correlation","source":"simulation-7"})"},
    {"plot the coordination numbers of it",
     R"(generate_plot {"plot":"coordination","source":"simulation-7"})"},
    {"make me a histogram of the coordination number of simulation-6",
     R"(generate_plot {"plot":"coordination","source":"simulation-6"})"},
    {"plot the distribution of Df of the last study",
     R"(generate_plot {"plot":"df_distribution","source":"study-3"})"},
    {"show me a histogram of the fractal dimension of study-3 as png at 600 dpi",
     R"(generate_plot {"dpi":600,"format":"png","plot":"df_distribution","source":"study-3"})"},
    {"plot df vs n of study-3", R"(generate_plot {"plot":"df_vs_n","source":"study-3"})"},
    {"plot simulation-5 and simulation-6 in one plot",
     R"(generate_plot {"overlay":["simulation-5","simulation-6"],"source":"simulation-5"})"},
    {"plot Rg against N of simulation-5 and simulation-6 in one figure as pdf",
     R"(generate_plot {"format":"pdf","overlay":["simulation-5","simulation-6"],"plot":"rg_vs_n","source":"simulation-5"})"},
    {"overlay the growth curves of simulation-5 and simulation-6",
     R"(generate_plot {"overlay":["simulation-5","simulation-6"],"plot":"rg_vs_n","source":"simulation-5"})"},
    {"overlay the last three simulations",
     R"(generate_plot {"overlay":["simulation-5","simulation-6","simulation-7"],"source":"simulation-5"})"},
    {"plot the last two simulations in one figure",
     R"(generate_plot {"overlay":["simulation-6","simulation-7"],"source":"simulation-6"})"},
    {"plot Df against N for simulations 5, 6 and 7 in one plot",
     R"(generate_plot {"overlay":["simulation-5","simulation-6","simulation-7"],"plot":"df_vs_n","source":"simulation-5"})"},
    {"plot the pair correlation of simulation-5 and simulation-6 in one plot",
     R"(generate_plot {"overlay":["simulation-5","simulation-6"],"plot":"pair_correlation","source":"simulation-5"})"},
    {"plot the distribution of Df over the last three simulations",
     R"(generate_plot {"overlay":["simulation-5","simulation-6","simulation-7"],"plot":"df_distribution","source":"simulation-5"})"},
    {"make a latex table of simulation-5 and simulation-6",
     R"(export_latex_table {"sources":["simulation-5","simulation-6"]})"},
    {"export it as a LaTeX table with siunitx",
     R"(export_latex_table {"siunitx":true,"sources":["simulation-7"]})"},
    {"give me a latex table of the last three simulations with errors in parentheses",
     R"(export_latex_table {"errors":"parentheses","sources":["simulation-5","simulation-6","simulation-7"]})"},
    {"put the results of study-3 into a latex table", R"(export_latex_table {"sources":["study-3"]})"},
    {"export the results of simulation-5 as latex", R"(export_latex_table {"sources":["simulation-5"]})"},
    {"write a report", R"(generate_latex_report {"sources":["simulation-7"]})"},
    {"write a report about simulation-5 and analysis-4",
     R"(generate_latex_report {"sources":["simulation-5","analysis-4"]})"},
    {"generate a LaTeX report of it", R"(generate_latex_report {"sources":["simulation-7"]})"},
    {R"(prepare a report on the last two simulations called "Two clusters")",
     R"(generate_latex_report {"sources":["simulation-6","simulation-7"],"title":"Two clusters"})"},
    {"write a latex report about study-3 without figures",
     R"(generate_latex_report {"figures":false,"sources":["study-3"]})"},
    {"write up simulation-5", R"(generate_latex_report {"sources":["simulation-5"]})"},
    {"create a Word report of simulation-5", R"(generate_docx_report {"sources":["simulation-5"]})"},
    {"make a docx of it", R"(generate_docx_report {"sources":["simulation-7"]})"},
    {"export simulation-5 and simulation-6 as a word document",
     R"(generate_docx_report {"sources":["simulation-5","simulation-6"]})"},
    {"write a report about the last study in word", R"(generate_docx_report {"sources":["study-3"]})"},
    {"give me a word report", R"(generate_docx_report {"sources":["simulation-7"]})"},
    {"summarize it", R"(generate_quick_summary {"sources":["simulation-7"]})"},
    {"give me a quick summary of simulation-5 as plain text",
     R"(generate_quick_summary {"format":"text","sources":["simulation-5"]})"},
    {"summarise the last three simulations",
     R"(generate_quick_summary {"sources":["simulation-5","simulation-6","simulation-7"]})"},
    {"quick summary", R"(generate_quick_summary {"sources":["simulation-7"]})"},
    {"what are the main results of study-3?", R"(generate_quick_summary {"sources":["study-3"]})"},
    {"run a dla simulation with 300 particles, analyze it and write a report about it",
     R"(run_dla_simulation {"n_particles":300} > run_box_counting {"simulation":"simulation-101"} > generate_latex_report {"sources":["analysis-101"]})"},
};

TEST(Sentences, AskForPlotsTablesAndReports) {
    check_sentences(report_sentences, furnish_owner);
}

// A report stands for what it was made of.
TEST(Sentences, MeanReports) {
    const std::vector<Row> rows{
        {"summarize the report", R"(generate_quick_summary {"sources":["report-1"]})"},
        {"sum up the last report", R"(generate_quick_summary {"sources":["report-1"]})"},
        {"give me a short summary of report-1", R"(generate_quick_summary {"sources":["report-1"]})"},
        {"summarize simulation-7", R"(generate_quick_summary {"sources":["simulation-7"]})"},
    };
    check_sentences(rows, [](Conversation& conversation) {
        furnish_owner(conversation);
        conversation.artifacts->put("report-1", "generate_latex_report");
    });
}

}  // namespace assistd::test
