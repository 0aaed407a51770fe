#include "plot/draw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "plot/label.h"
#include "plot/marks.h"
#include "plot/surface.h"

namespace assistd::exporting {
namespace {

constexpr double label_size = 9;
constexpr double tick_size = 8;
constexpr double frame_width = 0.6;
constexpr double nearest_marks = 4.2;  // closer ones would run into a band
constexpr double minor_tick = 2.2;
constexpr double edge = 5;  // of the page

Axis axis_of(Scale scale, const std::vector<double>& values) {
    if (scale == Scale::logarithmic) return log_axis(values);
    const bool counts = scale == Scale::counts;
    return linear_axis(values, {counts || scale == Scale::from_zero, counts || scale == Scale::whole});
}

// Everything that must fit between the limits.
void add_extent(const Series& series, const Chart& chart, std::vector<double>& x, std::vector<double>& y) {
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const Point& point = series.points[i];
        x.push_back(point.x - series.width / 2);
        x.push_back(point.x + series.width / 2);
        y.push_back(point.y);
        if (series.errors.empty()) continue;
        y.push_back(point.y + series.errors[i]);
        // An error that reaches to zero has no end on a logarithmic axis.
        const double least = point.y - series.errors[i];
        if (chart.y_scale == Scale::linear || least > 0.2 * point.y) y.push_back(least);
    }
}

Layout lay_out(cairo_t* cairo, const Chart& chart) {
    std::vector<double> x, y;
    for (const Series& series : chart.series) add_extent(series, chart, x, y);
    Layout layout{axis_of(chart.x_scale, x), axis_of(chart.y_scale, y), {}, chart_height};
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
    drawing().cairo_set_source_rgb(cairo, 0, 0, 0);
    drawing().cairo_set_line_width(cairo, frame_width);
    drawing().cairo_rectangle(cairo, frame.left, frame.top, frame.width(), frame.height());
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
    drawing().cairo_stroke(cairo);
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
               layout.page_height - edge - 1);
    const double y_width = label_width(cairo, chart.y_label, label_size);
    drawing().cairo_save(cairo);
    drawing().cairo_translate(cairo, edge + label_size - 1, (frame.top + frame.bottom + y_width) / 2);
    drawing().cairo_rotate(cairo, -std::numbers::pi / 2);
    draw_label(cairo, chart.y_label, label_size, 0, 0);
    drawing().cairo_restore(cairo);
}

void draw_line(cairo_t* cairo, const Series& series, const Layout& layout) {
    drawing().cairo_new_path(cairo);
    for (const Point& point : series.points)
        drawing().cairo_line_to(cairo, layout.x(point.x), layout.y(point.y));
    set_line(cairo, series);
    drawing().cairo_stroke(cairo);
    drawing().cairo_set_dash(cairo, nullptr, 0, 0);
}

void draw_bars(cairo_t* cairo, const Series& series, const Layout& layout) {
    drawing().cairo_new_path(cairo);
    for (const Point& point : series.points) {
        const double left = layout.x(point.x - series.width / 2),
                     right = layout.x(point.x + series.width / 2);
        const double top = layout.y(point.y);
        drawing().cairo_rectangle(cairo, left, top, right - left, layout.frame.bottom - top);
    }
    set_colour(cairo, pale(series.colour));
    drawing().cairo_fill_preserve(cairo);
    set_colour(cairo, series.colour);
    drawing().cairo_set_line_width(cairo, error_width);
    drawing().cairo_stroke(cairo);
}

// Up and down from each point, with a bar at either end; what leaves the frame is cut off.
void draw_errors(cairo_t* cairo, const Series& series, const Layout& layout) {
    drawing().cairo_new_path(cairo);
    for (std::size_t i = 0; i < series.errors.size(); ++i) {
        const Point& point = series.points[i];
        const double x = layout.x(point.x), high = layout.y(point.y + series.errors[i]);
        const double least = point.y - series.errors[i];
        const bool has_place = !layout.y_axis.logarithmic || least > layout.y_axis.low;
        const double low = has_place ? layout.y(least) : layout.frame.bottom;
        line(cairo, x, high, x, low);
        line(cairo, x - mark_radius, high, x + mark_radius, high);
        if (has_place) line(cairo, x - mark_radius, low, x + mark_radius, low);
    }
    set_colour(cairo, series.colour);
    drawing().cairo_set_line_width(cairo, error_width);
    drawing().cairo_stroke(cairo);
}

void draw_series(cairo_t* cairo, const Series& series, const Layout& layout) {
    if (series.mark == Mark::line || series.mark == Mark::dashes) return draw_line(cairo, series, layout);
    if (series.mark == Mark::bars) return draw_bars(cairo, series, layout);
    draw_errors(cairo, series, layout);
    double last_x = -HUGE_VAL, last_y = -HUGE_VAL;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const double x = layout.x(series.points[i].x), y = layout.y(series.points[i].y);
        // A growth curve has far more points than a column of print can show apart; its last one always
        // shows.
        if (series.is_curve && std::hypot(x - last_x, y - last_y) < nearest_marks &&
            i + 1 < series.points.size())
            continue;
        draw_mark(cairo, series, x, y);
        last_x = x;
        last_y = y;
    }
}

}  // namespace

PlacedChart placed(const Chart& chart) {
    const Surface surface(drawing().cairo_recording_surface_create(CAIRO_CONTENT_COLOR, nullptr));
    const Context cairo(drawing().cairo_create(surface.get()));
    PlacedChart placed{&chart, lay_out(cairo.get(), chart), {}};
    placed.legend = place_legend(cairo.get(), chart, placed.layout);
    check(drawing().cairo_status(cairo.get()));
    return placed;
}

void draw_chart(cairo_t* cairo, const PlacedChart& placed) {
    const Chart& chart = *placed.chart;
    const Layout& layout = placed.layout;
    drawing().cairo_set_source_rgb(cairo, 1, 1, 1);
    drawing().cairo_paint(cairo);
    drawing().cairo_save(cairo);
    drawing().cairo_rectangle(cairo, layout.frame.left, layout.frame.top, layout.frame.width(),
                              layout.frame.height());
    drawing().cairo_clip(cairo);
    for (const Series& series : chart.series) draw_series(cairo, series, layout);
    drawing().cairo_restore(cairo);
    draw_frame(cairo, layout);
    draw_labels(cairo, chart, layout);
    draw_legend(cairo, placed.legend);
}

}  // namespace assistd::exporting
