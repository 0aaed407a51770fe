#include "core/titles.h"

#include <cctype>

namespace assistd::core {
namespace {

constexpr std::size_t max_characters = 60;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string title_from(std::string_view first_message) {
    // White space is folded; the title ends with the first line that says something.
    std::string line;
    for (const char c : first_message) {
        if (c == '\n' && !line.empty()) break;
        if (std::isspace(static_cast<unsigned char>(c)) == 0)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty()) return "Untitled";

    std::size_t characters = 0;
    std::size_t last_space = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (is_continuation(line[i])) continue;
        if (++characters > max_characters) {
            line.resize(last_space > 20 ? last_space : i);
            return line + "…";
        }
        if (line[i] == ' ') last_space = i;
    }
    return line;
}

}  // namespace assistd::core
