#pragma once
// A picture that somebody uploaded, as levels of grey. Values; decoding uses no global state and is safe from
// any thread. What is wrong with a file becomes ImageRefused with a sentence; memory is bounded by
// most_pixels, whatever the file says of itself.

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace assistd::analysis {

class ImageRefused : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct GreyImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint16_t> levels;  // row by row, 0 black to 65535 white
    int bits = 8;                       // of a level in the file
    bool colour = false;                // the file has colours; levels are their luminance
    bool alpha = false;                 // the file has transparency; levels are over white
    bool more_pages = false;            // the file has pages after the one that was read
};

inline constexpr std::uint64_t most_pixels = 64'000'000;
inline constexpr int longest_side = 30'000;
inline constexpr std::uint16_t white = 65535;

// Reads PNG or TIFF, by what the bytes are and not by a name. Pages of a TIFF count from 1; a PNG has one.
GreyImage read_grey_image(std::span<const std::byte> bytes, int page);

// For the readers of each format.
GreyImage read_png(std::span<const std::byte> bytes);
GreyImage read_tiff(std::span<const std::byte> bytes, int page);
// Refuses a size that is none or too large.
void check_size(std::uint64_t width, std::uint64_t height);
// Luminance of a colour of ITU-R BT.709; the file's own gamma is left as it is.
std::uint16_t luminance(std::uint32_t red, std::uint32_t green, std::uint32_t blue);
// A level with opacity `alpha` (both of 65535) over white.
std::uint16_t over_white(std::uint32_t level, std::uint32_t alpha);

}  // namespace assistd::analysis
