#include "box_count.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "occupied_boxes.h"

namespace assistd::analysis {
namespace {

constexpr double touching = 1e-9;

struct Box {
    std::array<double, 3> low{};
    std::array<double, 3> high{};
};

double square(double value) {
    return value * value;
}

// How far a coordinate lies outside of [low, high]; 0 inside.
double outside(double at, double low, double high) {
    return std::max({low - at, at - high, 0.0});
}

template <int dimensions>
bool reaches_into(const Ball& ball, const Box& box) {
    double distance2 = 0;
    for (int axis = 0; axis < dimensions; ++axis)
        distance2 += square(outside(ball.centre[axis], box.low[axis], box.high[axis]));
    return distance2 < square(ball.radius);
}

template <int dimensions>
bool covers(const Ball& ball, const Box& box) {
    double farthest2 = 0;
    for (int axis = 0; axis < dimensions; ++axis)
        farthest2 += square(std::max(ball.centre[axis] - box.low[axis], box.high[axis] - ball.centre[axis]));
    return farthest2 < square(ball.radius);
}

// The bits of `value` (21 of them) spread out so that two other numbers fit in between.
std::uint64_t spread(std::uint64_t value) {
    value = (value | value << 32) & 0x001f00000000ffffULL;
    value = (value | value << 16) & 0x001f0000ff0000ffULL;
    value = (value | value << 8) & 0x100f00f00f00f00fULL;
    value = (value | value << 4) & 0x10c30c30c30c30c3ULL;
    value = (value | value << 2) & 0x1249249249249249ULL;
    return value;
}

// One descent through the tree. Work space is kept per level, so a whole count allocates only a few times.
template <int dimensions>
class Counter {
  public:
    Counter(std::span<const Ball> balls, const Grid& grid, const Checkpoint& checkpoint)
        : balls_(balls), grid_(grid), checkpoint_(checkpoint), counts_(grid.levels), children_(grid.levels) {
        kept_.assign(std::min(grid.trimmed, grid.levels), OccupiedBoxes(dimensions));
        for (const Ball& ball : balls) largest_ = std::max(largest_, ball.radius);
        for (int level = 0; level < grid.levels; ++level) part_.push_back(std::ldexp(1.0, -level));
    }

    BoxCounts run() {
        for (const auto& [index, members] : roots()) descend(0, index, members);
        BoxCounts found{counts_, {}};
        for (const OccupiedBoxes& boxes : kept_) found.trimmed.push_back(boxes.trimmed_count());
        return found;
    }

  private:
    using Index = std::array<std::int64_t, 3>;
    using Members = std::vector<std::uint32_t>;

    // The same number for the same place on every level: halving is exact, so boxes and their children share
    // edges to the last bit, and a count on the tree equals a count of each size by itself.
    double edge(int axis, std::int64_t i, int level) const {
        return grid_.origin[axis] + grid_.size * (static_cast<double>(i) * part_[level]);
    }
    Box box(const Index& index, int level) const {
        Box box;
        for (int axis = 0; axis < dimensions; ++axis) {
            box.low[axis] = edge(axis, index[axis], level);
            box.high[axis] = edge(axis, index[axis] + 1, level);
        }
        return box;
    }

    std::map<Index, Members> roots() const {
        std::map<Index, Members> roots;
        for (std::uint32_t which = 0; which < balls_.size(); ++which) {
            const Ball& ball = balls_[which];
            Index first{}, last{};
            for (int axis = 0; axis < dimensions; ++axis) {
                // A little more than it needs, for rounding; the test below decides.
                const double at = ball.centre[axis] - grid_.origin[axis];
                const double from = std::floor((at - ball.radius) / grid_.size - touching);
                first[axis] = std::max<std::int64_t>(0, static_cast<std::int64_t>(from));
                last[axis] =
                    static_cast<std::int64_t>(std::floor((at + ball.radius) / grid_.size + touching));
            }
            Index index = first;
            for (index[2] = first[2]; index[2] <= last[2]; ++index[2])
                for (index[1] = first[1]; index[1] <= last[1]; ++index[1])
                    for (index[0] = first[0]; index[0] <= last[0]; ++index[0])
                        if (reaches_into<dimensions>(ball, box(index, 0))) roots[index].push_back(which);
        }
        return roots;
    }

