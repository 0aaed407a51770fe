#pragma once
// A phrase of a manifest, parsed: "run [a] (2d{dimensions=2}|3d{dimensions=3}) cluster with {n} particles"
// (plugin-api/README.md, "Phrases"). Value types, shared read-only between threads.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tool.h"
#include "providers/offline/phrases/schema.h"
#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {

struct PhraseNode {
    enum class Kind { word, slot, assign, sequence, alternatives, optional };
    Kind kind = Kind::sequence;
    std::string text;      // a word in lower case
    std::string raw;       // a word as the manifest writes it
    bool filler = false;   // a word that people may leave out
    int argument = -1;     // a slot's or an assignment's
    nlohmann::json value;  // an assignment's; null: the value is asked for
    bool usual = false;    // an assignment that gives way to a value that is said
    // An assignment to an argument that takes artifacts: what is meant unless the sentence says more.
    std::optional<Reference> reference;
    double factor = 1;   // by which a slot's number is multiplied: a diameter gives a radius
    bool named = false;  // a slot for artifacts that are called by their handle or kind, not "it"
    std::vector<PhraseNode> children;
};

// What keeps a phrase from being usable, in a sentence.
class PhraseError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Throws PhraseError: brackets that do not match, an argument that the schema does not have, a phrase without
// a word or slot that must be said, one that is too long or nested too deep.
PhraseNode parse_phrase(std::string_view phrase, const std::vector<Argument>& arguments);

// One sentence per phrase or option that the offline provider cannot use; none when all are good. For whoever
// loads manifests.
std::vector<std::string> phrase_problems(const core::ToolSpec& tool);

// The phrase as one sentence that a person could say, with a sample in each slot.
std::string example_of(const PhraseNode& phrase, const std::vector<Argument>& arguments);

}  // namespace assistd::providers::offline
