#pragma once
// What people call the things that a tool makes: "dla" by the tool's name, "dlca" and "rlca" by its phrases.
// Read once for all tools; immutable from then on.

#include <map>
#include <string>
#include <vector>

#include "core/tool.h"
#include "providers/offline/phrases/matcher.h"
#include "providers/offline/phrases/phrase.h"
#include "providers/offline/phrases/schema.h"

namespace assistd::providers::offline {

// Which value of an argument a name stands for. Where a phrase says
// "(dlca|rlca{sticking_probability?=0.001})", an rlca is what was made with another value than the default,
// and a dlca what was made with that.
struct NamedValue {
    std::string argument;  // empty: the name says nothing of values
    double usual = 0;
    bool is_usual = true;
    double value = 0;
};

class MakerNames {
  public:
    // `words`: of the tool's phrases, sorted.
    void add(const core::ToolSpec& tool, const std::vector<Argument>& arguments,
             const std::vector<PhraseNode>& phrases, const std::vector<int>& words,
             const Vocabulary& vocabulary);

    NamedValue value_named(int word) const;
    // The kind of what is called so by itself, "the dlca"; empty for any other word.
    std::string kind_named(int word) const;

  private:
    void read(const PhraseNode& node, const std::vector<Argument>& arguments, const Vocabulary& vocabulary);
    void read_alternatives(const PhraseNode& node, const std::vector<Argument>& arguments,
                           const Vocabulary& vocabulary);

    std::map<int, NamedValue> values_;
    std::map<int, std::string> kinds_;   // of words in a tool's name
    std::map<int, std::string> spoken_;  // of words that one tool's phrases have, and no other's; else empty
};

}  // namespace assistd::providers::offline
