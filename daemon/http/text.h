#pragma once
// Small readers of header text. Pure functions, any thread.

#include <string_view>

namespace assistd::http {

bool is_token_char(unsigned char c);   // RFC 9110, 5.6.2
bool is_token(std::string_view text);  // one or more of them
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);  // without spaces and tabs at both ends

// Calls take(item) for each part of a comma-separated list, trimmed, empty parts left out.
template <class Take>
void for_each_item(std::string_view list, Take take) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view item = trim(list.substr(0, comma));
        if (!item.empty()) take(item);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace assistd::http
