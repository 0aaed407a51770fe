#include "occupied_boxes.h"

#include <bit>
#include <utility>

namespace assistd::analysis {
namespace {

constexpr int key_bits = 21;  // of each axis
constexpr std::size_t first_size = 64;

// The boxes of a block that lie on its low side along an axis, by (side, stride along the axis).
std::uint64_t low_side(int side, int stride) {
    std::uint64_t boxes = 0;
    for (int place = 0; place < 64; ++place)
        if (place / stride % side == 0) boxes |= std::uint64_t{1} << place;
    return boxes;
}

std::size_t mixed(std::uint64_t key) {
    key *= 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(key ^ key >> 32);
}

}  // namespace

OccupiedBoxes::OccupiedBoxes(int dimensions)
    : dimensions_(dimensions), bits_(dimensions == 2 ? 3 : 2), blocks_(first_size) {}

// Where the block is, or where it would be.
std::size_t OccupiedBoxes::place_of(std::uint64_t key) const {
    std::size_t place = mixed(key) & (blocks_.size() - 1);
    while (blocks_[place].boxes != 0 && blocks_[place].key != key) place = (place + 1) & (blocks_.size() - 1);
    return place;
}

void OccupiedBoxes::grow() {
    std::vector<Block> old(2 * blocks_.size());
    std::swap(old, blocks_);
    for (const Block& block : old)
        if (block.boxes != 0) blocks_[place_of(block.key)] = block;
}

void OccupiedBoxes::add(const std::array<std::int64_t, 3>& box) {
    std::uint64_t key = 0;
    int bit = 0;
    for (int axis = 0; axis < dimensions_; ++axis) {
        const auto at = static_cast<std::uint64_t>(box[axis]);
        // One is added so that a block has neighbours on all sides.
        key |= ((at >> bits_) + 1) << (key_bits * axis);
        bit |= static_cast<int>(at & ((1u << bits_) - 1)) << (bits_ * axis);
    }
    if (blocks_[last_].boxes == 0 || blocks_[last_].key != key) {
        last_ = place_of(key);
        if (blocks_[last_].boxes == 0) {
            if (2 * ++used_ > blocks_.size()) {
                grow();
                last_ = place_of(key);
            }
            blocks_[last_].key = key;
        }
    }
    blocks_[last_].boxes |= std::uint64_t{1} << bit;
}

double OccupiedBoxes::trimmed_count() const {
    const int side = 1 << bits_;
    std::array<std::uint64_t, 3> low{};
    for (int axis = 0; axis < dimensions_; ++axis) low[axis] = low_side(side, 1 << (bits_ * axis));
    std::array<std::uint64_t, 4> halved{};  // how many boxes are an end along so many axes
    for (const Block& block : blocks_) {
        if (block.boxes == 0) continue;
        std::uint64_t once = 0, twice = 0, thrice = 0;
        for (int axis = 0; axis < dimensions_; ++axis) {
            const int stride = 1 << (bits_ * axis), across = stride * (side - 1);
            const std::uint64_t one_block = std::uint64_t{1} << (key_bits * axis);
            const std::uint64_t high = low[axis] << across;
            const std::uint64_t above =
                (block.boxes >> stride & ~high) | (boxes_at(block.key + one_block) & low[axis]) << across;
            const std::uint64_t below =
                (block.boxes << stride & ~low[axis]) | (boxes_at(block.key - one_block) & high) >> across;
            const std::uint64_t end = (above ^ below) & block.boxes;
            thrice |= twice & end;
            twice |= once & end;
            once |= end;
        }
        halved[0] += static_cast<std::uint64_t>(std::popcount(block.boxes & ~once));
        halved[1] += static_cast<std::uint64_t>(std::popcount(once & ~twice));
        halved[2] += static_cast<std::uint64_t>(std::popcount(twice & ~thrice));
        halved[3] += static_cast<std::uint64_t>(std::popcount(thrice));
    }
    return static_cast<double>(halved[0]) + static_cast<double>(halved[1]) / 2 +
           static_cast<double>(halved[2]) / 4 + static_cast<double>(halved[3]) / 8;
}

}  // namespace assistd::analysis
