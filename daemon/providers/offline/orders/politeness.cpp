// What frames an order without being one: "could you", "for me", "thank you".

#include <algorithm>
#include <array>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {
namespace {

bool starts_with(Tokens tokens, std::string_view words, std::size_t& length) {
    length = 0;
    while (!words.empty()) {
        const std::size_t space = words.find(' ');
        if (length >= tokens.size() || tokens[length].text != words.substr(0, space)) return false;
        ++length;
        words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
    }
    return true;
}

constexpr std::array<std::string_view, 52> prefixes{"dont forget to",
                                                    "do not forget to",
                                                    "please remember to",
                                                    "remember to",
                                                    "be sure to",
                                                    "make sure to",
                                                    "make sure you",
                                                    "go on and",
                                                    "can you",
                                                    "could you",
                                                    "would you",
                                                    "will you",
                                                    "can we",
                                                    "could we",
                                                    "would you mind",
                                                    "i want you to",
                                                    "i want to",
                                                    "i want",
                                                    "i would like you to",
                                                    "i would like to have",
                                                    "i want to have",
                                                    "i would like to",
                                                    "i would like",
                                                    "id like you to",
                                                    "id like to",
                                                    "id like",
                                                    "i need you to",
                                                    "i need to",
                                                    "i need",
                                                    "i wish to",
                                                    "lets",
                                                    "let us",
                                                    "go ahead and",
                                                    "help me to",
                                                    "help me",
                                                    "be so kind to",
                                                    "first",
                                                    "firstly",
                                                    "hello",
                                                    "thanks for that",
                                                    "thank you for that",
                                                    "thank you",
                                                    "many thanks",
                                                    "thanks",
                                                    "please",
                                                    "great",
                                                    "yes",
                                                    "good",
                                                    "perfect",
                                                    "cool",
                                                    "try to",
                                                    "start by"};
constexpr std::array<std::string_view, 20> suffixes{
    "for me",        "for us",      "thank you",  "thanks",  "many thanks", "if you can", "if possible",
    "if you please", "would you",   "will you",   "can you", "could you",   "as well",    "at once",
    "right away",    "immediately", "afterwards", "first",   "asap",        "cheers"};

}  // namespace

Tokens without_politeness(Tokens clause) {
    std::size_t length = 0;
    for (bool again = true; again;) {
        again = false;
        while (!clause.empty() && clause.front().kind == Token::Kind::comma) clause = clause.subspan(1);
        for (const std::string_view prefix : prefixes)
            if (starts_with(clause, prefix, length) && length < clause.size()) {
                clause = clause.subspan(length);
                again = true;
            }
        // "please could you": a filler may stand before the next prefix.
        if (!again && clause.size() > 2 && clause.front().filler && is_filler(clause.front().text) &&
            clause.front().text != "a" && clause.front().text != "the" && clause.front().text != "my") {
            clause = clause.subspan(1);
            again = true;
        }
    }
    for (bool again = true; again;) {
        again = false;
        while (!clause.empty() &&
               (clause.back().kind == Token::Kind::comma || clause.back().text == "please"))
            clause = clause.first(clause.size() - 1);
        for (const std::string_view suffix : suffixes) {
            const auto words = static_cast<std::size_t>(std::count(suffix.begin(), suffix.end(), ' ')) + 1;
            if (clause.size() <= words || !starts_with(clause.last(words), suffix, length)) continue;
            // "compare the last and the first"
            if (suffix == "first" && clause[clause.size() - 2].text == "the") continue;
            clause = clause.first(clause.size() - words);
            again = true;
        }
    }
    return clause;
}

}  // namespace assistd::providers::offline
