#pragma once
// Text with emphasis and colours, broken into lines of a width before it becomes bytes for a terminal. Value
// types and pure functions.

#include <cstdint>
#include <string>
#include <vector>

namespace assistd::cli {

struct Style {
    bool bold = false;
    bool dim = false;
    bool italic = false;
    bool underline = false;
    bool struck = false;
    bool code = false;

    bool operator==(const Style&) const = default;
};

struct Span {
    std::string text;
    Style style = {};
};
using StyledLine = std::vector<Span>;

std::size_t width(const StyledLine& line);
// Lines of at most `columns` columns: broken at blanks and between wide characters, and inside a word only
// where it is longer than a line. A newline in the text begins another line. At least one line.
std::vector<StyledLine> wrapped(const StyledLine& text, std::size_t columns);
// Without colours the text alone. What stands in it must be harmless already.
std::string to_terminal(const StyledLine& line, bool color);

}  // namespace assistd::cli
