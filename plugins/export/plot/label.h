#pragma once
// A line of text with *italics*, subscripts _{…} and superscripts ^{…}, measured and drawn with cairo.

#include <cairo.h>

#include <string_view>

namespace assistd::exporting {

// In points.
double label_width(cairo_t* cairo, std::string_view label, double font_size);

// From x to the right, standing on y, in the current colour.
void draw_label(cairo_t* cairo, std::string_view label, double font_size, double x, double y);

}  // namespace assistd::exporting
