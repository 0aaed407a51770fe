#pragma once
// The fractal dimension of a particle geometry by box counting: which box sizes are counted, where the grids
// lie, which sizes the line is fitted to. Pure functions and values, usable from any thread.
//
// What is counted. The boxes (cubes; squares in two dimensions) of side s that the solid particles reach
// into: their number as it is (`occupied`), and with the edge correction below, N(s), to which the line is
// fitted. Lengths are in the geometry's own unit.
//
// Where the grids lie. The geometry is turned to its principal axes. Box sizes are L/n, L the longest side of
// its bounding box and n = 1, 2, 3 and 4, 5, 6, 7 times a power of two. Of each size several grids are
// counted, shifted by fractions of a box that fill the space evenly and are the same each time, and the mean
// is taken.
//
// The edge correction. Boxes that stick out count in parts (occupied_boxes.h): at the edge of a compact body
// they are a share of the count that shrinks with the size of the boxes, for which the line through plain
// counts finds too little (hexagonal planes 1.83 to 1.87; squares and cubes only when the grid begins at
// their corner are right). So a square and a cube of spheres along their rows count as n^2 and n^3. Sizes
// below one mean particle diameter are counted plainly, in proportion to the smallest one that is not. What
// other programs find, who count plainly, is told beside it: the line through the plain counts over the same
// sizes.
//
// Which sizes are fitted. From two mean particle diameters to L/4 when that is a decade or more: below, boxes
// see single particles, above, the edge of the cluster. A smaller cluster is fitted from one diameter to L/2.
// Bounds that the caller gives take the place of these.

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "line_fit.h"

namespace assistd::analysis {

struct BoxCountingOptions {
    int dimensions = 3;
    std::optional<double> min_box_size = std::nullopt;
    std::optional<double> max_box_size = std::nullopt;
    int sizes_per_decade = 13;  // 3..13; 13 takes every size there is
    int grids = 8;              // positions of the grid that counts are averaged over, 1..32
};

struct BoxCountingPoint {
    double size = 0;
    double count = 0;     // N(s): what sticks out counts in parts
    double occupied = 0;  // the plain number of occupied boxes
    bool fitted = false;  // both are means over the positions of the grid, so not always whole numbers
};

struct BoxCounting {
    double extent = 0;  // L
    double mean_diameter = 0;
    std::vector<BoxCountingPoint> points;  // smallest size first
    double df = 0;
    LineFit fit;           // ln N against ln s; df is minus its slope
    LineFit plain_fit;     // ln of the plain number of boxes against ln s, over the same sizes
    double range_min = 0;  // the smallest and largest size that was fitted
    double range_max = 0;
    std::string range_rule;  // in words
    std::vector<std::string> warnings;
};

// Options that do not go with this geometry. `field` is the option's name, empty when the geometry itself is
// too small; what() is a sentence for people.
class BoxCountingRefused : public std::runtime_error {
  public:
    BoxCountingRefused(std::string field, const std::string& sentence)
        : std::runtime_error(sentence), field_(std::move(field)) {}
    const std::string& field() const { return field_; }

  private:
    std::string field_;
};

// Called with the fraction done; throws to end the work.
using Progress = std::function<void(double fraction)>;

BoxCounting count_and_fit(std::vector<Particle> particles, const BoxCountingOptions& options,
                          const Progress& progress);

}  // namespace assistd::analysis
