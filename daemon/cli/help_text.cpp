#include "cli/help_text.h"

#include <algorithm>

#include "cli/terminal.h"

namespace assistd::cli {
namespace {

constexpr std::size_t usual_column = 30;  // CLI11's
constexpr std::size_t room_to_wrap = 16;  // narrower than that, wrapped text is a ladder of words

// Where the description of "  --limit INT=20   How many at most" begins; of other lines, their text.
std::size_t description_in(std::string_view line, std::size_t column) {
    // One blank is between them where the name is as long as can be.
    if (line.starts_with("  ") && line.size() > column && line[column - 1] == ' ' && line[column] != ' ')
        return column;
    const std::size_t text = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t gap = line.find("  ", text);
    if (text == 0 || gap == std::string_view::npos) return text;
    return std::min(line.find_first_not_of(' ', gap), line.size());
}

std::string fitted_line(std::string_view line, std::size_t columns) {
    if (width(line) <= columns) return std::string(line);
    const std::size_t begin = description_in(line, help_column(columns));
    const std::string_view text = line.substr(begin);
    if (begin + room_to_wrap > columns) {
        const std::size_t indent = line.find_first_not_of(' ');
        const std::string_view name = line.substr(0, line.find_last_not_of(' ', begin - 1) + 1);
        return (begin == indent ? "" : std::string(name) + '\n') + wrapped(text, columns, indent + 2);
    }
    return std::string(line.substr(0, begin)) + wrapped(text, columns, begin).substr(begin);
}

}  // namespace

std::size_t help_column(std::size_t columns) {
    return std::min(usual_column, columns * 3 / 8);
}

std::string fitted_help(std::string_view help, std::size_t columns) {
    std::string all;
    while (!help.empty()) {
        const std::size_t end = std::min(help.find('\n'), help.size());
        all += fitted_line(help.substr(0, end), columns);
        if (end < help.size()) all += '\n';
        help.remove_prefix(std::min(end + 1, help.size()));
    }
    return all;
}

}  // namespace assistd::cli