    // `members` are all the balls that reach into the box, at least one.
    void descend(int level, const Index& index, const Members& members) {
        ++counts_[level];
        if (keeps(level)) kept_[level].add(index);
        if (++visited_ % 1024 == 0 || members.size() > 100'000) checkpoint_();
        if (level + 1 == grid_.levels) return;
        if (covered(level, index, members)) return count_all_below(level, index);
        if (level + 2 == grid_.levels) return count_children(level, index, members);
        split(level, index, members);
        for (int child = 0; child < 1 << dimensions; ++child)
            if (!children_[level][child].empty())
                descend(level + 1, child_index(index, child), children_[level][child]);
    }

    bool covered(int level, const Index& index, const Members& members) const {
        const double diagonal = grid_.size * part_[level] * std::sqrt(dimensions);
        if (diagonal > 2 * largest_) return false;
        const Box whole = box(index, level);
        return std::any_of(members.begin(), members.end(),
                           [&](std::uint32_t which) { return covers<dimensions>(balls_[which], whole); });
    }

    bool keeps(int level) const { return level < static_cast<int>(kept_.size()); }

    void count_all_below(int level, const Index& index) {
        std::uint64_t boxes = 1;
        for (int below = level + 1; below < grid_.levels; ++below) {
            boxes <<= dimensions;
            counts_[below] += boxes;
            if (keeps(below)) keep_all(level, below, index);
        }
    }

    // The boxes of level `below` in a box of `level`.
    void keep_all(int level, int below, const Index& index) {
        const std::int64_t side = std::int64_t{1} << (below - level);
        Index box{};
        for (std::int64_t k = 0; k < (dimensions == 3 ? side : 1); ++k)
            for (std::int64_t j = 0; j < side; ++j) {
                if (++visited_ % 1024 == 0) checkpoint_();
                for (std::int64_t i = 0; i < side; ++i) {
                    box = {index[0] * side + i, index[1] * side + j, index[2] * side + k};
                    kept_[below].add(box);
                }
            }
    }

    static Index child_index(const Index& index, int child) {
        return {2 * index[0] + (child & 1), 2 * index[1] + (child >> 1 & 1), 2 * index[2] + (child >> 2 & 1)};
    }

    // Calls visit(child, ball) for each child box that each ball reaches into, until visit returns false.
    template <typename Visit>
    void for_each_reached(int level, const Index& index, const Members& members, Visit visit) const {
        const Box whole = box(index, level);
        std::array<double, 3> middle{};
        for (int axis = 0; axis < dimensions; ++axis)
            middle[axis] = edge(axis, 2 * index[axis] + 1, level + 1);
        constexpr int children = 1 << dimensions;
        for (const std::uint32_t which : members) {
            const Ball& ball = balls_[which];
            std::array<std::array<double, 2>, 3> distance2{};
            for (int axis = 0; axis < dimensions; ++axis) {
                const double at = ball.centre[axis];
                distance2[axis] = {square(outside(at, whole.low[axis], middle[axis])),
                                   square(outside(at, middle[axis], whole.high[axis]))};
            }
            const double reach2 = square(ball.radius);
            for (int child = 0; child < children; ++child) {
                double away2 = distance2[0][child & 1] + distance2[1][child >> 1 & 1];
                if constexpr (dimensions == 3) away2 += distance2[2][child >> 2 & 1];
                if (away2 < reach2 && !visit(child, which)) return;
            }
        }
    }

    void split(int level, const Index& index, const Members& members) {
        for (Members& child : children_[level]) child.clear();
        for_each_reached(level, index, members, [&](int child, std::uint32_t which) {
            children_[level][child].push_back(which);
            return true;
        });
    }

    // On the last level nobody asks which balls reach into a box.
    void count_children(int level, const Index& index, const Members& members) {
        const unsigned all = (1u << (1 << dimensions)) - 1;
        unsigned occupied = 0;
        for_each_reached(level, index, members, [&](int child, std::uint32_t) {
            occupied |= 1u << child;
            return occupied != all;
        });
        counts_[level + 1] += static_cast<std::uint64_t>(std::popcount(occupied));
        if (!keeps(level + 1)) return;
        for (int child = 0; child < 1 << dimensions; ++child)
            if (occupied >> child & 1) kept_[level + 1].add(child_index(index, child));
    }

    std::span<const Ball> balls_;
    const Grid& grid_;
    const Checkpoint& checkpoint_;
    double largest_ = 0;
    std::vector<double> part_;  // the size of a box on each level, of the coarsest
    std::uint64_t visited_ = 0;
    std::vector<std::uint64_t> counts_;
    std::vector<OccupiedBoxes> kept_;
    std::vector<std::array<Members, 8>> children_;  // of the box that is being looked at on each level
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
    return grid.dimensions == 2 ? Counter<2>(balls, grid, checkpoint).run()
                                : Counter<3>(balls, grid, checkpoint).run();
}

}  // namespace assistd::analysis
