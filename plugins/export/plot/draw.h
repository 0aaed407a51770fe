#pragma once
// Draws a chart on any cairo surface, for one column of a printed page: every length is in points (1/72
// inch).

#include <cairo.h>

#include "plot/chart.h"
#include "plot/layout.h"
#include "plot/legend.h"

namespace assistd::exporting {

inline constexpr double points_per_cm = 72 / 2.54;
inline constexpr double chart_width = 8.5 * points_per_cm;
inline constexpr double chart_height = 6.8 * points_per_cm;

// A chart with the place of everything in it. It is measured once, since text is a little wider on one kind
// of surface than on another, and a legend that finds its corner free here must not find it taken there. The
// chart must outlive it.
struct PlacedChart {
    const Chart* chart = nullptr;
    Layout layout;  // its page is higher than chart_height where the legend stands above the frame
    Legend legend;
};
PlacedChart placed(const Chart& chart);

void draw_chart(cairo_t* cairo, const PlacedChart& placed);

}  // namespace assistd::exporting
