#pragma once
// Units of length in an order. Tools compute in whatever unit the lengths are given in, so a unit is not
// converted; whoever says one is told so. Pure functions, any thread.

#include <string>
#include <string_view>

#include "providers/offline/words.h"

namespace assistd::providers::offline {

// Whether the word, in lower case, is a unit of length: "nm".
bool is_unit(std::string_view word);
// "I took 2 nm as 2: …" when a number in the words is followed by a unit of length; else empty.
std::string unit_note(Tokens words);

}  // namespace assistd::providers::offline
