#include <algorithm>
#include <array>

#include "plot/image.h"

namespace assistd::exporting {

const ImageFormat* find_image_format(std::string_view name) {
    static const std::array<const ImageFormat*, 3> formats{&svg_format, &png_format, &pdf_format};
    const auto found =
        std::find_if(formats.begin(), formats.end(), [&](auto* format) { return format->name == name; });
    return found == formats.end() ? nullptr : *found;
}

}  // namespace assistd::exporting
