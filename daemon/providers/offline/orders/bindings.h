#pragma once
// What a step says of an argument: in several places made into one value, by a value or by words for things.
// Pure functions, any thread.

#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// One binding of each argument stays, the last. A value that its words usually stand for gives way to one
// that is said, and the step's note tells it; two others that differ are remembered, to be asked about. What
// is usually meant by nothing narrows "it" and "the last one".
void keep_last_bindings(Step& step);

const Binding* binding_of(const Step& step, std::size_t argument);
// What a step says, or leaves to be understood, about an artifact argument; nothing when it is given by a
// value.
std::optional<Reference> open_reference(const Step& step, std::size_t index);

// What is said for a list of artifacts, of a step that leaves out the one thing that the argument takes.
const Binding* list_said(const Step& step, const Argument& argument);

// Whether the argument is a list of what was made together with another argument's artifact.
bool is_made_together(const Step& step, std::size_t argument);

// Of an argument whose name tells its unit, "primary_diameter_nm", the lengths in that unit: "0.05 um" is
// "50 nm".
std::vector<Token> in_own_unit(const Grammar& grammar, const Argument& argument, Tokens words);

// "All three have the seed 7, …" when a step is to run several times with one seed; else empty.
std::string seed_note(const Step& step);

// "I took 2 nm as 2: …" when a number in the words is followed by a unit of length and the step's argument is
// in no unit of its own, as nm_per_pixel is; else empty. Tools compute in whatever unit lengths are given in.
std::string unit_note(const Step& step, Tokens words);

// "Compare simulation-1 to simulation-5" is about the two, "a table of simulation-1 to simulation-5" about
// all of them: decides by the words of the clause, and notes what was decided where it matters.
void settle_ranges(Step& step, Tokens words);

}  // namespace assistd::providers::offline
