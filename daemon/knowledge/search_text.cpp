#include "knowledge/search_text.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <unordered_set>

namespace assistd::knowledge {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

// The character at `at`, which moves behind it. A byte that begins no UTF-8 is a replacement character.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80) return first;
    const int more = first >= 0xF0 && first < 0xF8 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : -1;
    if (more < 0 || first >= 0xF8) return replacement;
    std::uint32_t code = first & (0x3Fu >> more);
    std::size_t behind = at;
    for (int i = 0; i < more; ++i, ++behind) {
        if (behind >= text.size()) return replacement;
        const auto byte = static_cast<unsigned char>(text[behind]);
        if ((byte & 0xC0) != 0x80) return replacement;
        code = code << 6 | (byte & 0x3Fu);
    }
    at = behind;
    return code;
}

void append_character(std::string& text, std::uint32_t code) {
    const auto byte = [&text](std::uint32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            byte(0xE0 | code >> 12);
        } else {
            byte(0xF0 | code >> 18);
            byte(0x80 | (code >> 12 & 0x3F));
        }
        byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
}

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};
// Scripts that are written without blanks between words, or with endings that stick to them: ideographs,
// kana, Hangul, bopomofo and the iteration marks.
constexpr Range paired[] = {{0x1100, 0x11FF}, {0x3005, 0x3007}, {0x3041, 0x3096},   {0x3099, 0x309F},
                            {0x30A1, 0x30FA}, {0x30FC, 0x30FF}, {0x3105, 0x312F},   {0x3131, 0x318E},
                            {0x31F0, 0x31FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3},
                            {0xF900, 0xFAFF}, {0xFF66, 0xFF9F}, {0x1B000, 0x1B16F}, {0x20000, 0x323AF}};

bool is_paired(std::uint32_t code) {
    if (code < paired[0].first) return false;
    return std::ranges::any_of(paired,
                               [code](Range range) { return code >= range.first && code <= range.last; });
}

std::uint32_t ordinary(std::uint32_t code) {
    constexpr std::uint32_t full_width = 0xFEE0;
    if (code >= 0xFF01 && code <= 0xFF5E) return code - full_width;
    return code == 0x3000 ? ' ' : code;
}

// The text as runs: of paired characters, or of everything else.
template <class Paired, class Other>
void walk(std::string_view text, Paired paired_run, Other other) {
    std::u32string run;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t code = ordinary(next_character(text, at));
        if (is_paired(code)) {
            run += static_cast<char32_t>(code);
            continue;
        }
        if (!run.empty()) paired_run(run);
        run.clear();
        other(code);
    }
    if (!run.empty()) paired_run(run);
}

std::string pair_at(const std::u32string& run, std::size_t at) {
    std::string pair;
    append_character(pair, run[at]);
    if (at + 1 < run.size()) append_character(pair, run[at + 1]);
    return pair;
}

// What separates words among ASCII; the tokenizer knows about the rest.
bool separates(std::uint32_t code) {
    return code < 0x80 && std::isalnum(static_cast<int>(code)) == 0;
}

}  // namespace

std::string indexed_text(std::string_view text) {
    std::string indexed;
    indexed.reserve(text.size());
    const auto pairs = [&indexed](const std::u32string& run) {
        // The last character begins a pair too, so that it can be found by itself.
        for (std::size_t i = 0; i < run.size(); ++i) indexed.append(" ").append(pair_at(run, i));
        indexed += ' ';
    };
    walk(text, pairs, [&indexed](std::uint32_t code) { append_character(indexed, code); });
    return indexed;
}

std::vector<QueryWord> query_words(std::string_view query, std::size_t at_most) {
    std::vector<QueryWord> words;
    std::unordered_set<std::string> seen;
    const auto add = [&](const std::string& word, std::string_view ending) {
        if (words.size() < at_most && seen.insert(word).second)
            words.push_back({'"' + word + '"' + std::string(ending)});
    };
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) add(word, "");
        word.clear();
    };
    const auto pairs = [&](const std::u32string& run) {
        end_word();
        if (run.size() == 1) return add(pair_at(run, 0), "*");
        for (std::size_t i = 0; i + 1 < run.size(); ++i) add(pair_at(run, i), "");
    };
    walk(query, pairs, [&](std::uint32_t code) {
        if (separates(code)) return end_word();
        append_character(
            word, code < 0x80 ? static_cast<std::uint32_t>(std::tolower(static_cast<int>(code))) : code);
    });
    end_word();
    return words;
}

}  // namespace assistd::knowledge
