#pragma once
// Draws a chart on any cairo surface, for one column of a printed page: every length is in points (1/72
// inch).

#include <cairo.h>

#include "plot/chart.h"

namespace assistd::exporting {

inline constexpr double points_per_cm = 72 / 2.54;
inline constexpr double chart_width = 8.5 * points_per_cm;
inline constexpr double chart_height = 6.8 * points_per_cm;

// chart_height, and more for a chart whose legend stands above the frame and would leave it too low.
double page_height(const Chart& chart);

void draw_chart(cairo_t* cairo, const Chart& chart);

}  // namespace assistd::exporting
