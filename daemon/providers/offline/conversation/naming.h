#pragma once
// Names that users give to what is there already: "call it gamma". The conversation alone keeps them: what
// the reply says is where they are read again. Pure functions.

#include <optional>
#include <string>

#include "providers/offline/conversation/subjects.h"
#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {

inline constexpr std::size_t most_naming_words = 24;

struct Naming {
    Reference thing;
    std::string name;
};

// None when the words give nothing a name, or do more than that.
std::optional<Naming> read_naming(Tokens words);

// What the reply says of it. `target`: the handle, or the id of a study that has not ended.
std::string told_naming(const std::string& target, const std::string& name);
// The target that such a reply tells for the name; empty when it is no such reply.
std::string named_in_reply(const std::string& reply, const std::string& name);

}  // namespace assistd::providers::offline
