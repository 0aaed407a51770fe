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
// Boxes are kept as bits of blocks of 64, so that neighbours are found by shifting, and blocks in pages of 64
// that lie together in space, so that most neighbours are on the same page. Owned by one count.

#include <array>
#include <cstdint>
#include <vector>

namespace assistd::analysis {

class OccupiedBoxes {
  public:
    using Box = std::array<std::int64_t, 3>;  // in two dimensions the third number is not looked at

    explicit OccupiedBoxes(int dimensions);

    static constexpr int most_along_axis = 1 << 22;

    // A box at whole numbers from 0 to most_along_axis on each axis; once more changes nothing. Quick when it
    // is near the one before.
    void add(const Box& box);
    std::uint64_t count() const;
    double trimmed_count() const;
    // Those of double the size.
    OccupiedBoxes coarser() const;

  private:
    static constexpr int per_page = 64;
    struct Page {
        std::uint64_t key = 0;
        std::array<std::uint64_t, per_page> blocks{};
    };
    // How many boxes are an end along so many axes.
    using Ends = std::array<std::uint64_t, 4>;

    std::size_t slot_of(std::uint64_t key) const;
    const Page* page_at(std::uint64_t key) const;
    Page& page_for(std::uint64_t key);
    void add_slots();
    void count_ends(const Page& page, Ends& ends) const;

    int dimensions_;
    int bits_;  // of a place within a block, and of a block's within a page, on each axis
    std::array<std::uint64_t, 3> low_;  // the boxes of a block that lie on its low side along each axis
    std::vector<Page> pages_;
    std::vector<std::uint32_t> slots_;  // places in pages_ by hashed keys, counted from 1; 0: free
    std::size_t last_ = 0;              // the page that was used last
};

}  // namespace assistd::analysis
