// Numbers as people write and spell them: "2,500", "two thousand", "half a million", "5 percent".

#include <algorithm>
#include <array>

#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {
namespace {

struct NumberWord {
    std::string_view word;
    double value;
};
constexpr std::array<NumberWord, 28> small_numbers{
    {{"zero", 0},     {"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},
     {"five", 5},     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},
     {"ten", 10},     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14},
     {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
     {"twenty", 20},  {"thirty", 30},  {"forty", 40},     {"fifty", 50},    {"sixty", 60},
     {"seventy", 70}, {"eighty", 80},  {"ninety", 90}}};
constexpr std::array<NumberWord, 6> scales{
    {{"dozen", 12}, {"hundred", 100}, {"thousand", 1e3}, {"k", 1e3}, {"million", 1e6}, {"mio", 1e6}}};

template <std::size_t n>
std::optional<double> look_up(const std::array<NumberWord, n>& words, const Token& token) {
    if (token.kind != Token::Kind::word) return std::nullopt;
    std::string_view word = token.text;
    const auto found = [&](std::string_view text) {
        return std::find_if(words.begin(), words.end(),
                            [text](const NumberWord& w) { return w.word == text; });
    };
    auto hit = found(word);
    if (hit == words.end() && word.size() > 4 && word.ends_with('s'))
        hit = found(word.substr(0, word.size() - 1));
    if (hit == words.end()) return std::nullopt;
    return hit->value;
}

// Reads a number that is spelled out, one word at a time.
class SpelledNumber {
  public:
    SpelledNumber(Tokens tokens, std::size_t at) : tokens_(tokens), at_(at) {}

    std::optional<NumberReading> run() {
        double sign = 1;
        if (text(at_) == "minus") {
            sign = -1;
            ++at_;
        }
        if (text(at_) == "half" && text(at_ + 1) == "a" && at_ + 2 < tokens_.size() && scale(at_ + 2)) {
            const double value = 0.5 * *scale(at_ + 2);
            return NumberReading{sign * value, false, at_ + 3};
        }
        const bool article = text(at_) == "a" || text(at_) == "an";
        if (article && at_ + 1 < tokens_.size() && scale(at_ + 1) && tokens_[at_ + 1].text.size() > 1) ++at_;
        while (at_ < tokens_.size() && step()) {}
        if (!any_) return std::nullopt;
        if (text(at_) == "point") fraction();
        return NumberReading{sign * (total_ + current_), false, at_};
    }

  private:
    std::string_view text(std::size_t i) const {
        return i < tokens_.size() ? std::string_view(tokens_[i].text) : std::string_view();
    }
    std::optional<double> scale(std::size_t i) const { return look_up(scales, tokens_[i]); }

    bool step() {
        const Token& token = tokens_[at_];
        if (token.kind == Token::Kind::number) {
            if (any_ || token.percent) return false;
            current_ = token.number;
            last_ = 1;
        } else if (const auto small = look_up(small_numbers, token)) {
            // "twenty five" and "hundred five" go on; "two three" are two numbers.
            const bool fits =
                !any_ || last_ >= 100 || (last_ >= 20 && last_ < 100 && *small < 10 && *small > 0);
            if (!fits) return false;
            current_ += *small;
            last_ = *small;
        } else if (const auto by = scale(at_)) {
            if (!any_ && token.text.size() < 4) return false;  // "k" alone
            if (any_ && current_ == 0) return false;
            if (*by > last_scale_) return false;
            const double base = current_ == 0 ? 1 : current_;
            if (*by >= 1e3) {
                total_ += base * *by;
                current_ = 0;
                last_scale_ = *by / 10;
            } else {
                current_ = base * *by;
            }
            last_ = *by;
        } else if (token.text == "and" && any_ && last_ >= 100 && at_ + 1 < tokens_.size() &&
                   look_up(small_numbers, tokens_[at_ + 1]) && spelled_) {
            ++at_;
            return true;
        } else {
            return false;
        }
        spelled_ = spelled_ || token.kind == Token::Kind::word;
        any_ = true;
        ++at_;
        return true;
    }

    void fraction() {
        double place = 0.1;
        std::size_t i = at_ + 1;
        for (; i < tokens_.size(); ++i) {
            const auto digit = look_up(small_numbers, tokens_[i]);
            if (!digit || *digit > 9) break;
            current_ += *digit * place;
            place /= 10;
        }
        if (i > at_ + 1) at_ = i;
    }

    Tokens tokens_;
    std::size_t at_;
    double total_ = 0;
    double current_ = 0;
    double last_ = 0;
    double last_scale_ = 1e9;
    bool any_ = false;
    bool spelled_ = false;
};

}  // namespace

std::optional<NumberReading> read_number(Tokens tokens, std::size_t at) {
    if (at >= tokens.size()) return std::nullopt;
    if (tokens[at].percent) return NumberReading{tokens[at].number, true, at + 1};
    auto reading = SpelledNumber(tokens, at).run();
    if (reading && reading->next < tokens.size() &&
        (tokens[reading->next].text == "percent" || tokens[reading->next].text == "pct")) {
        reading->percent = true;
        ++reading->next;
    }
    return reading;
}

}  // namespace assistd::providers::offline
