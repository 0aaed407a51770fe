#pragma once
// The full-text index as a whole: which chunks are in it, and how they come into it anew after what is
// indexed of a text has changed (search_text.h). Until that has come to its end, chunks of the gap are found
// by their meaning only. Functions over a connection, for the thread that has it.

#include <string>
#include <string_view>

#include "knowledge/tables.h"
#include "sqlite/full_text.h"

namespace assistd::knowledge {

// Chunks that are not in the index yet: their keys are from `begin` on, below `end`.
struct WordGap {
    Key begin = 0;
    Key end = 0;

    bool has(Key chunk) const { return chunk >= begin && chunk < end; }
    bool is_closed() const { return begin >= end; }
};

WordGap word_gap(Database& db);
// Has the next start index all words anew, whatever is wrong with what is there.
void forget_words(Database& db);
// Empties an index that was made of another form of text. Once, when the database is opened.
void check_word_index(Database& db);
// Indexes at most so many chunks of the gap; false when it is closed.
bool close_some_of_gap(WriteScope& scope, int at_most);

// The fewer parts the index has, the faster it is searched. Merges a little of it; false when there is
// nothing left to merge.
bool merge_some(WriteScope& scope);

inline constexpr sqlite::FullTextTable passage_table[] = {
    {"INSERT INTO passages (passages, rank) VALUES ('merge', -128)",
     "INSERT INTO passages (passages, rank) VALUES ('merge', 128)"}};

// What a chunk is found by: headings are words as much as its own.
std::string words_of_chunk(std::string_view heading, std::string_view text);
// `its_scope` as scope_of() says it.
void add_words(Database& db, Key chunk, std::string_view its_scope, std::string_view words);
// The index has no copy of what was written and has to be told the same again.
void remove_words(Database& db, Key chunk, std::string_view its_scope, std::string_view words);

}  // namespace assistd::knowledge
