#include "analysis/fraktal/threshold.h"

#include <gtest/gtest.h>

#include <random>

namespace assistd::analysis {
namespace {

// A disc on a background that gets darker to the right by `slope` a pixel; levels of 255.
GreyImage picture(double background, double object, double slope = 0, int side = 100) {
    GreyImage image;
    image.width = image.height = side;
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 3);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const bool inside = (x - 50) * (x - 50) + (y - 50) * (y - 50) < 15 * 15;
            const double level = (inside ? object : background) - slope * x + noise(random);
            image.levels.push_back(static_cast<std::uint16_t>(std::clamp(level, 0.0, 255.0) * 257));
        }
    return image;
}
constexpr double disc = 3.14159265 * 15 * 15;

TEST(Threshold, OtsuFindsDarkAndBrightObjects) {
    for (const auto& [background, object] : {std::pair{200.0, 60.0}, {40.0, 150.0}}) {
        const Segmentation found = segmented(picture(background, object), {});
        EXPECT_NEAR(static_cast<double>(object_pixels(found.mask)), disc, 20);
        EXPECT_EQ(found.object_is_dark, object < background);
        EXPECT_GT(found.level.value(), 60);
        EXPECT_LT(found.level.value(), 150);
    }
    // The caller knows better.
    const Segmentation inverted = segmented(picture(200, 60), {.object = Shade::bright});
    EXPECT_NEAR(static_cast<double>(object_pixels(inverted.mask)), 10000 - disc, 20);
}

TEST(Threshold, OtsuPartsTwoLevelsInTheMiddle) {
    GreyImage image;
    image.width = 4, image.height = 1;
    image.levels = {100, 100, 300, 300};
    EXPECT_EQ(otsu_level(image), 199);
    // By hand: of 0, 0, 1, 5, 6 the classes {0, 0, 1} and {5, 6} are the best.
    image.width = 5;
    image.levels = {0, 0, 1, 5, 6};
    EXPECT_GE(otsu_level(image), 1);
    EXPECT_LT(otsu_level(image), 5);
}

TEST(Threshold, ManualTakesTheLevel) {
    const Segmentation found = segmented(picture(200, 60), {.method = ThresholdMethod::manual, .level = 130});
    EXPECT_NEAR(static_cast<double>(object_pixels(found.mask)), disc, 20);
    EXPECT_NEAR(found.level.value(), 130, 0.01);
    EXPECT_THROW(
        segmented(picture(200, 60), {.method = ThresholdMethod::manual, .level = 0, .object = Shade::dark}),
        ImageRefused);
}

TEST(Threshold, AdaptiveCopesWithUnevenBackgrounds) {
    const GreyImage uneven = picture(230, 150, 1.5);
    const ThresholdOptions adaptive{
        .method = ThresholdMethod::adaptive, .object = Shade::dark, .window = 61, .sensitivity = 0.3};
    const Segmentation found = segmented(uneven, adaptive);
    EXPECT_NEAR(static_cast<double>(object_pixels(found.mask)), disc, 0.25 * disc);
    EXPECT_EQ(found.window, 61);
    EXPECT_FALSE(found.level);
    // One level for all takes the dark side of the background with it.
    EXPECT_GT(static_cast<double>(object_pixels(segmented(uneven, {.object = Shade::dark}).mask)),
              1.5 * disc);
}

// Against the mean of every window, added up pixel by pixel.
TEST(Threshold, AdaptiveMeansAreExact) {
    GreyImage image = picture(200, 60, 0.5, 60);
    const Segmentation found = segmented(
        image,
        {.method = ThresholdMethod::adaptive, .object = Shade::dark, .window = 21, .sensitivity = 0.1});
    for (int y = 0; y < 60; ++y)
        for (int x = 0; x < 60; ++x) {
            double sum = 0, count = 0;
            for (int v = std::max(0, y - 10); v <= std::min(59, y + 10); ++v)
                for (int u = std::max(0, x - 10); u <= std::min(59, x + 10); ++u)
                    sum += image.levels[static_cast<std::size_t>(v * 60 + u)], ++count;
            const bool dark = image.levels[static_cast<std::size_t>(y * 60 + x)] < sum / count * 0.9;
            ASSERT_EQ(found.mask.row(y)[x] == 1, dark) << x << " " << y;
        }
}

TEST(Threshold, RefusesAPictureOfNothing) {
    GreyImage image;
    image.width = image.height = 10;
    image.levels.assign(100, 1234);
    EXPECT_THROW(segmented(image, {}), ImageRefused);
    EXPECT_THROW(segmented(image, {.method = ThresholdMethod::adaptive}), ImageRefused);
}

}  // namespace
}  // namespace assistd::analysis
