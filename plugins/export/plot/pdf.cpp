// PDF, for LaTeX and print. Letters are the plugin's own font, embedded. The file says neither when nor where
// it was made, so that the same plot has the same bytes.

#include "plot/draw.h"
#include "plot/image.h"
#include "plot/surface.h"

namespace assistd::exporting {
namespace {

// Cairo writes the time even when it is told none; the entry is made blank, which keeps every offset in the
// file's table of contents.
void remove_date(std::string& file) {
    const std::string entry = "/CreationDate (";
    const auto begin = file.rfind(entry);
    if (begin == std::string::npos) return;
    const auto end = file.find(')', begin);
    if (end != std::string::npos) file.replace(begin, end + 1 - begin, end + 1 - begin, ' ');
}

std::string render_pdf(const Chart& chart, double) {
    const PlacedChart page = placed(chart);
    std::string file;
    const Surface surface(
        drawing().cairo_pdf_surface_create_for_stream(append, &file, chart_width, page.layout.page_height));
    drawing().cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
    drawing().cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, chart.title.c_str());
    const Context cairo(drawing().cairo_create(surface.get()));
    draw_chart(cairo.get(), page);
    drawing().cairo_show_page(cairo.get());
    check(drawing().cairo_status(cairo.get()));
    drawing().cairo_surface_finish(surface.get());
    check(drawing().cairo_surface_status(surface.get()));
    remove_date(file);
    return file;
}

}  // namespace

const ImageFormat pdf_format{"pdf", "application/pdf", render_pdf};

}  // namespace assistd::exporting
