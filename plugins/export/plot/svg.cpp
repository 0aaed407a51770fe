// Scalable vector graphics. Letters are outlines inside the file, so it needs no font where it is read.

#include <cairo-svg.h>

#include "plot/draw.h"
#include "plot/image.h"
#include "plot/surface.h"

namespace assistd::exporting {
namespace {

std::string escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '<')
            escaped += "&lt;";
        else if (c == '>')
            escaped += "&gt;";
        else if (c == '&')
            escaped += "&amp;";
        else
            escaped += c;
    }
    return escaped;
}

std::string render_svg(const Chart& chart, double) {
    std::string file;
    const Surface surface(cairo_svg_surface_create_for_stream(append, &file, chart_width, chart_height));
    cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PT);
    const Context cairo(cairo_create(surface.get()));
    draw_chart(cairo.get(), chart);
    check(cairo_status(cairo.get()));
    cairo_surface_finish(surface.get());
    check(cairo_surface_status(surface.get()));
    // Cairo writes no title; screen readers and browsers' tabs want one.
    if (const auto root = file.find("<svg"); root != std::string::npos)
        if (const auto end = file.find('>', root); end != std::string::npos)
            file.insert(end + 1, "\n<title>" + escaped(chart.title) + "</title>");
    return file;
}

}  // namespace

const ImageFormat svg_format{"svg", "image/svg+xml", render_svg};

}  // namespace assistd::exporting
