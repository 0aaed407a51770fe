#include "knowledge/word_search.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

namespace assistd::knowledge {
namespace {

constexpr std::size_t most_counts = 8'192;  // kept in memory
constexpr std::int64_t stale_after = 10;    // a count holds while a tenth of all chunks has not changed

bool is_better(const Scored& left, const Scored& right) {
    if (left.score != right.score) return left.score > right.score;
    return left.chunk < right.chunk;
}

// The best so far; the worst of them is on top.
class Best {
  public:
    explicit Best(std::size_t limit) : limit_(limit) {}

    void offer(const Scored& one) {
        if (heap_.size() == limit_) {
            if (!is_better(one, heap_.front())) return;
            std::ranges::pop_heap(heap_, is_better);
            heap_.pop_back();
        }
        heap_.push_back(one);
        std::ranges::push_heap(heap_, is_better);
    }
    // What does not score as much is not among them.
    double least() const { return heap_.size() == limit_ ? heap_.front().score : 0; }
    std::vector<Scored> sorted() && {
        std::ranges::sort(heap_, is_better);
        return std::move(heap_);
    }

  private:
    std::size_t limit_;
    std::vector<Scored> heap_;
};

// An expression of FTS5, and the weights of its phrases in their order.
struct Match {
    std::string expression;
    std::vector<double> weights;
};

class MatchBuilder {
  public:
    // `rows` have the words. Marks are looked up beside the words only where that saves rows: who may be seen
    // is found out anyway.
    MatchBuilder(const Scope& scope, std::int64_t rows) {
        if (scope.marks.empty() || rows <= scope.chunks) return;
        match_.expression = "scope : (";
        for (const std::string& mark : scope.marks) {
            if (match_.weights.size() > 0) match_.expression += " OR ";
            match_.expression += '"' + mark + '"';
            match_.weights.push_back(0);
        }
        match_.expression += ") AND ";
    }
    template <class Words>
    MatchBuilder& any(const Words& words, bool weigh = true) {
        return joined(words, " OR ", weigh);
    }
    template <class Words>
    MatchBuilder& all(const Words& words) {
        return joined(words, " AND ", true);
    }
    MatchBuilder& text(std::string_view literal) {
        match_.expression += literal;
        return *this;
    }
    Match done() { return std::move(match_); }

  private:
    template <class Words>
    MatchBuilder& joined(const Words& words, std::string_view between, bool weigh) {
        bool first = true;
        match_.expression += "text : (";
        for (const auto& word : words) {
            if (!first) match_.expression += between;
            first = false;
            match_.expression += word.phrase;
            match_.weights.push_back(weigh ? word.weight : 0);
        }
        match_.expression += ')';
        return *this;
    }

    Match match_;
};

// What passage_rank() goes by, for as long as this is there.
class Ranking {
  public:
    Ranking(sqlite::RankContext& rank, std::vector<double> weights, const Scope& scope) : rank_(rank) {
        constexpr int text_column = 1;
        rank_.column = text_column;
        rank_.weights = std::move(weights);
        rank_.wanted = [&scope](std::int64_t chunk) { return scope.sees(file_of_chunk(chunk)); };
    }
    ~Ranking() { rank_ = {}; }
    void needs(double least) { rank_.least = least; }
    Ranking(const Ranking&) = delete;
    Ranking& operator=(const Ranking&) = delete;

  private:
    sqlite::RankContext& rank_;
};

std::vector<Scored> best_of(Rows& rows, Ranking& ranking, std::size_t limit, std::int64_t at_most) {
    Best best(limit);
    for (std::int64_t seen = 0; seen < at_most && rows.next(); ++seen) {
        const double score = rows.real(1);
        if (score <= 0) continue;
        best.offer({rows.integer(0), score});
        ranking.needs(best.least());
    }
    return std::move(best).sorted();
}

std::vector<Scored> run(Reader reader, Match match, const Scope& scope, std::size_t limit) {
    Rows rows = reader.db.query("SELECT rowid, passage_rank(passages) FROM passages WHERE passages MATCH ?1",
                                match.expression);
    Ranking ranking(reader.rank, std::move(match.weights), scope);
    return best_of(rows, ranking, limit, std::numeric_limits<std::int64_t>::max());
}

std::vector<Scored> run_newest(Reader reader, Match match, const Scope& scope, std::size_t limit,
                               std::int64_t at_most) {
    Rows rows = reader.db.query(
        "SELECT rowid, passage_rank(passages) FROM passages WHERE passages MATCH ?1 ORDER BY rowid DESC",
        match.expression);
    Ranking ranking(reader.rank, std::move(match.weights), scope);
    return best_of(rows, ranking, limit, at_most);
}

}  // namespace

std::int64_t WordSearch::count_of(Database& db, const std::string& phrase, std::int64_t all_chunks) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = counts_.find(phrase);
        if (known != counts_.end() &&
            std::abs(known->second.of - all_chunks) <= known->second.of / stale_after)
            return known->second.chunks;
    }
    Rows rows = db.query(
        "SELECT count(*) FROM (SELECT 1 FROM passages WHERE passages MATCH 'text : ' || ?1 LIMIT ?2)", phrase,
        most_scored + 1);
    rows.next();
    const std::int64_t count = rows.integer(0);
    // A document may bring the word at any time; that nothing has it is found quickly.
    if (count == 0) return 0;
    const std::lock_guard lock(mutex_);
    if (counts_.size() >= most_counts) counts_.clear();
    counts_[phrase] = {count, all_chunks};
    return count;
}

