#include "plot/draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "plot/axis.h"
#include "plot/label.h"

namespace assistd::exporting {
namespace {

constexpr double label_size = 9;
constexpr double tick_size = 8;
constexpr double legend_size = 7;
constexpr double legend_line = 9.5;  // from one line to the next
constexpr double legend_mark = 16;   // room for a mark, left of the text
constexpr double frame_width = 0.6;
constexpr double fit_width = 1.0;
constexpr double mark_radius = 1.7;
constexpr double nearest_marks = 4.2;  // closer ones would run into a band
constexpr double major_tick = 4;
constexpr double minor_tick = 2.2;
constexpr double edge = 5;  // of the page

struct Rectangle {
    double left = 0, top = 0, right = 0, bottom = 0;
    double width() const { return right - left; }
    double height() const { return bottom - top; }
    bool contains(double x, double y) const { return x >= left && x <= right && y >= top && y <= bottom; }
};

// The chart with its axes and its place on the page.
struct Layout {
    LogAxis x_axis;
    LogAxis y_axis;
    Rectangle frame;

    double x(double value) const { return frame.left + x_axis.place(value) * frame.width(); }
    double y(double value) const { return frame.bottom - y_axis.place(value) * frame.height(); }
};

void set_colour(cairo_t* cairo, const Colour& colour) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

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

void line(cairo_t* cairo, double x1, double y1, double x2, double y2) {
    cairo_move_to(cairo, x1, y1);
    cairo_line_to(cairo, x2, y2);
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

void draw_mark(cairo_t* cairo, const Series& series, double x, double y) {
    cairo_new_path(cairo);
    cairo_arc(cairo, x, y, mark_radius, 0, 2 * std::numbers::pi);
    if (series.mark == Mark::ring) {
        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_fill_preserve(cairo);
        set_colour(cairo, series.colour);
        cairo_set_line_width(cairo, 0.7);
        cairo_stroke(cairo);
    } else {
        set_colour(cairo, series.colour);
        cairo_fill(cairo);
    }
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

Rectangle legend_size_of(cairo_t* cairo, const Chart& chart) {
    double widest = 0, lines = 0;
    for (const Series& series : chart.series) {
        for (const std::string& text : series.legend)
            widest = std::max(widest, label_width(cairo, text, legend_size));
        lines += static_cast<double>(series.legend.size());
    }
    return {0, 0, legend_mark + widest + 3, lines * legend_line + 2};
}

// How many points of the chart the rectangle would hide; lines count at many places along them.
int hidden_points(const Chart& chart, const Layout& layout, const Rectangle& place) {
    int hidden = 0;
    for (const Series& series : chart.series) {
        for (std::size_t i = 0; i < series.points.size(); ++i) {
            const double x = layout.x(series.points[i].x), y = layout.y(series.points[i].y);
            hidden += place.contains(x, y);
            if (series.mark != Mark::line || i == 0) continue;
            const double from_x = layout.x(series.points[i - 1].x), from_y = layout.y(series.points[i - 1].y);
            for (double part = 0.05; part < 1; part += 0.05)
                hidden += place.contains(from_x + part * (x - from_x), from_y + part * (y - from_y));
        }
    }
    return hidden;
}

// The corner of the frame where the legend hides least.
Rectangle place_legend(const Chart& chart, const Layout& layout, const Rectangle& size) {
    constexpr double away = major_tick + 3;
    const Rectangle& frame = layout.frame;
    const double left = frame.left + away, right = frame.right - away - size.width();
    const double top = frame.top + away, bottom = frame.bottom - away - size.height();
    const std::array<std::array<double, 2>, 4> corners{
        {{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
    Rectangle best;
    int fewest = -1;
    for (const auto& [x, y] : corners) {
        const Rectangle place{x, y, x + size.width(), y + size.height()};
        const int hidden = hidden_points(chart, layout, place);
        if (fewest >= 0 && hidden >= fewest) continue;
        fewest = hidden;
        best = place;
    }
    return best;
}

void draw_legend(cairo_t* cairo, const Chart& chart, const Layout& layout) {
    const Rectangle size = legend_size_of(cairo, chart);
    const Rectangle place = place_legend(chart, layout, size);
    cairo_set_source_rgba(cairo, 1, 1, 1, 0.85);
    cairo_rectangle(cairo, place.left, place.top, place.width(), place.height());
    cairo_fill(cairo);
    double y = place.top + legend_line - 1.5;
    for (const Series& series : chart.series) {
        if (series.legend.empty()) continue;
        const double mark_y = y - 0.36 * legend_size;
        if (series.mark == Mark::line) {
            set_colour(cairo, series.colour);
            cairo_set_line_width(cairo, fit_width);
            line(cairo, place.left + 1, mark_y, place.left + legend_mark - 4, mark_y);
            cairo_stroke(cairo);
        } else {
            draw_mark(cairo, series, place.left + (legend_mark - 3) / 2, mark_y);
        }
        for (const std::string& text : series.legend) {
            cairo_set_source_rgb(cairo, 0, 0, 0);
            draw_label(cairo, text, legend_size, place.left + legend_mark, y);
            y += legend_line;
        }
    }
}

}  // namespace

void draw_chart(cairo_t* cairo, const Chart& chart) {
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    const Layout layout = lay_out(cairo, chart);
    for (const Series& series : chart.series) draw_series(cairo, series, layout);
    draw_frame(cairo, layout);
    draw_labels(cairo, chart, layout);
    draw_legend(cairo, chart, layout);
}

}  // namespace assistd::exporting
