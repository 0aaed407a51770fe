#pragma once
// Text as the full-text index is given it. SQLite's tokenizer parts words at blanks and punctuation, which
// Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese have few of: their characters are written as
// overlapping pairs, each a word of its own, so that what is looked for is found wherever it stands. What
// Unicode writes in several ways (ligatures, full-width letters, accents that stand apart, ß and ss) is
// written in one (NFKC_Casefold). The same is done to queries. Pure functions.

#include <string>
#include <string_view>
#include <vector>

namespace assistd::knowledge {

// Counts up when indexed_text() or the tokenizer changes: what is stored is indexed anew then.
inline constexpr int words_form = 2;

std::string indexed_text(std::string_view text);

// A word of a query, as it stands in an expression of FTS5: quoted, or quoted with a star for the beginning
// of words.
struct QueryWord {
    std::string phrase;
    friend bool operator==(const QueryWord&, const QueryWord&) = default;
};
// Each word once, in their order, at most `at_most` of them.
std::vector<QueryWord> query_words(std::string_view query, std::size_t at_most);

}  // namespace assistd::knowledge
