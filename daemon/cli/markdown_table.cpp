#include "cli/markdown_table.h"

#include <algorithm>
#include <numeric>

namespace assistd::cli {
namespace {

constexpr std::size_t least_column = 6;  // narrower ones are ladders of letters
constexpr std::size_t between = 3;       // " │ "
constexpr Style dim{.dim = true};

std::string blanks(std::size_t count) {
    return std::string(count, ' ');
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

// The widths that fit: the widest columns give way first. Empty when there is no room.
std::vector<std::size_t> widths_of(const TableCells& table, std::size_t columns) {
    std::vector<std::size_t> widths(table.alignments.size(), 1);
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i)
            for (const StyledLine& line : wrapped(row[i], std::string::npos))
                widths[i] = std::max(widths[i], width(line));
    const std::size_t frame = between * (widths.size() - 1);
    auto total = [&] { return std::accumulate(widths.begin(), widths.end(), frame); };
    while (total() > columns) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= least_column) return {};
        --*widest;
    }
    return widths;
}

void append(StyledLine& line, const StyledLine& more, std::size_t columns, Alignment alignment) {
    const std::size_t left_over = columns - std::min(width(more), columns);
    const std::size_t before = alignment == Alignment::right    ? left_over
                               : alignment == Alignment::center ? left_over / 2
                                                                : 0;
    if (before > 0) line.push_back({blanks(before)});
    line.insert(line.end(), more.begin(), more.end());
    if (left_over > before) line.push_back({blanks(left_over - before)});
}

void add_row(const std::vector<StyledLine>& row, const TableCells& table,
             const std::vector<std::size_t>& widths, std::vector<StyledLine>& lines) {
    std::vector<std::vector<StyledLine>> cells;
    std::size_t height = 1;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        cells.push_back(wrapped(i < row.size() ? row[i] : StyledLine(), widths[i]));
        height = std::max(height, cells.back().size());
    }
    for (std::size_t part = 0; part < height; ++part) {
        StyledLine line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (i > 0) line.push_back({" │ ", dim});
            append(line, part < cells[i].size() ? cells[i][part] : StyledLine(), widths[i],
                   table.alignments[i]);
        }
        lines.push_back(std::move(line));
    }
}

// "Heading: cell" for each cell, a blank line between rows.
std::vector<StyledLine> as_list(const TableCells& table, std::size_t columns) {
    std::vector<StyledLine> lines;
    for (std::size_t row = 1; row < table.rows.size(); ++row) {
        if (row > 1) lines.emplace_back();
        for (std::size_t i = 0; i < table.rows[row].size(); ++i) {
            StyledLine text = i < table.rows[0].size() ? table.rows[0][i] : StyledLine();
            text.push_back({": "});
            text.insert(text.end(), table.rows[row][i].begin(), table.rows[row][i].end());
            for (StyledLine& line : wrapped(text, columns)) lines.push_back(std::move(line));
        }
    }
    return lines;
}

}  // namespace

std::vector<StyledLine> table_lines(const TableCells& table, std::size_t columns) {
    if (table.rows.empty() || table.alignments.empty()) return {};
    const std::vector<std::size_t> widths = widths_of(table, columns);
    if (widths.empty()) return as_list(table, columns);
    std::vector<StyledLine> lines;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        add_row(table.rows[row], table, widths, lines);
        if (row > 0) continue;
        std::string rule;
        for (std::size_t i = 0; i < widths.size(); ++i)
            rule += (i > 0 ? "─┼─" : "") + repeated("─", widths[i]);
        lines.push_back({{rule, dim}});
    }
    return lines;
}

}  // namespace assistd::cli
