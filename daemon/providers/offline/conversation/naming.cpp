#include "providers/offline/conversation/naming.h"

#include <algorithm>
#include <array>

#include "providers/offline/orders/grammar.h"
#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

constexpr std::size_t longest_name = 6;  // words
constexpr std::string_view opening = "I call **";

// What is left is a name: not "a day", and nothing behind it.
std::optional<std::string> read_name(Tokens words) {
    static constexpr std::array<std::string_view, 3> articles{"a", "an", "the"};
    if (words.empty() || words.size() > longest_name) return std::nullopt;
    if (words.size() == 1 && words.front().kind == Token::Kind::quoted) return words.front().text;
    if (std::ranges::find(articles, words.front().raw) != articles.end()) return std::nullopt;
    for (std::size_t at = 0; at < words.size(); ++at) {
        bool ordered = false;
        const bool is_word =
            words[at].kind == Token::Kind::word || (at > 0 && words[at].kind == Token::Kind::number);
        if (!is_word || is_negation(words[at].text) || connector_length(words, at, ordered) > 0)
            return std::nullopt;
    }
    return as_written(words);
}

}  // namespace

std::optional<Naming> read_naming(Tokens words) {
    static constexpr std::array<std::string_view, 3> verbs{"call", "name", "rename"};
    static constexpr std::array<std::string_view, 2> gives{"give", "let"};
    static constexpr std::array<std::string_view, 2> joints{"to", "as"};
    static constexpr std::array<std::string_view, 3> giving{"the name", "be called", "be named"};
    drop_marks(words);
    words = without_politeness(words);
    const bool names = skip_any(words, verbs);
    if (!names && !skip_any(words, gives)) return std::nullopt;
    auto readings = read_reference({}, false, words, 0);
    std::ranges::reverse(readings);  // the longest first
    for (const SlotReading& reading : readings) {
        const Reference& thing = *reading.value.reference;
        Tokens rest = words.subspan(reading.next);
        if (thing.plural() || (names ? (skip_any(rest, joints), false) : !skip_any(rest, giving))) continue;
        if (auto name = read_name(rest)) return Naming{thing, std::move(*name)};
    }
    return std::nullopt;
}

std::string told_naming(const std::string& target, const std::string& name) {
    return std::string(opening) + target + "** “" + name +
           "” from now on, in this conversation. Lists go on to show the name that it was made with.";
}

std::string named_in_reply(const std::string& reply, const std::string& name) {
    if (!reply.starts_with(opening)) return "";
    const std::size_t end = reply.find("** “", opening.size());
    const bool fits = end != std::string::npos && reply.find("“" + name + "”", end) == end + 3;
    return fits ? reply.substr(opening.size(), end - opening.size()) : "";
}

}  // namespace assistd::providers::offline
