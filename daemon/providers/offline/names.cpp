#include "providers/offline/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "providers/offline/artifact_nouns.h"
#include "providers/offline/reversed.h"
#include "providers/offline/study_order.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t farthest = 50;  // exchanges that are looked through

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    return text;
}

bool is_part_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// "called alpha", "name it alpha": the name is given here and not used.
bool is_given(const std::string& before) {
    static constexpr std::array<std::string_view, 8> giving{"called",  "named", "titled", "call it",
                                                            "name it", "name",  "title",  "call them"};
    const std::size_t end = before.find_last_not_of(" \"'=");
    const std::string_view text = std::string_view(before).substr(0, end == std::string::npos ? 0 : end + 1);
    return std::ranges::any_of(giving, [&](std::string_view word) { return text.ends_with(word); });
}

// "the alpha cluster" is read as it stands.
bool is_before_noun(std::string_view after) {
    const std::vector<Token> next = tokenize(after, 1);
    bool found = false, many = false;
    if (!next.empty()) kind_named(next.front().text, {}, found, many);
    return found;
}

// Where the name stands as a whole word in `folded`, from `from` on.
std::size_t find_name(const std::string& folded, const std::string& name, std::size_t from) {
    for (std::size_t at = from; (at = folded.find(name, at)) != std::string::npos; ++at) {
        const std::size_t end = at + name.size();
        const bool whole = (at == 0 || !is_part_of_word(folded[at - 1])) &&
                           (end == folded.size() || !is_part_of_word(folded[end]));
        if (whole) return at;
    }
    return std::string::npos;
}

// `only_behind`: what stands before the name when it is a common word, "study "; empty: anything.
void replace(std::string& message, const std::string& name, const std::string& handle,
             const std::string& only_behind = "") {
    std::string folded = lower(message);
    for (std::size_t at = 0; (at = find_name(folded, name, at)) != std::string::npos;) {
        const std::size_t end = at + name.size();
        const std::string before = folded.substr(0, folded.find_last_not_of("\"'", at == 0 ? 0 : at - 1) + 1);
        if (!before.ends_with(only_behind) || is_given(before) ||
            is_before_noun(std::string_view(message).substr(end))) {
            at = end;
            continue;
        }
        const bool quoted = at > 0 && end < message.size() && message[at - 1] == message[end] &&
                            (message[end] == '"' || message[end] == '\'');
        message.replace(at - (quoted ? 1 : 0), name.size() + (quoted ? 2 : 0), handle);
        folded = lower(message);
        at += handle.size();
    }
}

// The name that the call gives to what it makes, in lower case; empty when it gives none.
std::string name_given(const Call& call) {
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    const json name = arguments.is_object() ? arguments.value("name", json()) : json();
    return name.is_string() ? lower(name.get<std::string>()) : "";
}

// The handle of what the call made; of a study that of the results that its end told.
std::string made_by(const Call& call, History& history) {
    if (const auto made = call.artifacts(); !made.empty()) return made.front().handle;
    if (call.block->name != study_tool) return "";
    for (const Exchange& exchange : history.exchanges())
        for (const std::string& notice : exchange.notices) {
            if (!tells_end(notice, call)) continue;
            for (const std::string& handle : exchange.noticed)
                if (notice.find("(" + handle + ")") != std::string::npos) return handle;
        }
    return "";
}

}  // namespace

std::string with_handles(std::string message, const Grammar& grammar, History& history,
                         std::size_t exchange) {
    std::set<std::string> known;
    const std::size_t end = exchange > farthest ? exchange - farthest : 0;
    for (std::size_t i = exchange; i-- > end;)
        for (const Call& call : Reversed(history.read(i).calls)) {
            const std::string name = name_given(call);
            if (name.empty() || known.contains(name)) continue;
            const std::string handle = made_by(call, history);
            if (handle.empty()) continue;
            const std::vector<Token> words = grammar.tokens_of(name);
            const bool is_common = std::ranges::all_of(words, [](const Token& word) {
                return word.kind != Token::Kind::word || word.id >= 0 || word.filler;
            });
            const bool is_study = call.block->name == study_tool;
            if (is_common && !is_study) continue;
            known.insert(name);
            replace(message, name, handle, is_common ? "study " : "");
        }
    return message;
}

std::map<std::string, std::string> given_names(History& history) {
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < history.exchanges().size(); ++i)
        for (const Call& call : history.read(i).calls)
            if (const std::string name = name_given(call); !name.empty())
                for (const MadeArtifact& made : call.artifacts()) names[made.handle] = name;
    return names;
}

bool says_name(const std::string& words, const std::string& name) {
    return find_name(lower(words), name, 0) != std::string::npos;
}

}  // namespace assistd::providers::offline
