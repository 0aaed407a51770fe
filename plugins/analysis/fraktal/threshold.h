#pragma once
// Which pixels of a picture belong to the object. Pure functions and values.
//
// otsu      one level for the whole picture, the one that parts the levels into the two classes of the
// smallest
//           variance (N. Otsu, IEEE Trans. SMC 9 (1979) 62).
// manual    a level that the caller gives, 0..255.
// adaptive  a level for each pixel: that much darker than the mean of the square window around it (D.
// Bradley,
//           G. Roth, J. Graphics Tools 12 (2007) 13). For uneven backgrounds; an object wider than the window
//           loses its inside.

#include <optional>

#include "fraktal/grey_image.h"
#include "fraktal/mask.h"

namespace assistd::analysis {

enum class ThresholdMethod { otsu, manual, adaptive };
// Whether the object is darker or brighter than what is around it; `automatic`: it is what most of the
// picture's border is not.
enum class Shade { automatic, dark, bright };

struct ThresholdOptions {
    ThresholdMethod method = ThresholdMethod::otsu;
    std::optional<double> level = std::nullopt;  // of manual, 0 black to 255 white
    Shade object = Shade::automatic;
    std::optional<int> window = std::nullopt;  // of adaptive, in pixels; an eighth of the longer side
    double sensitivity = 0.15;                 // of adaptive: how much darker, as a part of the mean
};

struct Segmentation {
    Mask mask;
    std::optional<double> level;  // that parted the picture, 0..255; none for adaptive
    bool object_is_dark = true;
    int window = 0;  // of adaptive
};

// Throws ImageRefused when the picture has one level only, or no pixel, or every pixel, would be the object.
Segmentation segmented(const GreyImage& image, const ThresholdOptions& options);

// The highest level of the lower class, 0..65535.
int otsu_level(const GreyImage& image);

}  // namespace assistd::analysis
