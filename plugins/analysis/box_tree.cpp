#include "box_tree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

namespace assistd::analysis {
namespace {

constexpr double touching = 1e-9;  // a little more than rounding does

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

// One descent through the tree. Work space is kept per level, so a whole count allocates only a few times.
template <int dimensions>
class Counter {
  public:
    Counter(std::span<const Ball> balls, const Grid& grid, const Checkpoint& checkpoint)
        : balls_(balls), grid_(grid), checkpoint_(checkpoint), counts_(grid.levels), children_(grid.levels) {
        for (const Ball& ball : balls) largest_ = std::max(largest_, ball.radius);
        for (int level = 0; level < grid.levels; ++level) part_.push_back(std::ldexp(1.0, -level));
    }

    std::vector<std::uint64_t> run() {
        for (const auto& [index, members] : roots()) descend(0, index, members);
        return counts_;
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
        if (++visited_ % 1024 == 0 || members.size() > 100'000) checkpoint_();
        if (level + 1 == grid_.levels) return;
        if (covered(level, index, members)) return count_all_below(level);
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

    void count_all_below(int level) {
        std::uint64_t boxes = 1;
        for (int below = level + 1; below < grid_.levels; ++below) {
            boxes <<= dimensions;
            counts_[below] += boxes;
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
    }

    std::span<const Ball> balls_;
    const Grid& grid_;
    const Checkpoint& checkpoint_;
    double largest_ = 0;
    std::vector<double> part_;  // the size of a box on each level, of the coarsest
    std::uint64_t visited_ = 0;
    std::vector<std::uint64_t> counts_;
    std::vector<std::array<Members, 8>> children_;  // of the box that is being looked at on each level
};

}  // namespace

std::vector<std::uint64_t> count_by_tree(std::span<const Ball> balls, const Grid& grid,
                                         const Checkpoint& checkpoint) {
    return grid.dimensions == 2 ? Counter<2>(balls, grid, checkpoint).run()
                                : Counter<3>(balls, grid, checkpoint).run();
}

}  // namespace assistd::analysis
