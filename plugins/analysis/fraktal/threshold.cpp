#include "fraktal/threshold.h"

#include <algorithm>
#include <cmath>

namespace assistd::analysis {
namespace {

constexpr double grey_step = 257;  // of 65535 in one of 255

// Of the border's pixels, the part with a level of at most `level`.
double dark_part_of_border(const GreyImage& image, int level) {
    const auto at = [&image](int x, int y) {
        return image.levels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(x)];
    };
    std::uint64_t dark = 0;
    for (int x = 0; x < image.width; ++x) dark += (at(x, 0) <= level) + (at(x, image.height - 1) <= level);
    for (int y = 0; y < image.height; ++y) dark += (at(0, y) <= level) + (at(image.width - 1, y) <= level);
    return static_cast<double>(dark) / (2.0 * (image.width + image.height));
}

bool object_is_dark(const GreyImage& image, Shade shade, int level) {
    if (shade != Shade::automatic) return shade == Shade::dark;
    return dark_part_of_border(image, level) <= 0.5;
}

void part_by_level(const GreyImage& image, int level, Segmentation& result) {
    for (std::size_t i = 0; i < image.levels.size(); ++i)
        result.mask.pixels[i] = (image.levels[i] <= level) == result.object_is_dark;
}

// The mean of a window is the sum of its columns' sums, each of which changes by two pixels from row to row.
void part_by_neighbourhood(const GreyImage& image, double sensitivity, Segmentation& result) {
    const int half = result.window / 2;
    // A bright object is a dark one of the negative.
    const auto level_at = [&](int x, int y) -> std::int64_t {
        const int level = image.levels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                                       static_cast<std::size_t>(x)];
        return result.object_is_dark ? level : white - level;
    };
    std::vector<std::int64_t> columns(static_cast<std::size_t>(image.width));
    const auto add_row = [&](int y, int sign) {
        for (int x = 0; x < image.width; ++x) columns[static_cast<std::size_t>(x)] += sign * level_at(x, y);
    };
    for (int y = 0; y < std::min(half, image.height); ++y) add_row(y, 1);
    for (int y = 0; y < image.height; ++y) {
        if (y + half < image.height) add_row(y + half, 1);
        if (y - half - 1 >= 0) add_row(y - half - 1, -1);
        const int rows = std::min(y + half, image.height - 1) - std::max(y - half, 0) + 1;
        std::int64_t sum = 0;
        for (int x = 0; x < std::min(half, image.width); ++x) sum += columns[static_cast<std::size_t>(x)];
        for (int x = 0; x < image.width; ++x) {
            if (x + half < image.width) sum += columns[static_cast<std::size_t>(x + half)];
            if (x - half - 1 >= 0) sum -= columns[static_cast<std::size_t>(x - half - 1)];
            const int width = std::min(x + half, image.width - 1) - std::max(x - half, 0) + 1;
            const double mean = static_cast<double>(sum) / (static_cast<double>(rows) * width);
            result.mask.row(y)[x] = static_cast<double>(level_at(x, y)) < mean * (1 - sensitivity);
        }
    }
}

}  // namespace

int otsu_level(const GreyImage& image) {
    std::vector<double> histogram(65536);
    for (const std::uint16_t level : image.levels) ++histogram[level];
    double all = 0;
    for (std::size_t level = 0; level < histogram.size(); ++level)
        all += static_cast<double>(level) * histogram[level];
    const double count = static_cast<double>(image.levels.size());
    double below = 0, sum_below = 0, best = -1, first = -1, last = -1;
    for (std::size_t level = 0; level < histogram.size(); ++level) {
        below += histogram[level];
        sum_below += static_cast<double>(level) * histogram[level];
        if (below == 0) continue;
        if (below == count) break;
        const double apart = sum_below / below - (all - sum_below) / (count - below);
        const double between = below * (count - below) * apart * apart;
        if (between > best) best = between, first = static_cast<double>(level);
        if (between == best) last = static_cast<double>(level);
    }
    if (first < 0) throw ImageRefused("The image has the same level everywhere; there is no object on it.");
    // Between two classes without a level in between every threshold is as good: take the middle.
    return static_cast<int>((first + last) / 2);
}

Segmentation segmented(const GreyImage& image, const ThresholdOptions& options) {
    Segmentation result{Mask(image.width, image.height), std::nullopt, true, 0};
    const bool manual = options.method == ThresholdMethod::manual;
    const int level =
        manual ? static_cast<int>(std::lround(options.level.value() * grey_step)) : otsu_level(image);
    result.object_is_dark = object_is_dark(image, options.object, level);
    if (options.method == ThresholdMethod::adaptive) {
        result.window = options.window.value_or(std::max(std::max(image.width, image.height) / 8, 3)) | 1;
        part_by_neighbourhood(image, options.sensitivity, result);
    } else {
        result.level = level / grey_step;
        part_by_level(image, level, result);
    }
    const std::uint64_t found = object_pixels(result.mask);
    if (found == 0 || found == result.mask.pixels.size())
        throw ImageRefused(std::string(found == 0 ? "No pixel" : "Every pixel") +
                           " of the image would belong to the object with this threshold; choose another.");
    return result;
}

}  // namespace assistd::analysis
