#pragma once
// The image formats of plots. A format is one file in this folder that defines an ImageFormat, and one line
// in images.cpp.

#include <string>
#include <string_view>

#include "plot/chart.h"

namespace assistd::exporting {

struct ImageFormat {
    std::string_view name;  // as in the tool's arguments; also the file's extension
    std::string_view media_type;
    // The file's bytes; `dpi` only matters for pixels. Throws std::runtime_error when cairo fails.
    std::string (*render)(const Chart& chart, double dpi);
};

extern const ImageFormat svg_format;
extern const ImageFormat png_format;
extern const ImageFormat pdf_format;

// Null when there is no such format.
const ImageFormat* find_image_format(std::string_view name);

}  // namespace assistd::exporting
