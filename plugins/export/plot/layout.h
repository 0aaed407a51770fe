#pragma once
// Where a chart's axes and frame are on the page, in points. Value types.

#include "plot/axis.h"

namespace assistd::exporting {

struct Rectangle {
    double left = 0, top = 0, right = 0, bottom = 0;
    double width() const { return right - left; }
    double height() const { return bottom - top; }
    bool contains(double x, double y) const { return x >= left && x <= right && y >= top && y <= bottom; }
};

struct Layout {
    Axis x_axis;
    Axis y_axis;
    Rectangle frame;
    double page_height = 0;

    double x(double value) const { return frame.left + x_axis.place(value) * frame.width(); }
    double y(double value) const { return frame.bottom - y_axis.place(value) * frame.height(); }
};

inline constexpr double major_tick = 4;  // into the frame

}  // namespace assistd::exporting
