#include "plot/marks.h"

#include <numbers>

#include "plot/drawing_library.h"

namespace assistd::exporting {

void set_colour(cairo_t* cairo, const Colour& colour) {
    drawing().cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

void line(cairo_t* cairo, double x1, double y1, double x2, double y2) {
    drawing().cairo_move_to(cairo, x1, y1);
    drawing().cairo_line_to(cairo, x2, y2);
}

void set_line(cairo_t* cairo, const Series& series) {
    static constexpr double dashes[] = {3.2, 2};
    set_colour(cairo, series.colour);
    drawing().cairo_set_line_width(cairo, fit_width);
    drawing().cairo_set_dash(cairo, dashes, series.mark == Mark::dashes ? 2 : 0, 0);
}

namespace {

bool is_hollow(Mark mark) {
    return mark == Mark::ring || mark == Mark::hollow_square || mark == Mark::hollow_triangle;
}

// Shapes of about equal area.
void outline(cairo_t* cairo, Mark mark, double x, double y) {
    constexpr double r = mark_radius;
    drawing().cairo_new_path(cairo);
    switch (mark) {
        case Mark::square:
        case Mark::hollow_square:
            drawing().cairo_rectangle(cairo, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
            break;
        case Mark::triangle:
        case Mark::hollow_triangle:
            drawing().cairo_move_to(cairo, x, y - 1.35 * r);
            drawing().cairo_line_to(cairo, x + 1.2 * r, y + 0.8 * r);
            drawing().cairo_line_to(cairo, x - 1.2 * r, y + 0.8 * r);
            drawing().cairo_close_path(cairo);
            break;
        case Mark::diamond:
            drawing().cairo_move_to(cairo, x, y - 1.35 * r);
            drawing().cairo_line_to(cairo, x + 1.35 * r, y);
            drawing().cairo_line_to(cairo, x, y + 1.35 * r);
            drawing().cairo_line_to(cairo, x - 1.35 * r, y);
            drawing().cairo_close_path(cairo);
            break;
        default:
            drawing().cairo_arc(cairo, x, y, r, 0, 2 * std::numbers::pi);
    }
}

}  // namespace

void draw_mark(cairo_t* cairo, const Series& series, double x, double y) {
    outline(cairo, series.mark, x, y);
    if (is_hollow(series.mark)) {
        drawing().cairo_set_source_rgb(cairo, 1, 1, 1);
        drawing().cairo_fill_preserve(cairo);
        set_colour(cairo, series.colour);
        drawing().cairo_set_line_width(cairo, 0.7);
        drawing().cairo_stroke(cairo);
    } else {
        set_colour(cairo, series.colour);
        drawing().cairo_fill(cairo);
    }
}

}  // namespace assistd::exporting
