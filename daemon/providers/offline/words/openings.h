#pragma once
// Set words at the beginning of a sentence. Pure functions, any thread.

#include <algorithm>
#include <array>
#include <string_view>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// `length`: how many words the phrase has, when they begin with it.
inline bool begins(Tokens words, std::string_view phrase, std::size_t& length) {
    length = 0;
    while (!phrase.empty()) {
        const std::size_t space = phrase.find(' ');
        if (length >= words.size() || words[length].text != phrase.substr(0, space)) return false;
        ++length;
        phrase = space == std::string_view::npos ? std::string_view() : phrase.substr(space + 1);
    }
    return true;
}

// Takes the first of the phrases that the words begin with off them; false when there is none.
template <std::size_t n>
bool skip_any(Tokens& words, const std::array<std::string_view, n>& phrases) {
    std::size_t length = 0;
    for (const std::string_view phrase : phrases)
        if (begins(words, phrase, length)) {
            words = words.subspan(length);
            return true;
        }
    return false;
}

inline void drop_marks(Tokens& words) {
    const auto mark = [](const Token& token) {
        return token.kind == Token::Kind::stop || token.kind == Token::Kind::comma;
    };
    while (!words.empty() && mark(words.back())) words = words.first(words.size() - 1);
    while (!words.empty() && mark(words.front())) words = words.subspan(1);
}

}  // namespace assistd::providers::offline
