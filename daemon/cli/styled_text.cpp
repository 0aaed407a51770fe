#include "cli/styled_text.h"

#include <algorithm>

#include "cli/characters.h"

namespace assistd::cli {
namespace {

struct Cell {
    Character character;
    const Style* style;

    bool is(std::string_view text) const { return character.bytes == text; }
};
using Cells = std::vector<Cell>;

void append(StyledLine& line, std::string_view text, const Style& style) {
    if (line.empty() || line.back().style != style) line.push_back({"", style});
    line.back().text += text;
}

StyledLine line_of(const Cell* begin, const Cell* end) {
    while (end != begin && (end - 1)->is(" ")) --end;
    StyledLine line;
    for (const Cell* cell = begin; cell != end; ++cell) append(line, cell->character.bytes, *cell->style);
    return line;
}

// Chinese and Japanese sentences have no blanks; a line of theirs must not begin with what closes one.
bool may_begin_line(const Cell& cell) {
    static constexpr std::string_view closing[] = {"。", "、", "，", "．", "！", "？", "：",
                                                   "；", "）", "」", "』", "】", "》", "ー"};
    return std::find(std::begin(closing), std::end(closing), cell.character.bytes) == std::end(closing);
}

bool may_break_before(const Cell& before, const Cell& cell) {
    if (before.is(" ")) return !cell.is(" ");
    return (before.character.columns == 2 || cell.character.columns == 2) && !cell.is(" ") &&
           may_begin_line(cell);
}

void wrap_paragraph(const Cell* begin, const Cell* end, std::size_t columns, std::vector<StyledLine>& lines) {
    while (true) {
        std::size_t used = 0;
        const Cell* cell = begin;
        const Cell* break_at = nullptr;
        for (; cell != end; ++cell) {
            if (cell != begin && may_break_before(*(cell - 1), *cell)) break_at = cell;
            // A blank that hangs over the edge is not shown.
            if (used + cell->character.columns > columns && !cell->is(" ")) break;
            used += cell->character.columns;
        }
        if (cell == end) break;
        if (!break_at) break_at = cell == begin ? cell + 1 : cell;
        lines.push_back(line_of(begin, break_at));
        begin = break_at;
        if (begin == end) return;
    }
    lines.push_back(line_of(begin, end));
}

std::string sgr_of(const Style& style) {
    std::string codes;
    const auto add = [&](bool wanted, const char* code) {
        if (wanted) codes += (codes.empty() ? "" : ";") + std::string(code);
    };
    add(style.bold, "1");
    add(style.dim, "2");
    add(style.italic, "3");
    add(style.underline, "4");
    add(style.struck, "9");
    add(style.code, "36");
    return codes;
}

}  // namespace

std::size_t width(const StyledLine& line) {
    std::size_t columns = 0;
    for (const Span& span : line) columns += width(span.text);
    return columns;
}

std::vector<StyledLine> wrapped(const StyledLine& text, std::size_t columns) {
    Cells cells;
    for (const Span& span : text)
        for (const Character& character : characters(span.text)) cells.push_back({character, &span.style});
    std::vector<StyledLine> lines;
    const Cell* begin = cells.data();
    const Cell* const end = begin + cells.size();
    columns = std::max<std::size_t>(columns, 1);
    while (true) {
        const Cell* newline = std::find_if(begin, end, [](const Cell& cell) { return cell.is("\n"); });
        wrap_paragraph(begin, newline, columns, lines);
        if (newline == end) return lines;
        begin = newline + 1;
    }
}

std::string to_terminal(const StyledLine& line, bool color) {
    std::string text;
    for (const Span& span : line) {
        const std::string codes = color ? sgr_of(span.style) : "";
        text += codes.empty() ? span.text : "\x1b[" + codes + "m" + span.text + "\x1b[0m";
    }
    return text;
}

}  // namespace assistd::cli
