#pragma once
// Reports as Markdown or as plain text. Pure functions.

#include <string>

#include "report/document.h"

namespace assistd::exporting {

enum class PlainStyle { markdown, text };

// Figures are left out; tables are Markdown's, or columns of text.
std::string plain_document(const Document& document, PlainStyle style);

// Words without any style: "Df = 2.41 ± 0.01".
std::string plain_words(const Text& text, const Document& document);

}  // namespace assistd::exporting
