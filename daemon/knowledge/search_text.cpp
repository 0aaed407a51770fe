#include "knowledge/search_text.h"

#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include "base/error.h"

namespace assistd::knowledge {
namespace {

// One form for everything that looks or sounds the same but for its bytes: ligatures, full-width letters,
// letters with their accents apart, capitals, ß. Bytes that are no UTF-8 stay as they are.
std::string folded(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
    std::string folded;
    folded.reserve(text.size());
    icu::StringByteSink<std::string> sink(&folded);
    if (U_SUCCESS(error))
        form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                            nullptr, error);
    if (U_FAILURE(error))
        throw Error(ErrorCode::internal, std::string("ICU cannot fold a text: ") + u_errorName(error));
    return folded;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

void append_character(std::string& text, char32_t code) {
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, code);
    text.append(bytes, static_cast<std::size_t>(length));
}

struct Range {
    char32_t first;
    char32_t last;
};
// Scripts that are written without blanks between words, or with endings that stick to them: Thai, Lao,
// Burmese, Khmer, ideographs, kana, Hangul, bopomofo and the iteration marks. Digits are words as elsewhere.
constexpr Range paired[] = {{0x0E01, 0x0E3A},   {0x0E40, 0x0E4E},  {0x0E81, 0x0ECE}, {0x0EDC, 0x0EDF},
                            {0x1000, 0x103F},   {0x1050, 0x108F},  {0x109A, 0x109F}, {0x1100, 0x11FF},
                            {0x1780, 0x17D3},   {0x17DC, 0x17DD},  {0x3005, 0x3007}, {0x3041, 0x3096},
                            {0x3099, 0x309F},   {0x30A1, 0x30FA},  {0x30FC, 0x30FF}, {0x3105, 0x312F},
                            {0x3131, 0x318E},   {0x31F0, 0x31FF},  {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                            {0xA9E0, 0xA9EF},   {0xAA60, 0xAA7F},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                            {0x1B000, 0x1B16F}, {0x20000, 0x323AF}};

bool is_paired(char32_t code) {
    if (code < paired[0].first) return false;
    return std::ranges::any_of(paired,
                               [code](Range range) { return code >= range.first && code <= range.last; });
}

// A folded text as runs: of paired characters, or of everything else. Bytes that are no UTF-8 are replacement
// characters.
template <class Paired, class Other>
void walk(std::string_view text, Paired paired_run, Other other) {
    std::u32string run;
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 next = 0;
        U8_NEXT_OR_FFFD(text.data(), at, size, next);
        const auto code = static_cast<char32_t>(next);
        if (is_paired(code)) {
            run += code;
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
bool separates(char32_t code) {
    return code < 0x80 && std::isalnum(static_cast<int>(code)) == 0;
}

}  // namespace

std::string indexed_text(std::string_view text) {
    if (is_ascii(text)) return std::string(text);  // the tokenizer does the rest
    std::string indexed;
    indexed.reserve(text.size());
    const auto pairs = [&indexed](const std::u32string& run) {
        // The last character begins a pair too, so that it can be found by itself.
        for (std::size_t i = 0; i < run.size(); ++i) indexed.append(" ").append(pair_at(run, i));
        indexed += ' ';
    };
    walk(folded(text), pairs, [&indexed](char32_t code) { append_character(indexed, code); });
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
    walk(folded(query), pairs, [&](char32_t code) {
        if (separates(code)) return end_word();
        append_character(word, code);
    });
    end_word();
    return words;
}

}  // namespace assistd::knowledge
