#pragma once
// All tools of a ToolSet as one grammar, and a message read with it. Compiled once per ToolSet version;
// immutable and shared between threads from then on.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/tool.h"
#include "providers/offline/orders/maker_names.h"
#include "providers/offline/phrases/matcher.h"
#include "providers/offline/phrases/schema.h"
#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// A number that a tool's result carries, with the ways to call it.
struct Property {
    std::string key;                              // in the result's data
    std::string label;                            // "radius of gyration"
    std::string description;                      // as the tool's author has it
    std::vector<std::vector<std::string>> names;  // stems
};

struct GrammarTool {
    std::shared_ptr<const core::ToolSpec> spec;
    std::vector<Argument> arguments;
    Program program;
    std::vector<std::string> examples;  // sentences that a person could say, complete ones first
    std::vector<Property> properties;
    std::vector<int> words;  // of its phrases, sorted: what a sentence is compared with for near misses

    const Argument* find(std::string_view argument) const;
};

// One thing to do, as a clause of the message asks for it.
struct Step {
    const GrammarTool* tool = nullptr;
    std::vector<Binding> bindings;                            // at most one of each argument
    int count = 1;                                            // "three clusters"
    bool ordered = false;                                     // "then": only after everything before it
    std::vector<std::pair<int, std::string>> contradictions;  // argument, what was said about it
    std::string text;                                         // the clause as written
    std::string note;                                         // what the reply must add to it
    int study_seeds = 0;  // not 0: a study of every combination of the values, each with so many seeds
    nlohmann::json study_more = nlohmann::json::object();  // further arguments of that study: its name
    bool only_looks_up = false;  // what a later step needs; the reply does not tell it
    std::vector<Step> rivals;    // meant instead when "it" is what they take (rivals.h)

    void add_note(const std::string& sentence) {
        if (!sentence.empty()) note += (note.empty() ? "" : " ") + sentence;
    }
};

// Readings of a clause that are equally good: one of each tool. One reading is a clear one.
using Readings = std::vector<Step>;

struct MessageReading {
    std::vector<Readings> steps;              // of the sentences that are orders
    std::vector<std::string> not_understood;  // sentences that are none
    // Of the first sentence that is partly an order: what was understood, and the words that were not.
    std::string understood_part;
    std::string strange_part;
    const GrammarTool* understood_tool = nullptr;  // when the words of one order are parted so
    bool negated = false;                          // something in it says "not"
    bool question = false;  // it ends with a question mark or begins with a question word
    bool too_long = false;
    std::vector<Token> tokens;
};

class Grammar {
  public:
    // Phrases that cannot be used are left out.
    explicit Grammar(const core::ToolSet& tools);

    MessageReading read(std::string_view message) const;
    // An answer that fills more than one argument, "500 particles in 2d", by the tool's options.
    std::optional<Match> read_options(const GrammarTool& tool, Tokens tokens) const;
    // "The same with 2000": a number alone is of the one that the tool must be given.
    std::optional<Match> read_needed_number(const GrammarTool& tool, Tokens tokens) const;
    std::vector<Token> tokens_of(std::string_view message) const;  // numbered by the vocabulary

    // The message with words that no phrase knows replaced by close ones that some phrase does; empty when
    // there is nothing to replace.
    std::string corrected(const std::vector<Token>& tokens) const;
    // The tools that make what people call by this word without its being in a tool's name: "dlca" is what
    // run_cca_simulation makes. None when a tool's name has it.
    std::vector<std::string> makers_called(const std::string& word) const;
    // The value of their argument that the word stands for, if it stands for one.
    NamedValue value_named(const std::string& word) const;
    // The tool whose phrases share the most telling words with the message; null when there is no such tool.
    const GrammarTool* closest(const std::vector<Token>& tokens) const;

    const std::vector<std::unique_ptr<GrammarTool>>& tools() const { return tools_; }
    const GrammarTool* find(std::string_view name) const;
    // Why tools that people may ask for are not there now: sentences.
    const std::vector<std::string>& missing() const { return missing_; }

  private:
    Vocabulary vocabulary_;
    std::vector<std::unique_ptr<GrammarTool>> tools_;
    std::vector<int> tools_with_word_;  // by word: how many tools use it
    MakerNames names_;
    std::vector<std::string> missing_;
};

// Removes what frames an order without being one: "could you", "I would like to", "for me", "thank you".
Tokens without_politeness(Tokens clause);

}  // namespace assistd::providers::offline
