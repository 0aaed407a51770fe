#pragma once
// Cuts a document into overlapping chunks that are searched and quoted. A pure function: the same document
// and sizes give the same chunks. Any thread.
//
// A chunk ends, in this order of preference, where a heading begins, after a paragraph, after a sentence or a
// line, after a word, and only in what is longer than a chunk without any of these, between two characters.
// Its size is counted by core/tokens.h and never more than was asked for; it is at least half way between the
// overlap and that, so that every chunk adds something, but for the last one. The next chunk begins before
// the end of the one before, by as many tokens as the overlap or, to begin with a sentence or word, a few
// less.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/knowledge.h"
#include "knowledge/document.h"

namespace assistd::knowledge {

inline constexpr int least_chunk_tokens = 100;
inline constexpr int most_chunk_tokens = 4'096;

struct Chunk {
    std::string text;
    // Its place in the document's text, in code points: [start, end).
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::optional<int> first_page;
    std::optional<int> last_page;
    std::string heading;  // of the section that most of it is from: "Methods > Growth"
};

// Every character of the text is in a chunk; a text without any gives none. Throws Error{validation} for a
// size outside of the bounds above, and for an overlap that is negative or more than half of the size.
std::vector<Chunk> chunks_of(const Document& document, const core::Chunking& chunking);

}  // namespace assistd::knowledge
