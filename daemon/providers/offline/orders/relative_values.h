#pragma once
// "With twice as many particles": a change that is said relative to what was. Pure functions.

#include <nlohmann/json.hpp>
#include <optional>

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The value of which a call with these arguments would have so many times as much; none when the words say
// nothing of the kind, or of a number that the call was not given.
std::optional<Binding> relative_value(const Grammar& grammar, const GrammarTool& tool,
                                      const nlohmann::json& arguments, Tokens words);

}  // namespace assistd::providers::offline
