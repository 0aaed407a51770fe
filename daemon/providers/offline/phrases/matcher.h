#pragma once
// A tool's phrases as a small program, and the search for the best way through it. The search remembers, for
// each place in the program and each word, the best score from there on, so that its work is bounded by their
// product whatever the phrases and the sentence look like.
//
// A Program is immutable and shared between threads; a Matcher belongs to one sentence on one thread.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "providers/offline/phrases/phrase.h"
#include "providers/offline/phrases/schema.h"
#include "providers/offline/phrases/values.h"
#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// The words that phrases use, numbered by their stems.
class Vocabulary {
  public:
    int add(const std::string& word) {
        return ids_.try_emplace(stem(word), static_cast<int>(ids_.size())).first->second;
    }
    int find(const std::string& word) const {
        const auto found = ids_.find(stem(word));
        return found == ids_.end() ? -1 : found->second;
    }
    std::size_t size() const { return ids_.size(); }
    const std::unordered_map<std::string, int>& ids() const { return ids_; }

  private:
    std::unordered_map<std::string, int> ids_;
};

struct Binding {
    int argument = -1;
    SlotValue value;
    bool usual = false;  // what the words stand for unless something else is said; without a value: asked for
    double factor = 1;   // by which the number that was said was multiplied
};

struct Match {
    int score = 0;
    std::vector<Binding>
        bindings;  // in the order of the sentence; a later one of the same argument replaces it
};

class Program {
  public:
    Program(const std::vector<PhraseNode>& phrases, const std::vector<PhraseNode>& options,
            Vocabulary& vocabulary);

  private:
    friend class Matcher;
    struct Node {
        enum class Op { word, slot, assign, split, loop, accept };
        Op op = Op::accept;
        int word = -1;
        bool filler = false;  // a word's that may be left out
        int argument = -1;
        nlohmann::json value;
        bool usual = false;  // an assignment's
        std::optional<Reference> reference;
        bool named = false;  // a slot's
        double factor = 1;   // a slot's
        std::vector<int> next;
    };
    struct Entry {
        int node = 0;
        std::vector<std::vector<int>> needed;  // of each group one word must be said
    };

    int compile(const PhraseNode& phrase, int next, Vocabulary& vocabulary);
    int add(Node node);

    std::vector<Node> nodes_;
    std::vector<Entry> phrases_;
    int accept_ = 0;
    int options_ = 0;  // the loop over the options
};

class Matcher {
  public:
    // `work_left` is shared by all searches of one message; when it is used up nothing matches any more.
    explicit Matcher(long& work_left) : work_left_(work_left) {}

    // The best way in which the tokens, all of them, are one of the phrases with its options.
    std::optional<Match> phrase(const Program& program, const std::vector<Argument>& arguments,
                                Tokens tokens);
    // … are options only; at least one of them gives an argument, unless words that say nothing are welcome.
    std::optional<Match> options(const Program& program, const std::vector<Argument>& arguments,
                                 Tokens tokens, bool may_say_nothing = false);

    // Reads also a value that an enum does not have, so that a reply can say which there are: "export it as
    // foo".
    void allow_unknown_choices(bool allow) { unknown_choices_ = allow; }

    // Whether the tokens have a word of all that one of the phrases needs.
    bool may_hold(const Program& program, Tokens tokens);

  private:
    void note_words(Tokens tokens);
    struct Cell {
        unsigned run = 0;
        int score = 0;
        int node = -1;
        int token = -1;
    };

    void begin(const Program& program, const std::vector<Argument>& arguments, Tokens tokens);
    bool may_match(const Program::Entry& entry) const;
    int best(int node, int token);
    void consume(int node, int token, Cell& cell);
    std::vector<SlotReading> readings(const Program::Node& slot, int token) const;
    void consider(Cell& cell, int gain, int node, int token);
    Match trace(int node, int score) const;

    long& work_left_;
    const Program* program_ = nullptr;
    const std::vector<Argument>* arguments_ = nullptr;
    Tokens tokens_;
    std::vector<Cell> cells_;
    std::vector<unsigned> said_;  // by word: the last run whose sentence has it
    unsigned run_ = 0;
    int depth_ = 0;
    bool unknown_choices_ = false;
};

}  // namespace assistd::providers::offline
