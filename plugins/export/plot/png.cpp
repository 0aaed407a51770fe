// Pixels, with their size on paper written into the file so that programs place the image one column wide.

#include <zlib.h>

#include <cmath>

#include "plot/draw.h"
#include "plot/image.h"
#include "plot/surface.h"

namespace assistd::exporting {
namespace {

constexpr std::size_t after_header = 8 + 25;  // the signature and the IHDR chunk

std::string big_endian(unsigned long value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

// The chunk that says how many pixels are a metre, which cairo does not write.
std::string pixels_per_metre(double dpi) {
    const auto density = static_cast<unsigned long>(std::lround(dpi / 0.0254));
    const std::string body = "pHYs" + big_endian(density) + big_endian(density) + '\x01';
    const auto* bytes = reinterpret_cast<const unsigned char*>(body.data());
    return big_endian(9) + body + big_endian(crc32(0, bytes, static_cast<unsigned>(body.size())));
}

std::string render_png(const Chart& chart, double dpi) {
    const PlacedChart page = placed(chart);
    const double scale = dpi / 72;
    const Surface surface(drawing().cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(chart_width * scale)),
        static_cast<int>(std::lround(page.layout.page_height * scale))));
    const Context cairo(drawing().cairo_create(surface.get()));
    drawing().cairo_scale(cairo.get(), scale, scale);
    draw_chart(cairo.get(), page);
    check(drawing().cairo_status(cairo.get()));
    drawing().cairo_surface_flush(surface.get());
    std::string file;
    check(drawing().cairo_surface_write_to_png_stream(surface.get(), append, &file));
    return file.insert(after_header, pixels_per_metre(dpi));
}

}  // namespace

const ImageFormat png_format{"png", "image/png", render_png};

}  // namespace assistd::exporting
