#include "http/header_parameters.h"

#include "http/text.h"

namespace assistd::http {
namespace {

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

// Takes a text in quotes from the front, which begins with the first of them.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string text;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return text;
        }
        const bool escapes =
            rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
        if (escapes) ++i;
        text += rest[i];
    }
    return std::nullopt;
}

// Some programs forget the quotes around a name with spaces, so a bare text goes on to the next semicolon.
std::optional<std::string> take_bare(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view text = trim(rest.substr(0, end));
    rest.remove_prefix(end);
    if (text.empty() || text.find('"') != std::string_view::npos) return std::nullopt;
    return std::string(text);
}

}  // namespace

const std::string* ParameterizedHeader::find(std::string_view name) const {
    for (const auto& [key, text] : parameters)
        if (key == name) return &text;
    return nullptr;
}

std::optional<ParameterizedHeader> parse_parameters(std::string_view header) {
    ParameterizedHeader parsed;
    const std::size_t first = std::min(header.find(';'), header.size());
    parsed.value = in_small_letters(trim(header.substr(0, first)));
    if (parsed.value.empty()) return std::nullopt;
    std::string_view rest = header.substr(first);
    while (!rest.empty()) {
        if (rest.front() != ';') return std::nullopt;
        rest = rest.substr(1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.empty() || rest.front() == ';') continue;  // nothing between two semicolons
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos || !is_token(trim(rest.substr(0, equals)))) return std::nullopt;
        std::string name = in_small_letters(trim(rest.substr(0, equals)));
        rest.remove_prefix(equals + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        auto text = !rest.empty() && rest.front() == '"' ? take_quoted(rest) : take_bare(rest);
        if (!text || parsed.find(name) != nullptr) return std::nullopt;
        parsed.parameters.emplace_back(std::move(name), std::move(*text));
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    }
    return parsed;
}

}  // namespace assistd::http
