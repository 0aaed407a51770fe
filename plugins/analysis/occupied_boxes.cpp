#include "occupied_boxes.h"

#include <bit>

namespace assistd::analysis {
namespace {

constexpr int key_bits = 21;  // of each axis
constexpr std::size_t first_slots = 64;
constexpr int boxes_per_block = 64;

constexpr std::uint64_t step_of_key(int axis) {
    return std::uint64_t{1} << (key_bits * axis);
}

// The boxes of a block that lie on its low side along an axis, by (side, stride along the axis).
std::uint64_t low_side(int side, int stride) {
    std::uint64_t boxes = 0;
    for (int place = 0; place < boxes_per_block; ++place)
        if (place / stride % side == 0) boxes |= std::uint64_t{1} << place;
    return boxes;
}

std::size_t mixed(std::uint64_t key) {
    key *= 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(key ^ key >> 32);
}

}  // namespace

OccupiedBoxes::OccupiedBoxes(int dimensions)
    : dimensions_(dimensions), bits_(dimensions == 2 ? 3 : 2), low_{}, slots_(first_slots) {
    for (int axis = 0; axis < dimensions; ++axis) low_[axis] = low_side(1 << bits_, 1 << (bits_ * axis));
}

// Where the page's place stands, or would stand.
std::size_t OccupiedBoxes::slot_of(std::uint64_t key) const {
    std::size_t slot = mixed(key) & (slots_.size() - 1);
    while (slots_[slot] != 0 && pages_[slots_[slot] - 1].key != key) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

const OccupiedBoxes::Page* OccupiedBoxes::page_at(std::uint64_t key) const {
    const std::uint32_t place = slots_[slot_of(key)];
    return place == 0 ? nullptr : &pages_[place - 1];
}

OccupiedBoxes::Page& OccupiedBoxes::page_for(std::uint64_t key) {
    if (last_ < pages_.size() && pages_[last_].key == key) return pages_[last_];
    std::size_t slot = slot_of(key);
    if (slots_[slot] == 0) {
        pages_.emplace_back().key = key;
        if (2 * pages_.size() > slots_.size()) add_slots();
        slot = slot_of(key);
        slots_[slot] = static_cast<std::uint32_t>(pages_.size());
    }
    last_ = slots_[slot] - 1;
    return pages_[last_];
}

void OccupiedBoxes::add_slots() {
    slots_.assign(2 * slots_.size(), 0);
    for (std::size_t place = 0; place + 1 < pages_.size(); ++place)
        slots_[slot_of(pages_[place].key)] = static_cast<std::uint32_t>(place + 1);
}

void OccupiedBoxes::add(const Box& box) {
    const std::uint64_t within = (std::uint64_t{1} << bits_) - 1;
    std::uint64_t key = 0, block = 0, bit = 0;
    for (int axis = 0; axis < dimensions_; ++axis) {
        const auto at = static_cast<std::uint64_t>(box[axis]);
        // One is added so that a page has neighbours on all sides.
        key += ((at >> 2 * bits_) + 1) * step_of_key(axis);
        block |= (at >> bits_ & within) << (bits_ * axis);
        bit |= (at & within) << (bits_ * axis);
    }
    page_for(key).blocks[block] |= std::uint64_t{1} << bit;
}

std::uint64_t OccupiedBoxes::count() const {
    std::uint64_t count = 0;
    for (const Page& page : pages_)
        for (const std::uint64_t boxes : page.blocks)
            count += static_cast<std::uint64_t>(std::popcount(boxes));
    return count;
}

double OccupiedBoxes::trimmed_count() const {
    Ends ends{};
    for (const Page& page : pages_) count_ends(page, ends);
    return static_cast<double>(ends[0]) + static_cast<double>(ends[1]) / 2 +
           static_cast<double>(ends[2]) / 4 + static_cast<double>(ends[3]) / 8;
}

void OccupiedBoxes::count_ends(const Page& page, Ends& ends) const {
    const int side = 1 << bits_;
    std::array<const Page*, 3> next{}, before{};
    for (int axis = 0; axis < dimensions_; ++axis) {
        next[axis] = page_at(page.key + step_of_key(axis));
        before[axis] = page_at(page.key - step_of_key(axis));
    }
    for (int block = 0; block < per_page; ++block) {
        const std::uint64_t boxes = page.blocks[block];
        if (boxes == 0) continue;
        std::uint64_t once = 0, twice = 0, thrice = 0;
        for (int axis = 0; axis < dimensions_; ++axis) {
            // Blocks lie within a page as boxes do within a block.
            const int stride = 1 << (bits_ * axis), across = stride * (side - 1);
            const int place = block / stride % side;
            std::uint64_t above = 0, below = 0;
            if (place + 1 < side)
                above = page.blocks[block + stride];
            else if (next[axis] != nullptr)
                above = next[axis]->blocks[block - across];
            if (place > 0)
                below = page.blocks[block - stride];
            else if (before[axis] != nullptr)
                below = before[axis]->blocks[block + across];
            const std::uint64_t low = low_[axis], high = low << across;
            above = (boxes >> stride & ~high) | (above & low) << across;
            below = (boxes << stride & ~low) | (below & high) >> across;
            const std::uint64_t end = (above ^ below) & boxes;
            thrice |= twice & end;
            twice |= once & end;
            once |= end;
        }
        ends[0] += static_cast<std::uint64_t>(std::popcount(boxes & ~once));
        ends[1] += static_cast<std::uint64_t>(std::popcount(once & ~twice));
        ends[2] += static_cast<std::uint64_t>(std::popcount(twice & ~thrice));
        ends[3] += static_cast<std::uint64_t>(std::popcount(thrice));
    }
}

OccupiedBoxes OccupiedBoxes::coarser() const {
    OccupiedBoxes coarser(dimensions_);
    const int within = (1 << bits_) - 1;
    for (const Page& page : pages_)
        for (int block = 0; block < per_page; ++block)
            for (std::uint64_t boxes = page.blocks[block]; boxes != 0; boxes &= boxes - 1) {
                const int bit = std::countr_zero(boxes);
                Box box{};
                for (int axis = 0; axis < dimensions_; ++axis) {
                    const auto of_page =
                        static_cast<std::int64_t>((page.key >> (key_bits * axis) & (step_of_key(1) - 1)) - 1);
                    const std::int64_t of_block = of_page << bits_ | (block >> (bits_ * axis) & within);
                    box[axis] = (of_block << bits_ | (bit >> (bits_ * axis) & within)) / 2;
                }
                coarser.add(box);
            }
    return coarser;
}

}  // namespace assistd::analysis
