#pragma once
// BM25 for FTS5 tables where the caller knows how rare each phrase is. FTS5's own bm25() counts that anew in
// each query, by walking through every row of every phrase, which for common words takes longer than all
// else.
//
// `add_rank_function` gives a connection the function passage_rank(TABLE), which scores the rows of a MATCH
// by what the RankContext holds at that moment. Both belong to the thread that uses the connection; the
// context must outlive it.

#include <cstdint>
#include <functional>
#include <vector>

#include "sqlite/database.h"

namespace assistd::sqlite {

struct RankContext {
    // By the phrases' order in the MATCH expression: how much a row gains that has it. 0: it is not scored.
    std::vector<double> weights;
    int column = 0;  // the one whose length counts
    // Rows that it is false for have the score 0 and cost nothing more. May be empty.
    std::function<bool(std::int64_t rowid)> wanted;
    // Rows that cannot score as much, whatever their length, have the score 0: to know their length takes
    // longer than all else. May rise from row to row.
    double least = 0;
};

// The score is positive, and higher for what fits better.
void add_rank_function(Database& db, const RankContext& context);

// How rare a phrase is that `rows` of all `total` rows have: its weight in BM25. Always above zero, so that
// even what nearly all rows have counts a little.
double inverse_frequency(std::int64_t rows, std::int64_t total);

}  // namespace assistd::sqlite
