#include "box_count.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "box_tree.h"
#include "occupied_boxes.h"

namespace assistd::analysis {
namespace {

constexpr double touching = 1e-9;
constexpr std::uint64_t rows_between_checkpoints = 4'096;  // of boxes

// The bits of `value` (21 of them) spread out so that two other numbers fit in between.
std::uint64_t spread(std::uint64_t value) {
    value = (value | value << 32) & 0x001f00000000ffffULL;
    value = (value | value << 16) & 0x001f0000ff0000ffULL;
    value = (value | value << 8) & 0x100f00f00f00f00fULL;
    value = (value | value << 4) & 0x10c30c30c30c30c3ULL;
    value = (value | value << 2) & 0x1249249249249249ULL;
    return value;
}

double square(double value) {
    return value * value;
}

// The boxes of one size that the balls reach into.
template <int dimensions>
class Marker {
  public:
    Marker(const Grid& grid, int level, const Checkpoint& checkpoint)
        : grid_(grid),
          size_(std::ldexp(grid.size, -level)),
          per_size_(1 / size_),
          checkpoint_(checkpoint),
          occupied_(dimensions) {
        if constexpr (dimensions == 2) away2_[2] = {0};
    }

    OccupiedBoxes mark(std::span<const Ball> balls) {
        for (const Ball& ball : balls) mark(ball);
        checkpoint_();
        return std::move(occupied_);
    }

  private:
    void mark(const Ball& ball) {
        for (int axis = 0; axis < dimensions; ++axis) look_along(axis, ball);
        const double reach2 = square(ball.radius);
        OccupiedBoxes::Box box{};
        for (std::size_t k = 0; k < away2_[2].size(); ++k) {
            box[2] = first_[2] + static_cast<std::int64_t>(k);
            for (std::size_t j = 0; j < away2_[1].size(); ++j) {
                if (++rows_ % rows_between_checkpoints == 0) checkpoint_();
                box[1] = first_[1] + static_cast<std::int64_t>(j);
                const double left2 = reach2 - away2_[1][j] - away2_[2][k];
                for (std::size_t i = 0; i < away2_[0].size(); ++i) {
                    box[0] = first_[0] + static_cast<std::int64_t>(i);
                    if (away2_[0][i] < left2) occupied_.add(box);
                }
            }
        }
    }

    // How far, squared, the ball's centre lies outside of each box that it may reach into.
    void look_along(int axis, const Ball& ball) {
        const double at = ball.centre[axis] - grid_.origin[axis];
        // A little more than it needs, for rounding; the distances decide. Nothing lies below 0, so a number
        // is rounded down by leaving out its fraction.
        first_[axis] =
            std::max<std::int64_t>(0, static_cast<std::int64_t>((at - ball.radius) * per_size_ - touching));
        const auto last = static_cast<std::int64_t>((at + ball.radius) * per_size_ + touching);
        away2_[axis].clear();
        for (std::int64_t i = first_[axis]; i <= last; ++i) {
            const double low = size_ * static_cast<double>(i);
            away2_[axis].push_back(square(std::max({low - at, at - (low + size_), 0.0})));
        }
    }

    const Grid& grid_;
    const double size_;
    const double per_size_;
    const Checkpoint& checkpoint_;
    OccupiedBoxes occupied_;
    std::uint64_t rows_ = 0;
    // Of the ball that is being looked at, on each axis: its first box, and what look_along() says of each.
    std::array<std::int64_t, 3> first_{};
    std::array<std::vector<double>, 3> away2_;
};

}  // namespace

std::vector<Ball> sorted_balls(std::span<const Particle> particles, int dimensions) {
    std::vector<Ball> balls;
    balls.reserve(particles.size());
    for (const Particle& particle : particles)
        balls.push_back(
            {{particle.x, particle.y, dimensions == 3 ? particle.z : 0}, particle.radius * (1 - touching)});
    if (balls.empty()) return balls;

    std::array<double, 3> low = balls.front().centre;
    double extent = 0;
    for (const Ball& ball : balls)
        for (int axis = 0; axis < 3; ++axis) low[axis] = std::min(low[axis], ball.centre[axis]);
    for (const Ball& ball : balls)
        for (int axis = 0; axis < 3; ++axis) extent = std::max(extent, ball.centre[axis] - low[axis]);
    const double scale = extent > 0 ? ((1 << 21) - 1) / extent : 0;

    // The Morton code of each centre, with the ball's place.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order(balls.size());
    for (std::uint32_t which = 0; which < balls.size(); ++which) {
        std::uint64_t code = 0;
        for (int axis = 0; axis < 3; ++axis)
            code |= spread(static_cast<std::uint64_t>((balls[which].centre[axis] - low[axis]) * scale))
                    << axis;
        order[which] = {code, which};
    }
    std::sort(order.begin(), order.end());
    std::vector<Ball> sorted;
    sorted.reserve(balls.size());
    for (const auto& [code, which] : order) sorted.push_back(balls[which]);
    return sorted;
}

BoxCounts count_boxes(std::span<const Ball> balls, const Grid& grid, const Checkpoint& checkpoint) {
    BoxCounts found;
    const int kept = std::min(grid.trimmed, grid.levels);
    // The smallest boxes that are kept are marked and larger ones follow from them; smaller ones the tree
    // counts, on its way down through all.
    found.occupied = kept < grid.levels ? count_by_tree(balls, grid, checkpoint)
                                        : std::vector<std::uint64_t>(static_cast<std::size_t>(grid.levels));
    found.trimmed.resize(static_cast<std::size_t>(kept));
    if (kept == 0) return found;
    OccupiedBoxes boxes = grid.dimensions == 2 ? Marker<2>(grid, kept - 1, checkpoint).mark(balls)
                                               : Marker<3>(grid, kept - 1, checkpoint).mark(balls);
    for (int level = kept - 1;; --level) {
        found.occupied[static_cast<std::size_t>(level)] = boxes.count();
        found.trimmed[static_cast<std::size_t>(level)] = boxes.trimmed_count();
        if (level == 0) return found;
        boxes = boxes.coarser();
        checkpoint();
    }
}

}  // namespace assistd::analysis
