#pragma once
// A message as words: how sentences and phrases are both cut up, so that they can be compared word by word.
// Case, politeness and most punctuation carry no meaning here. Value types, any thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::providers::offline {

struct Token {
    enum class Kind : std::uint8_t {
        word,
        number,
        quoted,  // text in quotation marks, taken as it stands
        comma,   // , ; : ( )
        stop,    // . ! ? or the end of a line
    };
    Kind kind = Kind::word;
    std::string text;   // a word or number in lower case; a quotation's content; the punctuation mark
    std::string raw;    // as it was written, for values and for quoting back
    double number = 0;  // of a number, with its k or M applied
    bool percent = false;
    bool filler = false;     // may be skipped anywhere: "please", "the"
    std::string makes = {};  // by a grammar: the kind of what is called so by itself, "dla"
    int id = -1;             // in a grammar's vocabulary; -1: no phrase uses this word
};

using Tokens = std::span<const Token>;

// Replaces what is not UTF-8 by U+FFFD, so that a message can be quoted back whatever it holds.
std::string valid_utf8(std::string_view text);

// Reads at most `limit` tokens. `text` should be valid UTF-8; anything else only gives odd words.
std::vector<Token> tokenize(std::string_view text, std::size_t limit);

// One form for the spellings of a word: "clusters" and "cluster", "analyse" and "analyze".
std::string stem(std::string_view word);

// What somebody meant for a number and is none: "1e5.5".
bool is_broken_number(const Token& token);

bool is_filler(std::string_view word);
bool is_negation(std::string_view word);
// "and", "then", "after that", …: how many tokens at `at` part two clauses; 0: none. `ordered` is set when
// the words say that the second comes after the first.
std::size_t connector_length(Tokens tokens, std::size_t at, bool& ordered);
// The words as they were written, with single spaces.
std::string as_written(Tokens tokens);

// How many letters must change to make one of the other, at most `limit` + 1.
int edit_distance(std::string_view a, std::string_view b, int limit);

}  // namespace assistd::providers::offline
