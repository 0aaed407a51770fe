#pragma once
// A picture of which pixels belong to an object, and what is measured on it. Values and pure functions.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fraktal/model.h"

namespace assistd::analysis {

struct Mask {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;  // row by row; 1 is the object

    Mask(int columns, int rows)
        : width(columns),
          height(rows),
          pixels(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}
    std::uint8_t* row(int y) {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    const std::uint8_t* row(int y) const {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
};

std::uint64_t object_pixels(const Mask& mask);
bool touches_border(const Mask& mask);

// Area and radius of gyration, each pixel taken as a point at its centre; `pixel` is a pixel's side. The mask
// must have an object.
Silhouette measured(const Mask& mask, double pixel);

// Keeps the largest object; pixels that touch by a corner are of one object. Of equals the uppermost.
struct Separation {
    std::uint64_t objects = 0;
    std::uint64_t dropped_pixels = 0;
};
Separation keep_largest(Mask& mask);

}  // namespace assistd::analysis
