#pragma once
// The legend of a chart: in a corner of the frame where it hides nothing, or else above the frame. Lengths
// are in points.

#include <cairo.h>

#include <string>
#include <vector>

#include "plot/chart.h"
#include "plot/layout.h"

namespace assistd::exporting {

struct Legend {
    // A series with its lines of text, none wider than the frame; where its mark begins, from the legend's
    // top left.
    struct Entry {
        const Series* series = nullptr;
        std::vector<std::string> lines;
        double x = 0;
        double y = 0;
    };

    std::vector<Entry> entries;
    Rectangle place;
};

// Makes the frame lower when the legend has to stand above it, and the page higher when the frame would be
// too low. The chart must outlive the legend.
Legend place_legend(cairo_t* cairo, const Chart& chart, Layout& layout);

void draw_legend(cairo_t* cairo, const Legend& legend);

}  // namespace assistd::exporting
