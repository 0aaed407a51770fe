#include "report/tools.h"

#include "inline_content.h"
#include "material.h"
#include "report/comparison_tables.h"
#include "report/docx.h"
#include "report/latex.h"
#include "report/markdown.h"
#include "report/report.h"
#include "report/tables.h"
#include "report/zip.h"

namespace assistd::exporting {
namespace {

constexpr const char* what_to_report =
    "What to report: simulations, analyses, comparisons and at most one study, up to 100 in all. An analysis "
    "brings "
    "the simulation that it is of along";

constexpr const char* what_to_sum_up =
    "What to sum up: simulations, analyses, comparisons and at most one study, up to 100 in all. An analysis "
    "brings the simulation that it is of along, a report what it was made of";

// The handles in their order, each once.
Json handles_of(const std::vector<Artifact>& sources) {
    Json handles = Json::array();
    for (const Artifact& source : sources)
        if (std::find(handles.begin(), handles.end(), source.handle()) == handles.end())
            handles.push_back(source.handle());
    return handles;
}

// A report stands for what it was made of.
std::vector<Artifact> without_reports(Call& call, const std::vector<Artifact>& named) {
    std::vector<Artifact> sources;
    for (const Artifact& each : named) {
        if (each.kind() != "report") {
            sources.push_back(each);
            continue;
        }
        const std::string report(each.handle());
        const Json made_of = each.metadata().value("sources", Json());
        if (!made_of.is_array() || made_of.empty())
            throw invalid_argument("sources",
                                   report + " does not say what it was made of, so it cannot be summed up.");
        for (const Json& handle : made_of) {
            try {
                sources.push_back(call.catalogue().open(handle.get<std::string>()));
            } catch (const Failure&) {
                throw invalid_argument("sources", report + " was made of " + handle.get<std::string>() +
                                                      ", which cannot be looked up any more. Name what else "
                                                      "is to be summed up.");
            }
        }
    }
    return sources;
}

std::string stem_of(const std::vector<Artifact>& sources) {
    const std::size_t others = handles_of(sources).size() - 1;
    return std::string(sources.front().handle()) +
           (others > 0 ? "-and-" + std::to_string(others) + "-more" : "");
}

Report read_report(Call& call, const ReportArguments& arguments) {
    Material material = read_material(arguments.sources, "sources");
    look_up(material, call.catalogue());
    call.check_cancelled();
    call.progress(0.3, "writing");
    return write_report(material, arguments.title, arguments.figures);
}

std::size_t figures_of(const Document& document) {
    std::size_t count = 0;
    for (const Section& section : document.sections)
        for (const Block& block : section.blocks) count += std::holds_alternative<Figure>(block) ? 1 : 0;
    return count;
}

Result store(Call& call, const ReportArguments& arguments, const Report& report, const std::string& format,
             const std::string& media_type, const std::string& extension, const std::string& bytes) {
    const std::string name = stem_of(arguments.sources) + "-report." + extension;
    Json data{{"sources", handles_of(arguments.sources)},
              {"file", name},
              {"format", format},
              {"size", bytes.size()},
              {"title", report.document.title},
              {"figures", figures_of(report.document)},
              {"references", report.document.references.size()},
              {"warnings", report.warnings},
              {"left_out", report.left_out}};
    Json metadata = data;
    metadata["name"] = report.document.title;
    call.check_cancelled();
    call.write_artifact("report", name, media_type, bytes, metadata);
    std::string summary = "Wrote " + name + ": \"" + report.document.title + "\" with " +
                          counted(figures_of(report.document), "figure") + " and " +
                          counted(report.document.references.size(), "reference") + ".";
    for (const std::string& sentence : report.left_out) summary += " " + sentence;
    return {data, summary};
}

Table table_from(const LatexTableArguments& arguments, const Material& material) {
    if (material.study) return study_table(*material.study);
    if (!material.comparisons.empty()) {
        Table kinds = kinds_table(material.comparisons.front());
        return kinds.rows.empty() ? comparison_table(material.comparisons.front()) : kinds;
    }
    // An analysis alone means its own results, not those of the simulation that it carries.
    const bool is_analysis = !material.analyses.empty() && arguments.sources.front().kind() == "analysis";
    if (is_analysis) return analyses_table(material.analyses);
    for (const SimulationRecord& each : material.simulations)
        if (!each.metadata.contains("rg") && !each.metadata.contains("df"))
            throw invalid_argument("sources", each.handle + " reports no results for a table.");
    return arguments.table == "settings" ? settings_table(material.simulations, true)
                                         : results_table(material.simulations);
}

void check_kinds(const std::vector<Artifact>& sources) {
    for (const Artifact& source : sources)
        if (source.kind() != sources.front().kind())
            throw invalid_argument("sources",
                                   "A table is of simulations, of analyses, of one comparison or of one "
                                   "study; " +
                                       std::string(sources.front().handle()) + " and " +
                                       std::string(source.handle()) + " are of two kinds.");
    if (sources.front().kind() == "comparison" && handles_of(sources).size() > 1)
        throw invalid_argument("sources", "A table is of one comparison; these are " +
                                              std::to_string(handles_of(sources).size()) + ".");
}

}  // namespace

void describe(Fields<LatexTableArguments>& fields) {
    using Arguments = LatexTableArguments;
    fields
        .required("sources", &Arguments::sources,
                  "What to tabulate: one or several simulations, or several analyses, or one comparison, or "
                  "one study")
        .kinds({"simulation", "analysis", "comparison", "study"})
        .items(1, 100);
    fields
        .optional("table", &Arguments::table,
                  "Of simulations: results (Df, kf, R^2, Rg, coordination, porosity) or settings (how each "
                  "was made)")
        .one_of({"results", "settings"});
    fields
        .optional(
            "errors", &Arguments::errors,
            "How errors stand beside their numbers: plus_minus is 2.405 \u00b1 0.007, parentheses 2.405(7)")
        .one_of({"plus_minus", "parentheses"});
    fields.optional("siunitx", &Arguments::siunitx, "Write numbers as \\num{} of the package siunitx");
    fields.optional("inline", &Arguments::with_content, "Also return the text when it is at most 50 kB");
}

void describe(Fields<ReportArguments>& fields) {
    using Arguments = ReportArguments;
    fields.required("sources", &Arguments::sources, what_to_report)
        .kinds({"simulation", "analysis", "study", "comparison"})
        .items(1, 100);
    fields.optional("title", &Arguments::title, "The report's title; made of the sources when left out")
        .max_length(200);
    fields.optional("figures", &Arguments::figures, "Whether figures are part of the report");
}

void describe(Fields<SummaryArguments>& fields) {
    using Arguments = SummaryArguments;
    fields.required("sources", &Arguments::sources, what_to_sum_up)
        .kinds({"simulation", "analysis", "study", "comparison", "report"})
        .items(1, 100);
    fields.optional("title", &Arguments::title, "The summary's title; made of the sources when left out")
        .max_length(200);
    fields.optional("format", &Arguments::format, "markdown, or text without any markup")
        .one_of({"markdown", "text"});
}

Result export_latex_table(Call& call, const LatexTableArguments& arguments) {
    check_kinds(arguments.sources);
    const Material material = read_material(arguments.sources, "sources");
    const Table table = table_from(arguments, material);
    LatexStyle style;
    style.siunitx = arguments.siunitx;
    if (arguments.errors == "parentheses") style.errors = ErrorStyle::parentheses;
    const std::string text = std::string("% Needs \\usepackage{array,booktabs") +
                             (arguments.siunitx ? ",siunitx" : "") + "}\n" + latex_table(table, style);
    const std::string name = stem_of(arguments.sources) + "-" + table.id + ".tex";
    Json data{{"sources", handles_of(arguments.sources)},
              {"file", name},
              {"table", table.id},
              {"rows", table.rows.size()},
              {"size", text.size()}};
    Json metadata = data;
    metadata["name"] = name;
    TextSink file(call.create_artifact("table", name, "application/x-tex", metadata));
    file << text;
    file.flush();
    if (arguments.with_content) add_content(data, file);
    return {data, "Wrote " + name + " with " + counted(table.rows.size(), "row") + "."};
}

Result generate_latex_report(Call& call, const ReportArguments& arguments) {
    const Report report = read_report(call, arguments);
    return store(call, arguments, report, "latex", "application/zip", "zip",
                 zip_of(latex_files(report.document)));
}

Result generate_docx_report(Call& call, const ReportArguments& arguments) {
    const Report report = read_report(call, arguments);
    return store(call, arguments, report, "docx",
                 "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
                 zip_of(docx_files(report.document)));
}

Result generate_quick_summary(Call& call, const SummaryArguments& arguments) {
    Material material = read_material(without_reports(call, arguments.sources), "sources");
    look_up(material, call.catalogue());
    call.check_cancelled();
    const Report report = write_summary(material, arguments.title);
    const auto style = arguments.format == "text" ? PlainStyle::text : PlainStyle::markdown;
    const std::string text = plain_document(report.document, style);
    Json data{{"sources", handles_of(arguments.sources)},
              {"title", report.document.title},
              {"format", arguments.format},
              {"warnings", report.warnings},
              {"text", text}};
    // The first paragraph, for a line in a chat.
    const auto& blocks = report.document.sections.front().blocks;
    return {data, plain_words(std::get<Text>(blocks.front()), report.document)};
}

}  // namespace assistd::exporting
