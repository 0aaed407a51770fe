#pragma once
// One message cut into sentences, each sentence into clauses, each clause matched against every tool. A
// sentence is an order only when all of it is: a tool never runs because of half a sentence. Used once, on
// one thread.

#include <map>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

class SentenceReader {
  public:
    static constexpr std::size_t most_tokens = 400;    // of a message; a longer one is no order
    static constexpr std::size_t longest_clause = 64;  // tokens
    static constexpr long most_work = 2'000'000;       // steps of all searches of one message
    static constexpr long work_to_explain = 500'000;

    explicit SentenceReader(const Grammar& grammar)
        : grammar_(grammar), matcher_(work_left_), loose_matcher_(loose_work_left_) {}

    MessageReading read(std::vector<Token> tokens);

  private:
    // Where one clause may end and the next may begin.
    struct Split {
        std::size_t end = 0;
        std::size_t begin = 0;
        bool ordered = false;
    };

    // How far a sentence is from what phrases say, each tried where the one before reads nothing: options in
    // any place, words that several orders share, a value that an enum does not have.
    enum class Effort { strict, loose, shared, unknown };

    void set_effort(Effort effort);
    bool read_comparison(Tokens sentence, MessageReading& message) const;
    void read_sentence(std::size_t begin, std::size_t end, MessageReading& message);
    std::vector<Split> splits_of(std::size_t begin, std::size_t end) const;
    bool read_clauses(std::size_t split, const std::vector<Split>& splits, std::vector<Readings>& steps);
    void explain_words(Tokens clause, MessageReading& message) const;
    void explain(const std::vector<Split>& splits, MessageReading& message);
    Readings read_clause(Tokens clause);
    void name_makers(Step& step) const;
    std::vector<Readings> read_shared(Tokens clause);
    Readings match_all(Tokens clause);
    std::optional<Match> match(const GrammarTool& tool, Tokens clause);
    Readings read_counted(Tokens clause);
    Readings read_study(Tokens clause);
    Readings match_run(const std::vector<Token>& order);
    Readings match_options(Tokens clause);

    const Grammar& grammar_;
    long work_left_ = most_work;
    Matcher matcher_;
    // Options may stand anywhere in an order: tried on what cannot be read otherwise, with work of its own.
    long loose_work_left_ = most_work;
    long far_work_left_ = most_work, far_loose_work_left_ = most_work;
    Matcher loose_matcher_;
    Effort effort_ = Effort::strict;
    std::vector<Token> tokens_;
    std::map<std::size_t, bool> hopeless_;  // places from which the rest of the sentence cannot be read
};

}  // namespace assistd::providers::offline
