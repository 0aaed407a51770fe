#pragma once
// How people ask for what was done to be done once more: "redo the last plot", "run simulation-2 again with 5
// seeds", "and now in 2d". Pure functions over words.

#include <optional>
#include <string>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

struct Repeat {
    Tokens changes;             // what stands behind: "with 5 seeds"
    std::string kind;           // of what was made, "the last plot"; empty: any
    std::string handle;         // of what was made, when it is called by it
    Reference::Item counted;    // "the first one", "the second dla": its ordinal says so; else empty
    bool is_one = false;        // "one more", however many were made at once
    bool grows = false;         // "grow the same again": of what grew
    bool needs_change = false;  // only a change makes it a repetition: "now with seed 3"
};

// None when the words ask for no repetition.
std::optional<Repeat> read_repeat(Tokens words);

struct Often {
    int count = 1;
    bool seeds = false;  // each with a seed that is drawn
};

// Takes "three times", "twice" and "with 3 different seeds" off the words, up to `most`.
Often take_count(Tokens& words, int most);

// The words "with another seed" of an argument that may be left out; its value is drawn anew.
const Argument* other_value(const GrammarTool& tool, Tokens words);

}  // namespace assistd::providers::offline
