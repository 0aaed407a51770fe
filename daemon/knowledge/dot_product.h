#pragma once
// The dot product of two vectors of 32-bit floats, by which vectors are compared: most of the time that the
// search by meaning takes. The program is built for every processor of its kind, so what this one can do
// beyond is found out when it runs. Pure functions.

#include <cstddef>

namespace assistd::knowledge {

using DotProduct = float (*)(const float* left, const float* right, std::size_t count);

// Null: this processor has nothing better than what every one has.
DotProduct wide_dot_product();

}  // namespace assistd::knowledge
