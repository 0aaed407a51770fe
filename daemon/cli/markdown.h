#pragma once
// Markdown as lines for a terminal: headings, lists, quotes, code, tables, emphasis, links. Pure functions.

#include <string_view>
#include <vector>

#include "cli/styled_text.h"

namespace assistd::cli {

struct MarkdownLook {
    std::size_t columns = 80;
    // Emphasis and headings are shown by styles; without, by the marks that they have in Markdown.
    bool styled = true;
};

// Control characters in the text are left out. No line is wider than `columns` where that is at least 20.
std::vector<StyledLine> markdown_lines(std::string_view text, const MarkdownLook& look);

}  // namespace assistd::cli
