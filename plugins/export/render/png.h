#pragma once
// A picture as a PNG file, with the scale of its colours when they mean something. Pure functions.

#include <string>

#include "render/colours.h"
#include "render/renderer.h"

namespace assistd::exporting {

// The part of the picture's width, at its left, in which the scale stands.
inline constexpr float scale_width = 0.14f;

// Throws std::runtime_error when there is no memory for it.
std::string png_of(Picture picture, const Colouring& colouring, const Background& background);

}  // namespace assistd::exporting
