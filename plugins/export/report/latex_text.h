#pragma once
// Words of a report as LaTeX. Pure functions.

#include <string>

#include "report/latex.h"

namespace assistd::exporting {

std::string latex_of(const Text& text, const LatexStyle& style);

}  // namespace assistd::exporting
