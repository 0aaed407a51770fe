#include "report/latex.h"

#include <stdexcept>

#include "plot/image.h"
#include "report/latex_text.h"
#include "report/references.h"

namespace assistd::exporting {
namespace {

constexpr const char* preamble =
    R"(% Compile with: pdflatex main && bibtex main && pdflatex main && pdflatex main
\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
\usepackage{graphicx}
\usepackage{url}
\usepackage[hidelinks]{hyperref}
\pdfsuppresswarningpagegroup=1
\emergencystretch=2em
\renewcommand{\labelitemi}{$\bullet$}
)";

std::string columns_of(const Table& table) {
    std::string columns;
    for (const Column& column : table.columns) {
        if (column.kind == Column::Kind::long_text)
            columns += ">{\\raggedright\\arraybackslash}p{32mm}";
        else
            columns += column.kind == Column::Kind::text ? 'l' : 'r';
    }
    return columns;
}

std::string line_of(const std::vector<Text>& cells, const LatexStyle& style) {
    std::string line = "    ";
    for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? " & " : "") + latex_of(cells[i], style);
    return line + " \\\\\n";
}

std::string figure_of(const Figure& figure) {
    return "\\begin{figure}[htbp]\n  \\centering\n  \\includegraphics{figures/" + figure.id +
           ".pdf}\n  \\caption{" + latex_of(figure.caption, {}) + "}\n  \\label{figure:" + figure.id +
           "}\n\\end{figure}\n";
}

std::string list_of(const Sentences& list) {
    std::string latex = "\\begin{itemize}\n";
    for (const Text& item : list.items) latex += "  \\item " + latex_of(item, {}) + "\n";
    return latex + "\\end{itemize}\n";
}

std::string block_of(const Block& block) {
    if (const auto* text = std::get_if<Text>(&block)) return latex_of(*text, {}) + "\n";
    if (const auto* list = std::get_if<Sentences>(&block)) return list_of(*list);
    if (const auto* table = std::get_if<Table>(&block)) return "\\input{tables/" + table->id + "}\n";
    return figure_of(std::get<Figure>(block));
}

std::string main_of(const Document& document) {
    std::string latex = preamble;
    latex += "\\title{" + latex_escaped(document.title) + "}\n\\author{}\n\\date{}\n\n";
    latex += "\\begin{document}\n\\maketitle\n";
    for (const Section& section : document.sections) {
        latex += "\n\\section{" + latex_escaped(section.heading) + "}\n";
        for (const Block& block : section.blocks) latex += "\n" + block_of(block);
    }
    // The list's own heading says "References".
    if (!document.references.empty()) latex += "\n\\bibliographystyle{unsrt}\n\\bibliography{references}\n";
    return latex + "\n\\end{document}\n";
}

}  // namespace

std::string latex_table(const Table& table, const LatexStyle& style) {
    std::vector<Text> headings;
    for (const Column& column : table.columns) headings.push_back(column.heading);
    std::string latex = "\\begin{table}[htbp]\n  \\centering\n  \\caption{" + latex_of(table.caption, style) +
                        "}\n  \\label{table:" + table.id + "}\n  \\medskip\n  \\small\n  \\begin{tabular}{" +
                        columns_of(table) + "}\n    \\toprule\n" + line_of(headings, style) +
                        "    \\midrule\n";
    for (const auto& row : table.rows) latex += line_of(row, style);
    return latex + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

std::vector<ZipFile> latex_files(const Document& document) {
    std::vector<ZipFile> files{{"main.tex", main_of(document)}};
    for (const Section& section : document.sections) {
        for (const Block& block : section.blocks) {
            if (const auto* table = std::get_if<Table>(&block))
                files.push_back({"tables/" + table->id + ".tex", latex_table(*table, {})});
            if (const auto* figure = std::get_if<Figure>(&block))
                files.push_back({"figures/" + figure->id + ".pdf", pdf_format.render(figure->chart, 0)});
        }
    }
    if (document.references.empty()) return files;
    std::string entries;
    for (const std::string& key : document.references) entries += bibtex_entry(reference_of(key)) + "\n";
    files.push_back({"references.bib", entries});
    return files;
}

}  // namespace assistd::exporting
