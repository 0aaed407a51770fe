#pragma once
// What a slot of a phrase can hold, read from words: "ten thousand", "50 %", "rg vs n", "the last
// simulation". Value types, any thread.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "providers/offline/phrases/schema.h"
#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// Artifacts as people name them. What they stand for is looked up when the step runs (history.h).
// "2d" and "3d", before the noun of a thing.
bool is_of_dimensions(std::string_view modifier);

struct Reference {
    static constexpr int most_of_range = 200;

    struct Item {
        std::string handle;    // "simulation-12"; empty: the newest, or the `count` newest
        std::string kind;      // "the last plot": plot; empty: whatever the argument takes
        std::string modifier;  // "the dla cluster": dla, a word of the tool that made it
        std::string called;    // the same, also where `of` says by now what it means
        bool several = false;
        int count = 0;             // of several; 0: all that were made together ("them")
        bool every = false;        // "all simulations", not only those made together
        bool bare = false;         // "the dla", without a noun
        bool may_be_list = false;  // of `every`: "all of them", which may be those that were listed
        bool newest = false;       // "the last one": what is attached is not meant
        int ordinal = 0;  // "the second one": 2; with `several`, "the first two", the count says which
        int last = 0;     // of "simulations 1 to 5": its handle is the first, and this is the last number
        bool may_be_pair = false;  // "simulation-1 to simulation-5": both, when they are compared
        bool together = false;     // what was made together with another argument's artifact
        // "the dlca": made with the usual value of this argument, or with another; empty: with any.
        std::string argument;
        double usual = 0;
        bool is_usual = true;
        std::vector<std::string> of;  // unless the words say more: a kind, or made by a tool; empty: any
        std::string varied;           // of a study: an argument that it varies; empty: any study

        const std::string& word() const { return modifier.empty() ? called : modifier; }
        std::vector<std::string> handles()
            const;  // those that are named, each of a range that is not too wide
        bool is_too_wide() const;
    };
    std::vector<Item> items;
    bool spoken = true;  // false: the sentence named none and "it" is understood

    bool plural() const {
        return items.size() > 1 || (items.size() == 1 && (items.front().several || items.front().last > 0));
    }
    bool only_handles() const;
    bool is_named() const;  // each by its handle or kind
    // "it" and "the last one": whatever was made last, and nothing more particular.
    bool is_newest_of_any() const;
};

// The same where a phrase says what is meant when the sentence names nothing: "everything", "together", or
// kinds and tools, "simulation, run_box_counting".
Reference usual_reference(std::string_view text);

// More than one value where the schema takes one means that the tool runs once for each.
struct SlotValue {
    std::vector<nlohmann::json> values;
    std::optional<Reference> reference;  // of artifact and job arguments
};

struct SlotReading {
    SlotValue value;
    std::size_t next = 0;  // the first token after it
    int score = 0;         // how specific it is
};

struct NumberReading {
    double value = 0;
    bool percent = false;
    std::size_t next = 0;
};

std::optional<NumberReading> read_number(Tokens tokens, std::size_t at);

// Every way to read a value for the argument at `at`; none when there is none.
std::vector<SlotReading> read_slot(const Argument& argument, Tokens tokens, std::size_t at);

// "simulation-12": how the daemon names artifacts, whether there is such a one or not.
bool is_handle(std::string_view text);
// "study_01a2…": how it names studies, which have a handle once they have ended.
bool is_study_id(std::string_view text);
// The ways to read artifacts of these kinds; `plural` when the argument is a list.
std::vector<SlotReading> read_reference(const std::vector<std::string>& kinds, bool plural, Tokens tokens,
                                        std::size_t at);

}  // namespace assistd::providers::offline
