#pragma once
// Counts boxes of any size without keeping them, which is for those that are smaller than the balls: a ball
// holds thousands of them. The sizes are a tree. Boxes of the coarsest size are cut into halves along each
// axis again and again, and each box hands to its children the balls that reach into it, so that empty space
// is never visited and a box that lies wholly inside one ball needs no further descent: all the boxes in it
// are occupied. A free function, usable from any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "box_count.h"

namespace assistd::analysis {

// How many are occupied on each level of the grid, coarsest first.
std::vector<std::uint64_t> count_by_tree(std::span<const Ball> balls, const Grid& grid,
                                         const Checkpoint& checkpoint);

}  // namespace assistd::analysis
