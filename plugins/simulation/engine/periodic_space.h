#pragma once
// Balls in a periodic box of equal sides: which of them are near to a place? A grid of lists for each class
// of sizes (the powers of two), so that few large ones among many small ones cost nothing. Belongs to one
// run, one thread.

#include <cstdint>
#include <vector>

#include "engine/vector.h"

namespace assistd::simulation {

template <int D>
class PeriodicSpace {
  public:
    PeriodicSpace(double side, std::size_t balls);

    double side() const { return side_; }
    // Into 0 .. side on each axis.
    Vec<D> wrapped(Vec<D> place) const;
    // The shortest vector to the place or one of its images.
    Vec<D> shortest(Vec<D> apart) const {
        for (int axis = 0; axis < D; ++axis) {
            const double turns = apart[axis] * inverse_side_;
            apart[axis] -= side_ * static_cast<int>(turns + std::copysign(0.5, turns));
        }
        return apart;
    }

    // The centre may lie anywhere.
    void add(std::int32_t ball, const Vec<D>& centre, double radius);
    void remove(std::int32_t ball);
    void move(std::int32_t ball, const Vec<D>& centre);

    // Calls visit(ball) once for each ball that is nearer to a ball of this radius than `within`, and for
    // some others.
    template <typename Visit>
    void visit_near(const Vec<D>& centre, double radius, double within, Visit&& visit) const {
        const Vec<D> place = wrapped(centre);
        for (const SizeClass& sizes : classes_) {
            if (sizes.members.empty()) continue;
            visit_class(sizes, place, radius + within + sizes.largest, visit);
        }
    }

    std::size_t bytes() const;

  private:
    struct SizeClass {
        int number = 0;      // holds radii up to 2^number
        double largest = 1;  // 2^number
        int cells = 1;       // on each axis
        double inverse_cell = 1;
        std::vector<std::int32_t> first;    // of the list of each cell
        std::vector<std::int32_t> members;  // all of them: quicker to go through when they are few
    };
    struct Ball {
        std::int32_t next = -1;
        std::int32_t previous = -1;
        std::int32_t cell = -1;
        std::int32_t size_class = -1;
        std::int32_t place = -1;  // among the members
    };

    std::int32_t class_for(double radius);
    std::int32_t cell_of(const SizeClass& sizes, const Vec<D>& place) const;
    void link(std::int32_t ball, std::int32_t cell);
    void unlink(std::int32_t ball);

    template <typename Visit>
    void visit_class(const SizeClass& sizes, const Vec<D>& place, double reach, Visit&& visit) const {
        std::array<int, D> low{}, count{};
        for (int axis = 0; axis < D; ++axis) {
            const auto at = static_cast<std::size_t>(axis);
            low[at] = static_cast<int>(std::floor((place[axis] - reach) * sizes.inverse_cell));
            const int high = static_cast<int>(std::floor((place[axis] + reach) * sizes.inverse_cell));
            count[at] = high - low[at] + 1;
            if (count[at] >= sizes.cells) {
                low[at] = 0;
                count[at] = sizes.cells;
            }
        }
        const std::size_t cells = static_cast<std::size_t>(count[0]) * static_cast<std::size_t>(count[1]) *
                                  static_cast<std::size_t>(D == 3 ? count[D - 1] : 1);
        if (sizes.members.size() <= cells) {
            for (const std::int32_t ball : sizes.members) visit(ball);
            return;
        }
        const auto turn = [&](int cell) {
            cell %= sizes.cells;
            return cell < 0 ? cell + sizes.cells : cell;
        };
        for (int k = 0; k < (D == 3 ? count[D - 1] : 1); ++k) {
            const int plane = D == 3 ? turn(low[D - 1] + k) * sizes.cells : 0;
            for (int j = 0; j < count[1]; ++j) {
                const int row = (plane + turn(low[1] + j)) * sizes.cells;
                for (int i = 0; i < count[0]; ++i) {
                    std::int32_t ball = sizes.first[static_cast<std::size_t>(row + turn(low[0] + i))];
                    for (; ball >= 0; ball = balls_[static_cast<std::size_t>(ball)].next) visit(ball);
                }
            }
        }
    }

    double side_;
    double inverse_side_;
    std::vector<Ball> balls_;
    std::vector<SizeClass> classes_;
};

}  // namespace assistd::simulation
