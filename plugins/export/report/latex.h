#pragma once
// Reports and tables as LaTeX for pdflatex, with packages of every TeX installation (booktabs, graphicx,
// hyperref; siunitx only when asked for). Pure functions.

#include <string>
#include <vector>

#include "report/document.h"
#include "report/zip.h"

namespace assistd::exporting {

struct LatexStyle {
    ErrorStyle errors = ErrorStyle::plus_minus;
    bool siunitx = false;  // numbers as \num{…}
};

// What people wrote, so that pdflatex shows it and does nothing else. Characters that its standard fonts do
// not have appear as U+XXXX.
std::string latex_escaped(const std::string& text);

// A float with caption and label; `\input` it where booktabs (and siunitx) are loaded.
std::string latex_table(const Table& table, const LatexStyle& style);

// main.tex, figures/*.pdf, tables/*.tex and references.bib.
std::vector<ZipFile> latex_files(const Document& document);

}  // namespace assistd::exporting
