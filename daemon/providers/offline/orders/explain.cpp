// What of a sentence that is no order was understood, and what was not.

#include "providers/offline/orders/sentence.h"

namespace assistd::providers::offline {

// Finds the first clause that is no order, for a helpful reply.
void SentenceReader::explain(const std::vector<Split>& splits, MessageReading& message) {
    const auto clause_of = [&](std::size_t from, std::size_t to) {
        return Tokens(tokens_).subspan(splits[from].begin, splits[to].end - splits[from].begin);
    };
    const auto can_be_read = [&](Tokens clause) {
        return !clause.empty() && clause.size() <= longest_clause && !read_clause(clause).empty();
    };
    std::string understood;
    std::string strange;
    for (std::size_t from = 0, to = 0; from + 1 < splits.size(); from = to) {
        // As much as can be read at once: a comma may stand within an order.
        to = splits.size() - 1;
        while (to > from && !can_be_read(clause_of(from, to))) --to;
        const bool is_read = to > from;
        if (!is_read) to = from + 1;
        const Tokens clause = clause_of(from, to);
        std::string& part = is_read ? understood : strange;
        if (part.empty() && !clause.empty()) part = as_written(clause);
    }
    if (understood.empty() || strange.empty()) return explain_words(clause_of(0, splits.size() - 1), message);
    message.understood_part = std::move(understood);
    message.strange_part = std::move(strange);
}

// Finds the fewest words without which the rest is an order: the "as pdf" of "write a report as pdf".
void SentenceReader::explain_words(Tokens clause, MessageReading& message) const {
    constexpr std::size_t longest = 24, most_strange = 5;
    if (clause.size() > longest) return;
    SentenceReader reader(grammar_);
    reader.set_effort(Effort::loose);
    reader.work_left_ = reader.loose_work_left_ = work_to_explain;
    for (std::size_t length = 1; length <= most_strange && length + 2 <= clause.size(); ++length)
        for (std::size_t at = clause.size() - length; at > 0; --at) {
            std::vector<Token> rest(clause.begin(), clause.begin() + static_cast<long>(at));
            rest.insert(rest.end(), clause.begin() + static_cast<long>(at + length), clause.end());
            const Readings readings = reader.read_clause(rest);
            if (readings.empty()) continue;
            message.understood_part = as_written(rest);
            message.strange_part = as_written(clause.subspan(at, length));
            message.understood_tool = readings.front().tool;
            return;
        }
}

}  // namespace assistd::providers::offline
