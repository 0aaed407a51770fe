#pragma once
// The occupied boxes of one size, and how many boxes they make when those that stick out are not counted
// whole.
//
// A grid that lies anywhere needs, on average, one box more than l / size to cover a length l. So the two
// ends of a row of occupied boxes count half each, along each axis by itself (the corner of a square counts a
// quarter); a row of a single box counts whole, for what is thinner than a box has no ends inside of it.
// A square and a cube are found exactly wherever the grid lies, and of any convex body the part of the
// count that grows with its edge and not with its area or volume, nearly vanishes (Steiner's formula says
// what it is). The count is between 2^-dimensions of the plain one and all of it, so that the dimension to
// which it tends for small boxes is the same.
//
// Boxes are kept as bits of blocks of 64, so that neighbours are found by shifting. Owned by one count.

#include <array>
#include <cstdint>
#include <vector>

namespace assistd::analysis {

class OccupiedBoxes {
  public:
    explicit OccupiedBoxes(int dimensions);

    static constexpr int most_along_axis = 1 << 22;

    // A box at whole numbers from 0 to most_along_axis on each axis; once more changes nothing. Quick when it
    // is near the one before.
    void add(const std::array<std::int64_t, 3>& box);
    double trimmed_count() const;

  private:
    struct Block {
        std::uint64_t key = 0;
        std::uint64_t boxes = 0;  // 0: free
    };

    std::size_t place_of(std::uint64_t key) const;
    std::uint64_t boxes_at(std::uint64_t key) const { return blocks_[place_of(key)].boxes; }
    void grow();

    int dimensions_;
    int bits_;  // of a place within a block, on each axis
    std::vector<Block> blocks_;
    std::size_t used_ = 0;
    std::size_t last_ = 0;
};

}  // namespace assistd::analysis
