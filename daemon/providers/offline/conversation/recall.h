#pragma once
// Sentences about what the conversation has done: "repeat that with seed 3", "what is its Rg?". Everything is
// read from the messages before. Used for one request, on one thread.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"
#include "providers/offline/orders/repeat_words.h"

namespace assistd::providers::offline {

class Recall {
  public:
    // What was done before `exchange` is remembered.
    Recall(const Grammar& grammar, History& history, std::size_t exchange)
        : grammar_(grammar), history_(history), exchange_(exchange) {}

    // The last call that the words can mean, with the arguments that they change; none when they ask for no
    // repetition, or there is nothing to repeat. What is called by its handle may have to be looked up first:
    // then that is the only step until it is known.
    std::optional<std::vector<Step>> again(Tokens words);
    // Why again() repeated nothing, where the words did ask for a repetition; else empty.
    const std::string& refusal() const { return refusal_; }
    // "Reproduce simulation-3": the call that made it, with its seed; none when none here did.
    std::optional<Step> reproduced(Tokens words);
    // Says so; none when the words ask for nothing of the kind.
    std::optional<std::string> not_reproduced(Tokens words) const;
    // The answer to a question about a value that an earlier result carries; none when no result does.
    std::optional<std::string> told(Tokens words);
    // Says that no result carries the value; none when the words ask for no value that a tool's result has.
    std::optional<std::string> untold(Tokens words) const;

    // The one of the conversation's own that has the most or the least of a value: "which has the highest
    // Df?" Or of the two that it dealt with last.
    std::optional<std::string> extreme(Tokens words);
    std::string with_extremes(std::string message);

  private:
    struct Question {
        std::vector<std::string> property;  // stems
        std::string handle;                 // "it" when empty
        std::string unit;                   // of a length, "in nm"; empty: its own
        bool asks_error = false;            // "the error of its Df"
    };
    const Property* property_called(const std::vector<std::string>& name) const;
    std::vector<std::string> last_two(const std::vector<std::string>& candidates);
    std::vector<std::string> made_together(std::size_t exchange, const std::vector<std::string>& candidates);
    bool is_study_newest();
    std::string not_compared(const std::vector<std::string>& compared);
    std::optional<Question> read_question(Tokens words) const;
    std::string value_of_thing(const std::string& handle, const Question& question);
    bool is_told_by_a_run(const std::vector<std::string>& property) const;
    void take_others(Step& step, const Call& call, std::size_t exchange);
    void note_others(Step& step, const Call& call, std::size_t exchange, Tokens changes);
    const Call* counted(const Reference::Item& item);
    std::optional<std::vector<Step>> again_of(const Repeat& repeat, Tokens words);
    bool is_refused(const Call* newer, const Call& older, Tokens changes);
    const Call* maker_of(const std::string& handle);
    const Call* details_of(const std::string& handle);
    std::optional<Step> changed(const Call& call, Tokens changes) const;
    std::optional<Step> changed(const GrammarTool& tool, const nlohmann::json& arguments,
                                Tokens changes) const;
    std::optional<Step> changed_study(const Call& call, const nlohmann::json& arguments,
                                      Tokens changes) const;
    void rename(Step& step, const nlohmann::json& arguments) const;
    bool change(Step& step, const nlohmann::json& arguments, Tokens changes) const;

    const Grammar& grammar_;
    History& history_;
    std::size_t exchange_;
    std::string refusal_;
};

}  // namespace assistd::providers::offline
