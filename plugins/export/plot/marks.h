#pragma once
// The marks of a chart, in the frame and in the legend, drawn with cairo. Lengths are in points.

#include <cairo.h>

#include "plot/chart.h"

namespace assistd::exporting {

inline constexpr double mark_radius = 1.7;
inline constexpr double fit_width = 1.0;
inline constexpr double error_width = 0.7;

// Solid or dashed, for the next stroke.
void set_line(cairo_t* cairo, const Series& series);

void set_colour(cairo_t* cairo, const Colour& colour);
// Adds to the path; the caller strokes it.
void line(cairo_t* cairo, double x1, double y1, double x2, double y2);
// A disc, a square, a triangle or a diamond, filled or hollow.
void draw_mark(cairo_t* cairo, const Series& series, double x, double y);

}  // namespace assistd::exporting
