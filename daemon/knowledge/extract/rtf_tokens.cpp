#include "knowledge/extract/rtf_tokens.h"

namespace assistd::extract {
namespace {

bool is_letter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

int digit_of(int c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

// The last byte of a block stays, so that one can be put back.
int RtfTokens::get() {
    if (at_ == block_.size()) {
        const std::string last = block_.empty() ? "" : block_.substr(block_.size() - 1);
        std::string more;
        if (!blocks_.next(more)) return -1;
        block_ = last + more;
        at_ = last.size();
    }
    return static_cast<unsigned char>(block_[at_++]);
}

RtfToken RtfTokens::next() {
    for (;;) {
        const int c = get();
        if (c < 0) return {};
        if (c == '{') return {RtfToken::Kind::open, {}, {}, 0, false};
        if (c == '}') return {RtfToken::Kind::close, {}, {}, 0, false};
        if (c == '\\') return control();
        if (c == '\r' || c == '\n' || c == '\0') continue;
        return {RtfToken::Kind::byte, {}, {}, static_cast<char>(c), false};
    }
}

RtfToken RtfTokens::control() {
    constexpr std::size_t longest_word = 32;
    constexpr int most = 100'000'000;
    int c = get();
    if (c < 0) return {};
    if (c == '\'') return hexadecimal();
    if (c == '*') return {RtfToken::Kind::star, {}, {}, 0, false};
    if (c == '\\' || c == '{' || c == '}') return {RtfToken::Kind::byte, {}, {}, static_cast<char>(c), false};
    RtfToken token{RtfToken::Kind::word, {}, {}, 0, false};
    if (!is_letter(c)) {
        token.word = c == '\r' || c == '\n' ? "par" : std::string(1, static_cast<char>(c));
        return token;
    }
    for (; is_letter(c) && token.word.size() < longest_word; c = get()) token.word += static_cast<char>(c);
    const bool negative = c == '-';
    if (negative) c = get();
    if (is_digit(c)) {
        int number = 0;
        for (; is_digit(c); c = get()) number = number < most ? number * 10 + (c - '0') : number;
        token.number = negative ? -number : number;
    }
    if (c != ' ' && c >= 0) put_back();
    return token;
}

RtfToken RtfTokens::hexadecimal() {
    const int first = get(), high = digit_of(first);
    if (high < 0) {
        if (first >= 0) put_back();
        return next();
    }
    const int second = get(), low = digit_of(second);
    if (low < 0) {
        if (second >= 0) put_back();
        return next();
    }
    return {RtfToken::Kind::byte, {}, {}, static_cast<char>(high * 16 + low), true};
}

void RtfTokens::skip(std::size_t bytes) {
    while (bytes-- > 0 && get() >= 0) continue;
}

}  // namespace assistd::extract
