#include "plot/draw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "plot/label.h"
#include "plot/layout.h"
#include "plot/legend.h"
#include "plot/marks.h"

namespace assistd::exporting {
namespace {

constexpr double label_size = 9;
constexpr double tick_size = 8;
constexpr double frame_width = 0.6;
constexpr double nearest_marks = 4.2;  // closer ones would run into a band
constexpr double minor_tick = 2.2;
constexpr double edge = 5;  // of the page

Layout lay_out(cairo_t* cairo, const Chart& chart) {
    std::vector<double> x, y;
    for (const Series& series : chart.series) {
        for (const Point& point : series.points) {
            x.push_back(point.x);
            y.push_back(point.y);
        }
    }
    Layout layout{log_axis(x), log_axis(y), {}};
    double widest = 0;
    for (const Tick& tick : layout.y_axis.ticks)
        widest = std::max(widest, label_width(cairo, tick.label, tick_size));
    layout.frame = {edge + label_size + 6 + widest + 4, edge + 2, chart_width - edge - 4,
                    chart_height - edge - label_size - 4 - tick_size - 6};
    return layout;
}

// The frame with ticks inwards on all four sides.
void draw_frame(cairo_t* cairo, const Layout& layout) {
    const Rectangle& frame = layout.frame;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, frame_width);
    cairo_rectangle(cairo, frame.left, frame.top, frame.width(), frame.height());
    for (const Tick& tick : layout.x_axis.ticks) {
        const double at = layout.x(tick.value), length = tick.label.empty() ? minor_tick : major_tick;
        line(cairo, at, frame.bottom, at, frame.bottom - length);
        line(cairo, at, frame.top, at, frame.top + length);
    }
    for (const Tick& tick : layout.y_axis.ticks) {
        const double at = layout.y(tick.value), length = tick.label.empty() ? minor_tick : major_tick;
        line(cairo, frame.left, at, frame.left + length, at);
        line(cairo, frame.right, at, frame.right - length, at);
    }
    cairo_stroke(cairo);
}

void draw_labels(cairo_t* cairo, const Chart& chart, const Layout& layout) {
    const Rectangle& frame = layout.frame;
    for (const Tick& tick : layout.x_axis.ticks) {
        const double width = label_width(cairo, tick.label, tick_size);
        draw_label(cairo, tick.label, tick_size, layout.x(tick.value) - width / 2,
                   frame.bottom + tick_size + 3.5);
    }
    for (const Tick& tick : layout.y_axis.ticks) {
        const double width = label_width(cairo, tick.label, tick_size);
        draw_label(cairo, tick.label, tick_size, frame.left - width - 4,
                   layout.y(tick.value) + 0.36 * tick_size);
    }
    const double x_width = label_width(cairo, chart.x_label, label_size);
    draw_label(cairo, chart.x_label, label_size, (frame.left + frame.right - x_width) / 2,
               chart_height - edge - 1);
    const double y_width = label_width(cairo, chart.y_label, label_size);
    cairo_save(cairo);
    cairo_translate(cairo, edge + label_size - 1, (frame.top + frame.bottom + y_width) / 2);
    cairo_rotate(cairo, -std::numbers::pi / 2);
    draw_label(cairo, chart.y_label, label_size, 0, 0);
    cairo_restore(cairo);
}

// The line of a series; its ends reach over the frame's edge nowhere.
void draw_line(cairo_t* cairo, const Series& series, const Layout& layout) {
    cairo_new_path(cairo);
    for (const Point& point : series.points) cairo_line_to(cairo, layout.x(point.x), layout.y(point.y));
    set_colour(cairo, series.colour);
    cairo_set_line_width(cairo, fit_width);
    cairo_stroke(cairo);
}

void draw_series(cairo_t* cairo, const Series& series, const Layout& layout) {
    if (series.mark == Mark::line) return draw_line(cairo, series, layout);
    double last_x = -HUGE_VAL, last_y = -HUGE_VAL;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const double x = layout.x(series.points[i].x), y = layout.y(series.points[i].y);
        // A growth curve has far more points than a column of print can show apart; its last one always
        // shows.
        if (std::hypot(x - last_x, y - last_y) < nearest_marks && i + 1 < series.points.size()) continue;
        draw_mark(cairo, series, x, y);
        last_x = x;
        last_y = y;
    }
}

}  // namespace

void draw_chart(cairo_t* cairo, const Chart& chart) {
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    Layout layout = lay_out(cairo, chart);
    const Legend legend = place_legend(cairo, chart, layout);
    for (const Series& series : chart.series) draw_series(cairo, series, layout);
    draw_frame(cairo, layout);
    draw_labels(cairo, chart, layout);
    draw_legend(cairo, legend);
}

}  // namespace assistd::exporting
