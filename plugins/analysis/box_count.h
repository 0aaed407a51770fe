#pragma once
// Counts the boxes of a grid that a set of balls reaches into, for a whole ladder of box sizes at once. The
// count is exact: a ball and a box are compared by their geometry, never by sample points. Free functions and
// values, usable from any thread; nothing is kept between calls.
//
// Each size is half of the one before, and a box is occupied when one of those that it is cut into is: only
// the boxes of one size are compared with balls, and the larger ones follow. On these levels the boxes that
// stick out are trimmed (occupied_boxes.h). Levels of smaller boxes than a caller wants kept are counted in
// another way (box_tree.h).

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "assistd/particles.hpp"

namespace assistd::analysis {

// A solid ball (a disc in two dimensions).
struct Ball {
    std::array<double, 3> centre{};
    double radius = 0;
};

// The balls of a geometry in an order in which neighbours in space are neighbours in memory, which is what
// makes counting a million of them quick. In two dimensions the third coordinate is set to 0.
//
// Each radius is made shorter by one part in 10^9: a ball that only touches a box from outside does not reach
// into it, not even when rounding has moved it by a last digit.
std::vector<Ball> sorted_balls(std::span<const Particle> particles, int dimensions);

// Box edges lie at origin + size * i on each axis; only boxes with i >= 0 are looked at, so `origin` must be
// at or below every ball. Each further level has boxes of half the size.
struct Grid {
    int dimensions = 3;
    std::array<double, 3> origin{};
    double size = 1;  // of the boxes of level 0
    int levels = 1;   // how many sizes to count: size, size/2, …, size/2^(levels-1)
    int trimmed = 0;  // on how many of them, from the coarsest, the trimmed count is wanted too
};

struct BoxCounts {
    std::vector<std::uint64_t> occupied;  // on each level, coarsest first
    std::vector<double> trimmed;          // on as many as the grid asks for
};

// Asked now and then during a count; throws to end it.
using Checkpoint = std::function<void()>;

BoxCounts count_boxes(std::span<const Ball> balls, const Grid& grid, const Checkpoint& checkpoint);

}  // namespace assistd::analysis
