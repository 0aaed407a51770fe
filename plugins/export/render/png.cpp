#include "render/png.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "plot/label.h"
#include "plot/surface.h"

namespace assistd::exporting {
namespace {

std::string short_number(double value) {
    char text[32];
    const bool whole = value == std::round(value) && std::abs(value) < 1e9;
    std::snprintf(text, sizeof text, whole ? "%.0f" : "%.4g", value);
    return text;
}

// In parts of the picture's size.
constexpr double bar_left = 0.03, bar_bottom = 0.95, bar_width = 0.022, bar_height = 0.34;
constexpr double font_part = 0.022, gap = 0.008;

void draw_scale(cairo_t* cairo, const Colouring& colouring, const Background& background, double size) {
    const double top = (bar_bottom - bar_height) * size, height = bar_height * size;
    const double steps = static_cast<double>(colouring.scale.size());
    // Without smoothing, which would leave pale lines between the steps.
    drawing().cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    for (std::size_t i = 0; i < colouring.scale.size(); ++i) {
        const LinearColour& colour = colouring.scale[i];
        drawing().cairo_set_source_rgb(cairo, to_srgb(colour.red) / 255.0, to_srgb(colour.green) / 255.0,
                                       to_srgb(colour.blue) / 255.0);
        const double from_top = steps - 1 - static_cast<double>(i);
        drawing().cairo_rectangle(cairo, bar_left * size, top + height * from_top / steps, bar_width * size,
                                  height / steps + 1);
        drawing().cairo_fill(cairo);
    }
    drawing().cairo_set_antialias(cairo, CAIRO_ANTIALIAS_DEFAULT);
    const LinearColour& behind = background.colour;
    const bool dark = !background.transparent && behind.red + behind.green + behind.blue < 0.6f;
    const double ink = dark ? 1 : 0;
    drawing().cairo_set_source_rgb(cairo, ink, ink, ink);
    const double font = font_part * size, beside = (bar_left + bar_width + gap) * size;
    draw_label(cairo, short_number(colouring.range->second), font, beside, top + font * 0.7);
    draw_label(cairo, short_number(colouring.range->first), font, beside, bar_bottom * size);
    // Along the bar, in the middle of it. A title that is longer than the room between the numbers would
    // stand in them, so it begins to the right of the wider one.
    const double width = label_width(cairo, colouring.label, font);
    drawing().cairo_save(cairo);
    const double room = height - 3 * font;
    const double numbers = std::max(label_width(cairo, short_number(colouring.range->first), font),
                                    label_width(cairo, short_number(colouring.range->second), font));
    drawing().cairo_translate(cairo, beside + font + (width > room ? numbers + gap * size : 0),
                              top + (height + width) / 2);
    drawing().cairo_rotate(cairo, -std::numbers::pi / 2);
    draw_label(cairo, colouring.label, font, 0, 0);
    drawing().cairo_restore(cairo);
}

}  // namespace

std::string png_of(Picture picture, const Colouring& colouring, const Background& background) {
    const cairo_format_t format = background.transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24;
    const Surface surface(
        drawing().cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(picture.pixels.data()),
                                                      format, picture.size, picture.size, picture.size * 4));
    check(drawing().cairo_surface_status(surface.get()));
    if (!colouring.levels.empty()) {
        const Context cairo(drawing().cairo_create(surface.get()));
        draw_scale(cairo.get(), colouring, background, picture.size);
        check(drawing().cairo_status(cairo.get()));
    }
    drawing().cairo_surface_flush(surface.get());
    std::string file;
    check(drawing().cairo_surface_write_to_png_stream(surface.get(), append, &file));
    return file;
}

}  // namespace assistd::exporting
