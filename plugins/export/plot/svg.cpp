// Scalable vector graphics. Letters are outlines inside the file, so it needs no font where it is read.

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

// Cairo counts the surfaces of the process in the name of the drawing's group, which nothing refers to.
void remove_count(std::string& file) {
    const std::string counted = "<g id=\"surface";
    const auto at = file.find(counted);
    if (at == std::string::npos) return;
    const auto end = file.find('"', at + counted.size());
    if (end != std::string::npos) file.replace(at, end - at, "<g id=\"plot");
}

std::string render_svg(const Chart& chart, double) {
    const PlacedChart page = placed(chart);
    std::string file;
    const Surface surface(
        drawing().cairo_svg_surface_create_for_stream(append, &file, chart_width, page.layout.page_height));
    drawing().cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PT);
    const Context cairo(drawing().cairo_create(surface.get()));
    draw_chart(cairo.get(), page);
    check(drawing().cairo_status(cairo.get()));
    drawing().cairo_surface_finish(surface.get());
    check(drawing().cairo_surface_status(surface.get()));
    remove_count(file);
    // Cairo writes no title; screen readers and browsers' tabs want one.
    if (const auto root = file.find("<svg"); root != std::string::npos)
        if (const auto end = file.find('>', root); end != std::string::npos)
            file.insert(end + 1, "\n<title>" + escaped(chart.title) + "</title>");
    return file;
}

}  // namespace

const ImageFormat svg_format{"svg", "image/svg+xml", render_svg};

}  // namespace assistd::exporting
