#include "providers/offline/orders/shared_words.h"

#include <algorithm>

namespace assistd::providers::offline {
namespace {

constexpr std::size_t longest_part = 3;     // words
constexpr std::size_t most_parts = 6;       // of one list
constexpr std::size_t longest_clause = 30;  // words

struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool is_comma(const Token& token) {
    return token.kind == Token::Kind::comma;
}

// "500 particles and 600 particles" is no list of two orders: one of the two may be a slip.
bool may_be_part(Tokens words) {
    return !words.empty() && words.front().kind != Token::Kind::number &&
           std::none_of(words.begin(), words.end(), [](const Token& token) {
               return is_comma(token) || token.text == "and" || is_negation(token.text);
           });
}

// The parts before the "and", of which the last has `length` words and the others as many at most.
std::vector<Part> parts_before(Tokens clause, std::size_t end, std::size_t length) {
    std::vector<Part> parts;
    if (end > 0 && is_comma(clause[end - 1])) --end;
    if (end < length || !may_be_part(clause.subspan(end - length, length))) return parts;
    parts.push_back({end - length, end});
    while (parts.size() < most_parts && parts.back().begin > 1 && is_comma(clause[parts.back().begin - 1])) {
        const std::size_t close = parts.back().begin - 1;
        std::size_t begin = close;
        while (begin > 0 && close - begin < length && may_be_part(clause.subspan(begin - 1, 1))) --begin;
        if (begin == close) break;
        parts.push_back({begin, close});
    }
    std::reverse(parts.begin(), parts.end());
    return parts;
}

// The clause with only one part of the list.
std::vector<Token> with_one(Tokens clause, const std::vector<Part>& parts, const Part& one) {
    std::vector<Token> words(clause.begin(), clause.begin() + static_cast<long>(parts.front().begin));
    words.insert(words.end(), clause.begin() + static_cast<long>(one.begin),
                 clause.begin() + static_cast<long>(one.end));
    words.insert(words.end(), clause.begin() + static_cast<long>(parts.back().end), clause.end());
    return words;
}

}  // namespace

std::vector<std::vector<std::vector<Token>>> with_words_shared(Tokens clause) {
    std::vector<std::vector<std::vector<Token>>> ways;
    if (clause.size() > longest_clause) return ways;
    for (std::size_t at = 1; at + 1 < clause.size(); ++at) {
        if (clause[at].text != "and") continue;
        for (std::size_t before = 1; before <= longest_part; ++before)
            for (std::size_t after = 1; after <= longest_part && at + after < clause.size(); ++after) {
                if (!may_be_part(clause.subspan(at + 1, after))) break;
                std::vector<Part> parts = parts_before(clause, at, before);
                if (parts.empty()) continue;
                parts.push_back({at + 1, at + 1 + after});
                std::vector<std::vector<Token>> way;
                for (const Part& part : parts) way.push_back(with_one(clause, parts, part));
                ways.push_back(std::move(way));
            }
    }
    return ways;
}

}  // namespace assistd::providers::offline
