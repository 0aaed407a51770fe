#pragma once
// What is known about where the output goes, and text that may go there. Value types and pure functions.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/characters.h"

namespace assistd::cli {

struct TerminalSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};

struct Terminal {
    bool interactive = false;  // lines may be drawn again
    bool color = false;
    std::size_t columns = 80;
};

// Standard output as it is now. Colours also obey NO_COLOR, and a terminal without abilities has neither.
Terminal terminal_of_stdout(bool allow_color);
TerminalSize terminal_size();

// Without control characters (but for newlines and tabs) and marks that turn the direction of what follows:
// what a daemon, a tool or a model says must not steer the terminal, nor look there like something else.
std::string harmless(std::string_view text);
// One line of at most `columns` columns.
std::string one_line(std::string_view text, std::size_t columns);

std::string size_text(long long bytes);    // "19.6 kB"
std::string seconds_text(double seconds);  // "3.2 s", "2:05 min"

// Lines of at most `columns` characters with `indent` blanks in front, broken between words; `npos`: only
// where the text has ends of lines.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

// Rows with columns of the same width. On a terminal the last column is cut at the edge or goes on below
// itself; where one is too narrow for the columns before it, each row becomes a block of lines instead, named
// by the headings in the first row.
enum class LastColumn { cut, wraps };
std::string table(const std::vector<std::vector<std::string>>& rows, const Terminal& terminal,
                  LastColumn last = LastColumn::cut);

}  // namespace assistd::cli
