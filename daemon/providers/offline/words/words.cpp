#include "providers/offline/words/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "providers/offline/words/plain_text.h"
#include "providers/offline/words/units.h"

namespace assistd::providers::offline {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word_char(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

class Scanner {
  public:
    Scanner(std::string_view text, std::size_t limit) : text_(text), limit_(limit) {}

    std::vector<Token> run() {
        while (at_ < text_.size() && tokens_.size() < limit_) {
            const char c = text_[at_];
            if (c == '\n' || c == '\r') {
                add(Token::Kind::stop, ".", at_, 1);
                skip_list_mark();
            } else if (c == '"' || c == '`' || c == '\'') {
                quotation(c);
            } else if (starts_number()) {
                number();
            } else if (is_word_char(c)) {
                word();
            } else {
                mark(c);
            }
        }
        return std::move(tokens_);
    }

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool after_space() const { return at_ == 0 || !is_word_char(text_[at_ - 1]); }

    void add(Token::Kind kind, std::string text, std::size_t begin, std::size_t length) {
        Token token;
        token.kind = kind;
        token.text = std::move(text);
        token.raw = text_.substr(begin, length);
        token.filler = kind == Token::Kind::comma || (kind == Token::Kind::word && is_filler(token.text));
        tokens_.push_back(std::move(token));
        at_ = begin + length;
    }

    // "1. Run …" and "2) …" at the beginning of a line number its lines only.
    void skip_list_mark() {
        std::size_t i = at_;
        while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
        const std::size_t digits = i;
        while (i < text_.size() && is_digit(text_[i])) ++i;
        if (i > digits && i + 1 < text_.size() && (text_[i] == '.' || text_[i] == ')') && text_[i + 1] == ' ')
            at_ = i + 1;
    }

    void quotation(char quote) {
        const std::size_t end = text_.find(quote, at_ + 1);
        // An apostrophe is no quotation mark: it opens one only after a space and with a partner that ends a
        // word.
        const bool apostrophe =
            quote == '\'' && (!after_space() || (end != std::string_view::npos && end + 1 < text_.size() &&
                                                 is_word_char(text_[end + 1])));
        if (end == std::string_view::npos || apostrophe || end == at_ + 1) {
            ++at_;
            return;
        }
        const std::size_t begin = at_;
        add(Token::Kind::quoted, std::string(text_.substr(begin + 1, end - begin - 1)), begin,
            end + 1 - begin);
    }

    bool starts_number() const {
        if (is_digit(peek())) return true;
        if (!after_space()) return false;
        return ((peek() == '-' || peek() == '.') && is_digit(peek(1))) ||
               (peek() == '-' && peek(1) == '.' && is_digit(peek(2)));
    }

    // "12,5", but not "1,2,3", "0.1,0.5" and "simulations 1,2", which are lists.
    bool is_decimal_comma(std::size_t at) const {
        const bool is_plural = !tokens_.empty() && tokens_.back().kind == Token::Kind::word &&
                               stem(tokens_.back().text) != tokens_.back().text;
        if (is_plural || at + 1 >= text_.size() || text_[at] != ',' || !is_digit(text_[at + 1])) return false;
        std::size_t end = at + 1, begin = at;
        while (end < text_.size() && is_digit(text_[end])) ++end;
        while (begin > 0 && is_digit(text_[begin - 1])) --begin;
        const auto parts = [&](std::size_t i) {
            return i + 1 < text_.size() && (text_[i] == ',' || text_[i] == '.') && is_digit(text_[i + 1]);
        };
        const bool is_listed =
            begin > 1 && (text_[begin - 1] == ',' || text_[begin - 1] == '.') && is_digit(text_[begin - 2]);
        return !parts(end) && !is_listed;
    }

    // Digits with separators, a fraction and an exponent; returns where they end.
    std::size_t number_end(std::string& digits) const {
        std::size_t i = at_;
        if (text_[i] == '-') digits += text_[i++];
        const std::size_t first = i;
        while (i < text_.size() && is_digit(text_[i])) digits += text_[i++];
        const auto group_at = [&](std::size_t at) {
            return at + 3 < text_.size() + 0 && is_digit(text_[at + 1]) && is_digit(text_[at + 2]) &&
                   is_digit(text_[at + 3]) && (at + 4 >= text_.size() || !is_digit(text_[at + 4]));
        };
        const bool may_group = i - first >= 1 && i - first <= 3 && text_[first] != '0';
        while (may_group && i < text_.size() &&
               (text_[i] == ',' || text_[i] == '_' || text_[i] == '\'' || text_[i] == ' ') && group_at(i)) {
            digits += text_.substr(i + 1, 3);
            i += 4;
        }
        if (is_decimal_comma(i) || (i + 1 < text_.size() && text_[i] == '.' && is_digit(text_[i + 1]))) {
            digits += '.';
            ++i;
            while (i < text_.size() && is_digit(text_[i])) digits += text_[i++];
        }
        if (const std::size_t end = power_of_ten(i, digits); end > i) return end;
        if (i < text_.size() && (text_[i] == 'e' || text_[i] == 'E')) {
            std::size_t e = i + 1;
            if (e < text_.size() && (text_[e] == '-' || text_[e] == '+')) ++e;
            if (e < text_.size() && is_digit(text_[e])) {
                digits += text_.substr(i, e - i);
                i = e;
                while (i < text_.size() && is_digit(text_[i])) digits += text_[i++];
            }
        }
        return i;
    }

    // The "^4" of "10^4" and the "*10^4" of "5*10^4" or "5 x 10^4"; returns where it ends, or `at` when there
    // is none.
    std::size_t power_of_ten(std::size_t at, std::string& digits) const {
        std::size_t i = at;
        const bool bare = digits == "10";
        if (!bare) {
            while (i < text_.size() && text_[i] == ' ') ++i;
            if (i >= text_.size() || (text_[i] != '*' && text_[i] != 'x')) return at;
            for (++i; i < text_.size() && text_[i] == ' ';) ++i;
            if (!text_.substr(std::min(i, text_.size())).starts_with("10")) return at;
            i += 2;
        }
        if (i + 1 >= text_.size() || text_[i] != '^' || !is_digit(text_[i + 1])) return at;
        digits = (bare ? "1" : digits) + "e";
        for (++i; i < text_.size() && is_digit(text_[i]); ++i) digits += text_[i];
        return i;
    }

    void number() {
        std::string digits;
        const std::size_t begin = at_;
        std::size_t end = number_end(digits);
        if (digits.size() > 40) digits.resize(40);
        std::size_t letters = end;
        while (letters < text_.size() && is_letter(text_[letters])) ++letters;
        double scale = 1;
        const std::string_view unit = text_.substr(end, letters - end);
        // "1e5.5" is no number.
        const char next = letters < text_.size() ? text_[letters] : ' ';
        const bool word_goes_on =
            is_digit(next) || next == '_' || (next == '.' && is_digit(peek(letters + 1 - at_)));
        // Nor is "10^5.5", which is no word either.
        if (word_goes_on && text_.substr(begin, end - begin).find('^') != std::string_view::npos) {
            while (end < text_.size() && (is_word_char(text_[end]) || text_[end] == '.')) ++end;
            return add(Token::Kind::word, lower(text_.substr(begin, end - begin)), begin, end - begin);
        }
        if ((unit == "k" || unit == "K") && !word_goes_on)
            scale = 1e3;
        else if ((unit == "m" || unit == "M") && !word_goes_on)
            scale = 1e6;
        else if ((!unit.empty() && unit.size() <= 2 && !is_unit(lower(unit))) || word_goes_on)
            return word();  // "2d", "3rd"
        if (scale > 1) end = letters;
        // "2-d" is "2d".
        if (unit.empty() && end + 1 < text_.size() && text_[end] == '-' && is_letter(text_[end + 1]) &&
            (end + 2 >= text_.size() || !is_word_char(text_[end + 2]))) {
            const std::string joined = lower(std::string(text_.substr(begin, end - begin)) + text_[end + 1]);
            return add(Token::Kind::word, joined, begin, end + 2 - begin);
        }
        const double value = std::strtod(digits.c_str(), nullptr) * scale;
        add(Token::Kind::number, digits, begin, end - begin);
        tokens_.back().number = std::isfinite(value) ? value : 0;
        // "1%" and, as the SI has it, "1 %".
        const std::size_t sign = peek() == ' ' ? 1 : 0;
        if (peek(sign) == '%') {
            tokens_.back().percent = true;
            at_ += sign + 1;
        }
    }

    void word() {
        const std::size_t begin = at_;
        std::size_t end = at_;
        std::string text;
        while (end < text_.size()) {
            const char c = text_[end];
            const char next = end + 1 < text_.size() ? text_[end + 1] : '\0';
            if (is_word_char(c))
                text += c;
            else if (c == '.' && is_word_char(next))
                text += c;  // "dla.csv"
            else if (c == '-' && is_digit(next) && text.find('-') == std::string::npos)
                text += c;  // "plot-3"
            else if (c != '\'' || !is_letter(next))
                break;  // "don't" is read as "dont"
            ++end;
        }
        if (text.empty()) return static_cast<void>(++at_);
        add(Token::Kind::word, lower(text), begin, end - begin);
    }

    void mark(char c) {
        if (c == ',' || c == ';' || c == ':' || c == '(' || c == ')')
            add(Token::Kind::comma, {c}, at_, 1);
        else if (c == '.' || c == '!' || c == '?')
            add(Token::Kind::stop, {c}, at_, 1);
        else if (c == '&')
            add(Token::Kind::word, "and", at_, 1);
        else
            unknown(c);
    }

    // "a = 25": what is set equal to something is a name, also where it looks like an article. "1-5" and
    // "simulation-1 - simulation-5" are "1 to 5".
    void unknown(char c) {
        if (c == '-' && parts_range()) return add(Token::Kind::word, "to", at_, 1);
        if (c == '=' && !tokens_.empty() && tokens_.back().kind == Token::Kind::word)
            tokens_.back().filler = false;
        ++at_;
    }

    bool parts_range() const {
        if (tokens_.empty()) return false;
        const Token& before = tokens_.back();
        if (before.kind == Token::Kind::number && !after_space()) return is_digit(peek(1));
        const std::size_t dash = before.text.rfind('-');
        const bool is_handle = before.kind == Token::Kind::word && dash != std::string::npos && dash > 0;
        return is_handle &&
               lower(text_.substr(at_ + 1).substr(0, dash + 2)) == " " + before.text.substr(0, dash + 1);
    }

    std::string_view text_;
    std::size_t limit_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

template <std::size_t n>
bool one_of(const std::array<std::string_view, n>& sorted, std::string_view word) {
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                                                 : 0;
        bool good = length > 0 && i + length <= text.size();
        for (std::size_t k = 1; good && k < length; ++k)
            good = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
        if (good && length > 2) {
            const auto second = static_cast<unsigned char>(text[i + 1]);
            good = !((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                     (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f));
        }
        out += good ? text.substr(i, length) : "\uFFFD";
        i += good ? length : 1;
    }
    return out;
}

std::vector<Token> tokenize(std::string_view text, std::size_t limit) {
    const std::string plain = plain_marks(text);
    return Scanner(plain, limit).run();
}

std::string stem(std::string_view word) {
    std::string out(word);
    const auto replace_end = [&out](std::string_view from, std::string_view to) {
        if (out.size() > from.size() + 2 && out.ends_with(from))
            out.replace(out.size() - from.size(), from.size(), to);
    };
    replace_end("ies", "y");
    if (out.size() > 3 && out.ends_with('s') && !out.ends_with("ss") && !out.ends_with("us") &&
        !out.ends_with("is"))
        out.pop_back();
    replace_end("yse", "yze");
    replace_end("ise", "ize");
    replace_end("our", "or");
    return out;
}

bool is_broken_number(const Token& token) {
    return token.kind == Token::Kind::word && is_digit(token.text.front()) &&
           token.text.find('.') != std::string::npos &&
           token.text.find_first_not_of("0123456789.e^km") == std::string::npos;
}

bool is_filler(std::string_view word) {
    static constexpr std::array<std::string_view, 30> fillers{
        "a",      "again",   "also",   "an",     "another", "assistd", "fresh", "hey", "hi",     "just",
        "kindly", "me",      "my",     "new",    "now",     "ok",      "okay",  "our", "please", "pls",
        "plz",    "quickly", "really", "simply", "so",      "some",    "the",   "too", "uh",     "us"};
    static_assert(std::is_sorted(fillers.begin(), fillers.end()));
    return one_of(fillers, word);
}

bool is_negation(std::string_view word) {
    static constexpr std::array<std::string_view, 20> negations{
        "arent",   "avoid", "cannot", "cant", "didnt", "doesnt",  "dont",     "except",  "havent", "isnt",
        "neither", "never", "no",     "nor",  "not",   "nothing", "shouldnt", "without", "wont",   "wouldnt"};
    static_assert(std::is_sorted(negations.begin(), negations.end()));
    return one_of(negations, word);
}

std::string as_written(Tokens tokens) {
    std::string out;
    for (const Token& token : tokens) {
        const bool mark = token.kind == Token::Kind::comma || token.kind == Token::Kind::stop;
        if (!out.empty() && !mark) out += ' ';
        out += token.raw;
        if (token.percent) out += '%';
    }
    return out;
}

int edit_distance(std::string_view a, std::string_view b, int limit) {
    const auto gap = static_cast<long>(a.size()) - static_cast<long>(b.size());
    if (std::labs(gap) > limit || a.size() > 40 || b.size() > 40) return limit + 1;
    std::array<int, 42> before{}, row{}, last{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = last;
        last = row;
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            // Two letters changed places.
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return std::min(row[b.size()], limit + 1);
}

}  // namespace assistd::providers::offline
