#include "core/thoughts.h"

namespace assistd::core {

std::string without_thoughts(std::string_view text) {
    constexpr std::string_view begin = "<think>";
    constexpr std::string_view end = "</think>";
    std::string said;
    for (;;) {
        const std::size_t first = text.find(begin);
        const std::size_t last = text.find(end);
        if (last == std::string_view::npos) {
            said.append(first == std::string_view::npos ? text : text.substr(0, first));
            const bool says_something = said.find_first_not_of(" \t\r\n") != std::string::npos;
            if (first != std::string_view::npos && says_something) said.append(text.substr(first));
            return said;
        }
        if (last < first)
            said.clear();
        else
            said.append(text.substr(0, first));
        text.remove_prefix(last + end.size());
    }
}

}  // namespace assistd::core
