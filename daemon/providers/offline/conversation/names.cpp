#include "providers/offline/conversation/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "providers/offline/conversation/begun_studies.h"
#include "providers/offline/conversation/naming.h"
#include "providers/offline/orders/study_order.h"
#include "providers/offline/words/artifact_nouns.h"
#include "providers/offline/words/reversed.h"

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

// How long the " cluster" behind a name is; 0 where there is none.
std::size_t length_of_noun(std::string_view after) {
    const std::vector<Token> next = tokenize(after, 1);
    bool found = false, many = false;
    if (!next.empty()) kind_named(next.front().text, {}, found, many);
    return found && !many && after.starts_with(" " + next.front().raw) ? 1 + next.front().raw.size() : 0;
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

// `only_behind`: what stands before the name when it is a common word, "study "; empty: anything. Where the
// name alone tells what is meant, "the alpha cluster" is the thing too; else it is read as it stands.
void replace(std::string& message, const std::string& name, const std::string& handle,
             const std::string& only_behind, bool takes_noun) {
    std::string folded = lower(message);
    for (std::size_t at = 0; (at = find_name(folded, name, at)) != std::string::npos;) {
        const std::size_t end = at + name.size();
        const std::size_t noun = length_of_noun(std::string_view(message).substr(end));
        const std::string before = folded.substr(0, folded.find_last_not_of("\"'", at == 0 ? 0 : at - 1) + 1);
        if (!before.ends_with(only_behind) || is_given(before) || (noun > 0 && !takes_noun)) {
            at = end;
            continue;
        }
        const bool quoted = at > 0 && end < message.size() && message[at - 1] == message[end] &&
                            (message[end] == '"' || message[end] == '\'');
        message.replace(at - (quoted ? 1 : 0), name.size() + (quoted ? 2 : noun), handle);
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

// A name, and what it stands for.
struct Called {
    std::string name;  // in lower case
    std::string target;
    bool is_study = false;
    bool takes_noun = false;  // nothing else has the name, neither its arguments nor its maker
};

// What the user said to call it: "call it gamma" and what the reply called so.
std::optional<Called> called_in(const Exchange& exchange) {
    if (!exchange.calls.empty() || exchange.replies.empty()) return std::nullopt;
    const auto naming = read_naming(tokenize(exchange.text, most_naming_words));
    if (!naming) return std::nullopt;
    const std::string target = named_in_reply(exchange.replies.back()->text(), naming->name);
    if (target.empty()) return std::nullopt;
    return Called{lower(naming->name), target, target.starts_with("study"), true};
}

// The newest name first; each once. A study that has not ended stands under its id.
std::vector<Called> names_before(History& history, std::size_t exchange) {
    const std::vector<BegunStudy> studies = begun_studies(history);
    const auto now = [&](std::string target) {
        const auto found = std::ranges::find(studies, target, &BegunStudy::id);
        return found == studies.end() ? target : found->target();
    };
    std::vector<Called> names;
    const auto add = [&](Called one) {
        if (one.name.empty() || one.target.empty()) return;
        if (std::ranges::find(names, one.name, &Called::name) == names.end()) names.push_back(std::move(one));
    };
    const std::size_t end = exchange > farthest ? exchange - farthest : 0;
    for (std::size_t i = exchange; i-- > end;) {
        if (auto called = called_in(history.read(i))) {
            called->target = now(called->target);
            add(std::move(*called));
        }
        for (const Call& call : Reversed(history.read(i).calls)) {
            const auto study = std::ranges::find(studies, &call, &BegunStudy::call);
            const auto made = call.artifacts();
            if (study != studies.end())
                add({name_given(call), study->target(), true, true});
            else if (!made.empty())
                add({name_given(call), made.front().handle, false, false});
        }
    }
    return names;
}

}  // namespace

std::string with_handles(std::string message, const Grammar& grammar, History& history,
                         std::size_t exchange) {
    if (read_naming(tokenize(message, most_naming_words))) return message;
    std::vector<Called> names = names_before(history, exchange);
    // "alpha (2)" before the "alpha" in it.
    std::ranges::stable_sort(names, std::ranges::greater(),
                             [](const Called& one) { return one.name.size(); });
    for (const Called& one : names) {
        const bool is_common = is_common_name(grammar, one.name);
        if (is_common && !one.is_study) continue;
        replace(message, one.name, one.target, is_common ? "study " : "", one.takes_noun);
    }
    return message;
}

std::map<std::string, std::string> given_names(History& history) {
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < history.exchanges().size(); ++i) {
        for (const Call& call : history.read(i).calls)
            if (const std::string name = name_given(call); !name.empty())
                for (const MadeArtifact& made : call.artifacts()) names[made.handle] = name;
        if (const auto called = called_in(history.read(i))) names[called->target] = called->name;
    }
    return names;
}

std::string name_of_rerun(History& history, std::size_t exchange, const std::string& name) {
    std::string base = name;
    if (const auto open = base.rfind(" ("); open != std::string::npos && base.ends_with(')') &&
                                            base.find_first_not_of("0123456789", open + 2) + 1 == base.size())
        base.resize(open);
    const std::vector<Called> taken = names_before(history, exchange);
    for (int number = 2;; ++number) {
        std::string next = base + " (" + std::to_string(number) + ")";
        if (std::ranges::find(taken, lower(next), &Called::name) == taken.end()) return next;
    }
}

bool is_common_name(const Grammar& grammar, const std::string& name) {
    return std::ranges::all_of(grammar.tokens_of(name), [](const Token& word) {
        return word.kind != Token::Kind::word || word.id >= 0 || word.filler;
    });
}

bool says_name(const std::string& words, const std::string& name) {
    return find_name(lower(words), name, 0) != std::string::npos;
}

}  // namespace assistd::providers::offline
