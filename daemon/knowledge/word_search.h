#pragma once
// The search by words: BM25 over the chunks that a search may see.
//
// Scoring every chunk that has one of the words takes long where a word is in very many chunks, and such a
// word says little. So at most `most_scored` chunks are looked at: the words are taken from the rarest on
// until they would be more, and the others only add to what those find, unless they weigh next to nothing.
// When already the rarest has more, the newest chunks that have all of the words are scored, and when these
// are few, the newest that have any. In a collection of that size or less nothing of this happens. Owned by
// KnowledgeBase; any thread.

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/fusion.h"
#include "knowledge/search_text.h"
#include "knowledge/tables.h"

namespace assistd::knowledge {

// What a search may see.
struct Scope {
    // As the full-text index knows it ("o3" or "s17"), any of them; empty: nearly everything there is.
    std::vector<std::string> marks;
    std::int64_t chunks = 0;  // how many there are in it
    std::int64_t all_chunks = 0;
    std::function<bool(Key file)> sees;
};

class WordSearch {
  public:
    static constexpr std::int64_t most_scored = 10'000;
    static constexpr std::size_t most_words = 32;  // of a query; further ones are left out

    // At most `limit`, best first. The score is BM25 as a share of what a passage of usual length has that
    // has each of the query's words once, 0..1; words that no document has count as the rarest.
    std::vector<Scored> search(Reader reader, std::string_view query, const Scope& scope, std::size_t limit);

  private:
    struct Word {
        std::string phrase;
        std::int64_t chunks = 0;  // that have it; counted to most_scored + 1
        double weight = 0;
    };
    struct Count {
        std::int64_t chunks = 0;
        std::int64_t of = 0;  // how many there were
    };

    struct Words {
        std::vector<Word> known;  // rarest first
        double whole = 0;         // the weight of all, known or not
    };

    static std::size_t finding(const std::vector<Word>& words);
    static void leave_out_light(Words& words);
    std::vector<Scored> ranked(Reader reader, const std::vector<Word>& words, const Scope& scope,
                               std::size_t limit);
    Words words_of(Database& db, std::string_view query, std::int64_t all_chunks);
    std::int64_t count_of(Database& db, const std::string& phrase, std::int64_t all_chunks);

    std::mutex mutex_;
    // Words that are asked for are asked for again, and how many chunks have them hardly changes.
    std::unordered_map<std::string, Count> counts_;
};

}  // namespace assistd::knowledge
