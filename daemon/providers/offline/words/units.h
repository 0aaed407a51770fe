#pragma once
// Units of length in an order. Pure functions, any thread.

#include <string_view>

namespace assistd::providers::offline {

// Whether the word, in lower case, is a unit of length: "nm".
bool is_unit(std::string_view word);
// "nm" for "nanometers"; empty when it is none.
std::string_view unit_symbol(std::string_view word);
// How many meters it is; 0 when it is none.
double meters_of(std::string_view unit);

}  // namespace assistd::providers::offline
