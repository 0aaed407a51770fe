#include "providers/offline/orders/study_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {
namespace {

constexpr int usual_values = 5;
constexpr int most_values = 100;

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

struct Range {
    double first = 0;
    double last = 0;
    std::optional<int> count;
    std::optional<double> step;
    bool logarithmic = false;
    std::size_t begin = 0;  // its words
    std::size_t end = 0;
};

// "in 4 steps", "in steps of 50", "with 5 values", "by 50", "logarithmically": whatever of it stands at
// range.end.
void read_steps(Tokens words, Range& range) {
    static constexpr std::array<std::string_view, 6> before{"in", "with", "using", "by", "at", "and"};
    static constexpr std::array<std::string_view, 5> spaced{"equal", "even", "evenly", "equidistant",
                                                            "spaced"};
    static constexpr std::array<std::string_view, 5> log{"log", "logarithmic", "logarithmically", "geometric",
                                                         "exponential"};
    static constexpr std::array<std::string_view, 8> counted{"steps", "values", "points",   "levels",
                                                             "step",  "stages", "settings", "increments"};
    const auto skip = [&](std::size_t& at) {
        while (at < words.size() && (is_one_of(spaced, words[at].text) || is_one_of(log, words[at].text))) {
            range.logarithmic = range.logarithmic || is_one_of(log, words[at].text);
            ++at;
        }
    };
    std::size_t at = range.end;
    while (at < words.size() && words[at].kind == Token::Kind::comma) ++at;
    const bool by = at < words.size() && words[at].text == "by";
    if (at < words.size() && is_one_of(before, words[at].text)) ++at;
    skip(at);
    if (at < words.size() && is_one_of(counted, words[at].text)) {
        // "steps of 50"
        std::size_t size = at + 1;
        if (size < words.size() && words[size].text == "of") ++size;
        if (const auto step = read_number(words, size)) {
            range.step = step->value;
            range.end = step->next;
        }
        return;
    }
    const auto number = read_number(words, at);
    if (!number) {
        if (range.logarithmic) range.end = at;
        return;
    }
    at = number->next;
    skip(at);
    if (at < words.size() && is_one_of(counted, words[at].text)) {
        range.count = static_cast<int>(std::clamp(number->value, 0.0, 1e6));
        range.end = at + 1;
    } else if (by) {
        range.step = number->value;
        range.end = number->next;
    }
}

std::optional<Range> find_range(Tokens words) {
    for (std::size_t at = 0; at + 3 < words.size(); ++at) {
        const bool between = words[at].text == "between";
        if (!between && words[at].text != "from") continue;
        const auto first = read_number(words, at + 1);
        if (!first || first->percent || first->next >= words.size()) continue;
        const std::string& joint = words[first->next].text;
        if (joint != "to" && joint != "until" && joint != "through" && !(between && joint == "and")) continue;
        std::size_t next = first->next + 1;
        if (words[first->next].text == "up" && next < words.size() && words[next].text == "to") ++next;
        const auto last = read_number(words, next);
        if (!last || last->percent) continue;
        Range range{first->value, last->value, {}, {}, false, at, last->next};
        read_steps(words, range);
        return range;
    }
    return std::nullopt;
}

bool is_whole(double value) {
    return value == std::round(value) && std::abs(value) < 1e15;
}

std::vector<double> values_of(const Range& range) {
    const double width = range.last - range.first;
    int count = range.count.value_or(usual_values);
    if (range.step) {
        if (*range.step <= 0 || std::abs(width) / *range.step > most_values) return {};
        count = static_cast<int>(std::floor(std::abs(width) / *range.step + 1e-9)) + 1;
    }
    const bool logarithmic = range.logarithmic && !range.step;
    if (count < 2 || count > most_values || width == 0 || (logarithmic && range.first * range.last <= 0))
        return {};
    const bool whole =
        is_whole(range.first) && is_whole(range.last) && (!range.step || is_whole(*range.step));
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        const double part = static_cast<double>(i) / (count - 1);
        double value =
            logarithmic ? range.first * std::pow(range.last / range.first, part) : range.first + width * part;
        if (range.step) value = range.first + std::copysign(*range.step, width) * i;
        // Twelve digits: 0.1 + 0.2 is said as 0.3.
        value = whole ? std::round(value) : std::stod(fmt::format("{:.12g}", value));
        if (values.empty() || value != values.back()) values.push_back(value);
    }
    if (values.size() < 2) return {};
    return values;
}

Token number_token(double value) {
    Token token;
    token.kind = Token::Kind::number;
    token.text = token.raw = fmt::format("{:.12g}", value);
    token.number = value;
    return token;
}

Token comma_token() {
    Token token;
    token.kind = Token::Kind::comma;
    token.text = token.raw = ",";
    token.filler = true;
    return token;
}

}  // namespace

bool has_stepped_range(const std::vector<Token>& words) {
    const auto range = find_range(words);
    return range && (range->count || range->step);
}

bool expand_range(std::vector<Token>& words) {
    const auto range = find_range(words);
    if (!range) return false;
    const std::vector<double> values = values_of(*range);
    if (values.empty()) return false;
    std::vector<Token> expanded(words.begin(), words.begin() + static_cast<long>(range->begin));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) expanded.push_back(comma_token());
        expanded.push_back(number_token(values[i]));
    }
    expanded.insert(expanded.end(), words.begin() + static_cast<long>(range->end), words.end());
    words = std::move(expanded);
    return true;
}

std::vector<std::vector<Token>> varied_last(const std::vector<Token>& words, const Token& with) {
    static constexpr std::array<std::string_view, 4> joints{"for", "of", "in", "on"};
    constexpr std::size_t most_ways = 8;
    const auto numeral = [](const Token& word) { return word.kind == Token::Kind::number; };
    const auto place_of = [&](const auto& is_it) {
        return static_cast<std::size_t>(std::find_if(words.begin(), words.end(), is_it) - words.begin());
    };
    const std::size_t over = place_of([](const Token& word) { return word.text == "over"; });
    const std::size_t values = over < words.size() ? over + 1 : place_of(numeral);
    std::vector<std::vector<Token>> ways;
    for (std::size_t at = 1; at + 1 < words.size() && ways.size() < most_ways; ++at) {
        if (!is_one_of(joints, words[at].text) || numeral(words[at + 1])) continue;
        // "p 0.1 and 1 for dla", or "p of dla 0.1 and 1".
        const std::size_t end = at < values ? values : words.size();
        const auto from = [&](std::size_t i) { return words.begin() + static_cast<long>(i); };
        std::vector<Token> way(from(at + 1), from(end));
        way.push_back(with);
        way.insert(way.end(), words.begin(), from(at));
        way.insert(way.end(), from(end), words.end());
        std::erase_if(way, [](const Token& word) { return word.text == "over"; });
        ways.push_back(std::move(way));
    }
    return ways;
}

}  // namespace assistd::providers::offline
