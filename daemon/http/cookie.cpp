#include "http/cookie.h"

#include "http/text.h"

namespace assistd::http {

std::optional<std::string> cookie_in(const Headers& headers, std::string_view name) {
    const auto [first, last] = headers.equal_range("Cookie");
    for (auto header = first; header != last; ++header) {
        std::string_view rest = header->second;
        while (!rest.empty()) {
            const std::string_view pair = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
            return std::string(trim(pair.substr(equals + 1)));
        }
    }
    return std::nullopt;
}

}  // namespace assistd::http