WordSearch::Words WordSearch::words_of(Database& db, std::string_view query, std::int64_t all_chunks) {
    // Of a few chunks it cannot be told which words are common.
    constexpr std::int64_t telling = 1'000;
    const std::int64_t total = std::max(all_chunks, telling);
    Words words;
    for (const QueryWord& word : query_words(query, most_words)) {
        const std::int64_t count = count_of(db, word.phrase, all_chunks);
        // Of a word that was not counted to the end it is known only that many have it.
        const std::int64_t estimate = count > most_scored ? std::max(count, all_chunks / 2) : count;
        const double weight = sqlite::inverse_frequency(estimate, total);
        words.whole += weight;
        if (count > 0) words.known.push_back({word.phrase, count, weight});
    }
    std::ranges::stable_sort(words.known, {}, &Word::chunks);
    return words;
}

std::vector<Scored> WordSearch::search(Reader reader, std::string_view query, const Scope& scope,
                                       std::size_t limit) {
    Words words = words_of(reader.db, query, scope.all_chunks);
    if (words.known.empty() || scope.chunks == 0) return {};
    if (scope.chunks > most_scored) leave_out_light(words);
    std::vector<Scored> found = ranked(reader, words.known, scope, limit);
    for (Scored& one : found) one.score = std::min(1.0, one.score / words.whole);
    return found;
}

// How many of the words, which are rarest first, find no more chunks than are to be scored.
std::size_t WordSearch::finding(const std::vector<Word>& words) {
    std::size_t rare = 0;
    for (std::int64_t sum = 0; rare < words.size(); ++rare)
        if ((sum += words[rare].chunks) > most_scored) break;
    return rare;
}

// To look for a word that nearly every chunk has takes longer than all else, and tells next to nothing beside
// one that few have.
void WordSearch::leave_out_light(Words& words) {
    constexpr double light = 1.0 / 6;
    const std::size_t rare = finding(words.known);
    if (rare == 0) return;
    const double least = light * words.known.front().weight;
    while (words.known.size() > rare && words.known.back().weight < least) {
        words.whole -= words.known.back().weight;
        words.known.pop_back();
    }
}

std::vector<Scored> WordSearch::ranked(Reader reader, const std::vector<Word>& words, const Scope& scope,
                                       std::size_t limit) {
    const std::size_t rare = finding(words);
    const auto rows_of = [](std::span<const Word> some) {
        std::int64_t rows = 0;
        for (const Word& word : some) rows += word.chunks;
        return rows;
    };
    if (scope.chunks <= most_scored || rare == words.size())
        return run(reader, MatchBuilder(scope, rows_of(words)).any(words).done(), scope, limit);
    if (rare > 0) {
        const std::span found_by(words.data(), rare);
        const std::span adding(words.data() + rare, words.size() - rare);
        Match match = MatchBuilder(scope, rows_of(found_by))
                          .text("(")
                          .any(found_by)
                          .text(" OR (")
                          .any(found_by, false)
                          .text(" AND ")
                          .any(adding)
                          .text("))")
                          .done();
        return run(reader, std::move(match), scope, limit);
    }
    constexpr std::int64_t all_rows = std::numeric_limits<std::int64_t>::max();
    std::vector<Scored> found =
        run_newest(reader, MatchBuilder(scope, all_rows).all(words).done(), scope, limit, most_scored);
    if (found.size() < limit)
        found =
            run_newest(reader, MatchBuilder(scope, all_rows).any(words).done(), scope, limit, most_scored);
    return found;
}

}  // namespace assistd::knowledge
