#include "plot/marks.h"

#include <numbers>

namespace assistd::exporting {

void set_colour(cairo_t* cairo, const Colour& colour) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

void line(cairo_t* cairo, double x1, double y1, double x2, double y2) {
    cairo_move_to(cairo, x1, y1);
    cairo_line_to(cairo, x2, y2);
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

}  // namespace assistd::exporting
