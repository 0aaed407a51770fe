#pragma once
// What the tools that look at stored simulations have in common: how their numbers are read and told. Pure
// functions.

#include <assistd/plugin.hpp>
#include <string>

namespace assistd::simulation {

inline constexpr int most_at_once = 100;  // of what is looked up

// Whether the tool grows something.
bool is_run(const std::string& tool);

// A member of what a simulation said of itself, or null: those of other makers may lack it.
Json member(const Json& object, const char* key);

std::string text_of(const char* format, double value);

// "10.5 a", or with a unit of its own "359.6 nm (28.77 a)": lengths of two simulations may differ by that
// unit. `power` is that of the length. Without a radius the unit is not known.
std::string length_text(const Json& about, const std::string& key, int power);

}  // namespace assistd::simulation
