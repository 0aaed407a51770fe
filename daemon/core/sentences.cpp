#include "core/sentences.h"

#include <algorithm>
#include <array>

namespace assistd::core {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What may stand between a sentence's mark and the next sentence.
constexpr std::array<std::string_view, 12> closings = {"\"", "'", ")", "]",  "*",  "_",
                                                       "”",  "’", "»", "」", "』", "）"};
constexpr std::array<std::string_view, 3> marks_before_blank = {"?", "!", "…"};
constexpr std::array<std::string_view, 4> marks_of_ideographs = {"。", "！", "？", "｡"};

template <std::size_t n>
const std::string_view* ending_of(std::string_view text, const std::array<std::string_view, n>& endings) {
    const auto found = std::find_if(endings.begin(), endings.end(),
                                    [&](std::string_view ending) { return text.ends_with(ending); });
    return found == endings.end() ? nullptr : &*found;
}

// "e.g. ", "J. Smith", "3.5" and "Fig. 3" end no sentence.
bool full_stop_ends(std::string_view before, std::string_view next) {
    before.remove_suffix(1);
    const std::size_t size = before.size();
    const bool one_letter =
        size > 0 && is_letter(before[size - 1]) && (size == 1 || !is_letter(before[size - 2]));
    const char first = next.empty() ? '\0' : next.front();
    const bool goes_on = (first >= 'a' && first <= 'z') || (first >= '0' && first <= '9');
    return !one_letter && !goes_on;
}

}  // namespace

bool sentence_ends_at(std::string_view text, std::size_t at) {
    std::string_view before = text.substr(0, at);
    const std::string_view next = text.substr(at);
    if (!next.empty() && is_blank(next.front())) return false;
    while (!before.empty() && is_blank(before.back())) before.remove_suffix(1);
    const bool blank = before.size() < at || next.empty();
    while (const std::string_view* closing = ending_of(before, closings)) {
        if (before.size() == closing->size()) return false;
        before.remove_suffix(closing->size());
    }
    if (ending_of(before, marks_of_ideographs)) return ending_of(next.substr(0, 3), closings) == nullptr;
    if (!blank) return false;
    if (before.ends_with('.')) return full_stop_ends(before, next);
    return ending_of(before, marks_before_blank) != nullptr;
}

std::vector<std::string_view> sentences_of(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t at = 1; at < text.size(); ++at) {
        const bool between_characters = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        const bool after_blank = is_blank(text[at - 1]);
        const bool after_wide = (static_cast<unsigned char>(text[at - 1]) & 0x80) != 0;
        if (!between_characters || !(after_blank || after_wide) || !sentence_ends_at(text, at)) continue;
        parts.push_back(text.substr(begin, at - begin));
        begin = at;
    }
    if (begin < text.size()) parts.push_back(text.substr(begin));
    return parts;
}

}  // namespace assistd::core
