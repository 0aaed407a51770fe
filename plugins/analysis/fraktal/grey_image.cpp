#include "fraktal/grey_image.h"

#include <cstring>
#include <string_view>

namespace assistd::analysis {

void check_size(std::uint64_t width, std::uint64_t height) {
    if (width == 0 || height == 0) throw ImageRefused("The image has no pixels.");
    if (width > longest_side || height > longest_side || width * height > most_pixels)
        throw ImageRefused(
            "The image says that it has " + std::to_string(width) + " x " + std::to_string(height) +
            " pixels; at most 64 million, and 30,000 along a side, can be analysed. Make it smaller "
            "or cut the agglomerate out of it.");
}

std::uint16_t luminance(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
    // 0.2126, 0.7152 and 0.0722 in 65536ths, which add up to a whole.
    return static_cast<std::uint16_t>((13933u * red + 46871u * green + 4732u * blue) >> 16);
}

std::uint16_t over_white(std::uint32_t level, std::uint32_t alpha) {
    const std::uint64_t mixed =
        std::uint64_t{level} * alpha + std::uint64_t{white} * (std::uint64_t{white} - alpha);
    return static_cast<std::uint16_t>((mixed + white / 2) / white);
}

GreyImage read_grey_image(std::span<const std::byte> bytes, int page) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto begins = [&text](const char* with, std::size_t size) {
        return text.substr(0, size) == std::string_view(with, size);
    };
    if (text.empty()) throw ImageRefused("The file is empty.");
    if (begins("\x89PNG\r\n\x1a\n", 8)) {
        if (page != 1) throw ImageRefused("A PNG has one page; page must be 1.");
        return read_png(bytes);
    }
    // Both byte orders, and BigTIFF.
    if (begins("II*\0", 4) || begins("MM\0*", 4) || begins("II+\0", 4) || begins("MM\0+", 4))
        return read_tiff(bytes, page);
    throw ImageRefused("The file is neither a PNG nor a TIFF. Convert it to one of them.");
}

}  // namespace assistd::analysis
