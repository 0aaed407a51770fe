#pragma once
// What the user wants, from the conversation alone: a new order, the answer to a question that the last reply
// asked, or talk. Nothing is kept between messages; an open question is found again by reading the messages
// before. Used for one request, on one thread.

#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/conversation/naming.h"
#include "providers/offline/conversation/recall.h"
#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

struct Intent {
    enum class Kind {
        run,        // steps are complete
        ask,        // a required argument of a step is missing or out of bounds
        choose,     // a clause fits several tools equally well
        suggest,    // not understood, but a near spelling would be
        cancelled,  // the open question was withdrawn
        greeting,
        thanks,
        help,
        list_tools,
        describe,  // one tool
        tell,      // a value that an earlier result carries: `note`
        name,      // a thing is to have a name: `naming`
        fragment,  // values without an order: `note`
        idle,      // nothing is open that could be withdrawn
        nothing,   // not understood
    };
    Kind kind = Kind::nothing;
    std::vector<Step> steps;             // of run, ask, choose and suggest
    std::vector<Readings> readings;      // of choose: the steps with what is still open
    std::size_t step = 0;                // which step is asked about
    const Argument* argument = nullptr;  // which argument of it
    std::string note;                    // why it is asked again
    std::string suggestion;              // of suggest: the corrected message
    const GrammarTool* topic = nullptr;  // of describe
    std::optional<Naming> naming;        // of name
    std::vector<std::string> left_out;   // sentences that are no orders, beside those that are
    MessageReading reading;
};

class Dialogue {
  public:
    Dialogue(const Grammar& grammar, History& history) : grammar_(grammar), history_(history) {}

    Intent intent_of(std::size_t exchange) const;

  private:
    MessageReading without_unit(MessageReading reading) const;
    Intent advance(const Intent* open, std::size_t exchange) const;
    // "repeat that with seed 3 and plot it"
    std::optional<std::vector<Step>> repeated(const std::vector<Token>& tokens, Recall& recall) const;
    Intent order(MessageReading reading) const;
    Intent with_choices(std::vector<Readings> readings) const;
    Intent checked(std::vector<Step> steps) const;
    Intent answered(const Intent& open, const MessageReading& reading) const;
    Intent chosen(const Intent& open, const MessageReading& reading) const;
    Intent talk(MessageReading reading) const;

    const Grammar& grammar_;
    History& history_;
};

}  // namespace assistd::providers::offline
