#pragma once
// Sentences about what the conversation has done: "repeat that with seed 3", "what is its Rg?". Everything is
// read from the messages before. Used for one request, on one thread.

#include <optional>
#include <string>
#include <vector>

#include "providers/offline/grammar.h"
#include "providers/offline/history.h"

namespace assistd::providers::offline {

class Recall {
  public:
    // What was done before `exchange` is remembered.
    Recall(const Grammar& grammar, History& history, std::size_t exchange)
        : grammar_(grammar), history_(history), exchange_(exchange) {}

    // The last call that the words can mean, with the arguments that they change; none when they ask for no
    // repetition, or there is nothing to repeat.
    std::optional<Step> again(Tokens words);
    // "Reproduce simulation-3": the call that made it, with its seed; none when none here did.
    std::optional<Step> reproduced(Tokens words);
    // Says so; none when the words ask for nothing of the kind.
    std::optional<std::string> not_reproduced(Tokens words) const;
    // The answer to a question about a value that an earlier result carries; none when no result does.
    std::optional<std::string> told(Tokens words);
    // Says that no result carries the value; none when the words ask for no value that a tool's result has.
    std::optional<std::string> untold(Tokens words) const;

    // The one of the conversation's own that has the most or the least of a value: "which has the highest
    // Df?"
    std::optional<std::string> extreme(Tokens words);

  private:
    struct Question {
        std::vector<std::string> property;  // stems
        std::string handle;                 // "it" when empty
    };
    std::optional<Question> read_question(Tokens words) const;
    std::string value_of_thing(const std::string& handle, const std::vector<std::string>& property);
    bool is_told_by_a_run(const std::vector<std::string>& property) const;
    void take_others(Step& step, const Call& call, std::size_t exchange);
    void note_others(Step& step, const Call& call, std::size_t exchange, Tokens changes);
    std::optional<Step> changed(const Call& call, Tokens changes) const;

    const Grammar& grammar_;
    History& history_;
    std::size_t exchange_;
};

}  // namespace assistd::providers::offline
