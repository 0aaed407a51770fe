#pragma once
// What people call artifacts: "cluster" for a simulation, "graph" for a plot. Pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {

// The kind that a noun stands for, where one of `kinds` (none: any) is asked for; empty for "one" and
// "thing", which are of every kind. `found` is false when it names no artifact that fits, `many` is set for a
// plural.
std::string kind_named(std::string_view noun, const std::vector<std::string>& kinds, bool& found, bool& many);

// Whether an artifact of this kind may be called so.
bool may_be_called(std::string_view kind, std::string_view noun);

// "everything so far", "all results of this conversation": where such words end.
std::size_t past_all(Tokens tokens, std::size_t at);

}  // namespace assistd::providers::offline
