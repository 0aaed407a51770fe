#include "core/titles.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "core/thoughts.h"

namespace assistd::core {
namespace {

constexpr std::size_t max_characters = 60;

// Longer answers are talk.
constexpr std::size_t max_title_words = 12;
constexpr std::size_t max_title_characters = 100;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// What models put around a title.
constexpr std::string_view wrapping[] = {" ", "\t", "\r", "\"", "'", "`", "*", "_",  "#",
                                         "“", "”",  "„",  "‘",  "’", "«", "»", "「", "」"};

std::string_view unwrapped(std::string_view text) {
    const auto strip = [&text](auto is_at_end, auto cut) {
        const auto found = std::find_if(std::begin(wrapping), std::end(wrapping), is_at_end);
        if (found == std::end(wrapping)) return false;
        cut(found->size());
        return !text.empty();
    };
    const auto at_front = [&text](std::string_view mark) { return text.starts_with(mark); };
    const auto at_back = [&text](std::string_view mark) { return text.ends_with(mark); };
    while (strip(at_front, [&text](std::size_t size) { text.remove_prefix(size); })) continue;
    while (strip(at_back, [&text](std::size_t size) { text.remove_suffix(size); })) continue;
    return text;
}

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

// The first line that says something, and that somebody else's words only when there are no others.
std::string_view first_line(std::string_view text) {
    std::string_view quoted;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const bool quotes = text.starts_with('>');
        const std::string_view line = unwrapped(text.substr(quotes ? 1 : 0, quotes ? end - 1 : end));
        if (!line.empty() && !quotes) return line;
        if (quoted.empty()) quoted = line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return quoted;
}

bool is_talk(std::string_view title) {
    const auto characters = static_cast<std::size_t>(
        std::count_if(title.begin(), title.end(), [](char c) { return !is_continuation(c); }));
    const auto words = static_cast<std::size_t>(1 + std::count(title.begin(), title.end(), ' '));
    if (characters > max_title_characters || words > max_title_words) return true;
    const std::string lower = lower_ascii(title);
    constexpr std::string_view refusals[] = {"<think",     "sorry",      "i'm sorry", "i’m sorry",
                                             "i am sorry", "i can't",    "i can’t",   "i cannot",
                                             "i'm unable", "i’m unable", "as an ai"};
    return std::any_of(std::begin(refusals), std::end(refusals),
                       [&](std::string_view refusal) { return lower.starts_with(refusal); });
}

}  // namespace

std::string title_in_answer(std::string_view answer) {
    const std::string said = without_thoughts(answer);
    std::string_view title = first_line(said);
    constexpr std::string_view label = "title:";
    if (lower_ascii(title.substr(0, label.size())) == label) title = unwrapped(title.substr(label.size()));
    while (title.ends_with('.')) title.remove_suffix(1);
    title = unwrapped(title);
    if (title.empty() || is_talk(title)) return "";
    std::string clean;
    for (const char c : title) clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return title_from(clean);
}

std::string title_from(std::string_view first_message) {
    // White space is folded; the title ends with the first line that says something.
    std::string line;
    for (const char c : first_message) {
        if (c == '\n' && !line.empty()) break;
        if (std::isspace(static_cast<unsigned char>(c)) == 0)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty()) return "Untitled";

    std::size_t characters = 0;
    std::size_t last_space = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (is_continuation(line[i])) continue;
        if (++characters > max_characters) {
            line.resize(last_space > 20 ? last_space : i);
            return line + "…";
        }
        if (line[i] == ' ') last_space = i;
    }
    return line;
}

}  // namespace assistd::core
