#pragma once
// A table of styled cells, drawn within a width: cells wrap, and a table that is still too wide becomes a
// list of its rows. Pure functions.

#include <vector>

#include "cli/styled_text.h"

namespace assistd::cli {

enum class Alignment { left, center, right };

struct TableCells {
    std::vector<Alignment> alignments;          // one for each column
    std::vector<std::vector<StyledLine>> rows;  // the first is the heading
};

std::vector<StyledLine> table_lines(const TableCells& table, std::size_t columns);

}  // namespace assistd::cli
