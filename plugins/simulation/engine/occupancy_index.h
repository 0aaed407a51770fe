#pragma once
// The hierarchical occupancy index: how far is the nearest sphere, at least, and which spheres are close?
// Belongs to one run, one thread.
//
// Level l divides space into cells of the side 2^l * finest cell. Each cell holds, in a byte, a lower bound
// of the distance from the cell's centre to the nearest sphere's surface, in 1/32 of the level's cell side,
// up to `reach` sides. A query starts at the level where the last one ended, and moves up where the bound is
// "far" and down where it is coarse, so it reads one or two bytes as a rule.
//
// Cost of adding a sphere: levels 0 and 1 take in every sphere as it is. Level l + 2 only hears of a sphere
// that is the first in its cell of level l, and then takes in that whole cell, so all higher levels together
// cost about as much as one. Spheres that are large against a cell (radius > side / 2) are always taken in as
// they are.
//
// Beside that, spheres are kept in lists by cell, one grid of lists for each class of sizes, for the exact
// search.

#include <vector>

#include "engine/block_grid.h"
#include "engine/observer.h"
#include "engine/sphere_store.h"

namespace assistd::simulation {

template <int D>
class OccupancyIndex {
  public:
    // `finest` is the side of the smallest cell; `radius` how far from the origin anything will be asked or
    // added (grow() can widen it).
    OccupancyIndex(double finest, double radius);

    // The half side of the cube that is covered.
    double half_side() const { return half_side_; }

    // Takes in store.spheres[id], links it into its list and keeps no other reference to it.
    void add(SphereStore<D>& store, std::int32_t id);
    // Covers a cube of at least this half side from now on. Takes all spheres in again. Throws Stopped.
    void grow(SphereStore<D>& store, double radius, Observer& observer);

    // A lower bound of the distance from `point` to the nearest sphere's surface; may be negative near or
    // inside one. `level` is where to start and is left where the search ended; any value from 0 to levels()
    // - 1 is right.
    double clearance(const Vec<D>& point, int& level) const;
    int levels() const { return static_cast<int>(levels_.size()); }

    // Calls visit(id, sphere) for every sphere whose surface is nearer than `within` (and for some others).
    template <typename Visit>
    void visit_near(const SphereStore<D>& store, const Vec<D>& point, double within, Visit&& visit) const {
        for (const SizeClass& sizes : classes_) {
            const double side = levels_[sizes.level].side;
            const double inverse = 1 / side;
            const double wide = within + sizes.largest;
            Cell<D> low, high;
            for (int axis = 0; axis < D; ++axis) {
                const int last = (cells_ - 1) >> sizes.level;
                const double at = point[axis] + half_side_;
                low[axis] = std::max(0, static_cast<int>((at - wide) * inverse));
                high[axis] = std::min(last, static_cast<int>((at + wide) * inverse));
            }
            for_each_cell(low, high, [&](const Cell<D>& cell) {
                for (std::int32_t id = sizes.first.read(cell); id >= 0; id = store.spheres[id].next)
                    visit(id, store.spheres[id]);
            });
        }
    }

    std::size_t bytes() const;

  private:
    using Distance = std::uint8_t;
    // Cells; below 255 / steps_per_side. With 2 the walkers take a third more steps, with 4 the spheres cost
    // more than that saves.
    static constexpr int reach = 3;
    static constexpr int steps_per_side = 32;
    static constexpr Distance far = 255;

    struct Level {
        double side = 0;
        double inverse_side = 0;
        BlockGrid<D, Distance> distance;
        PlainArray<std::uint64_t>
            occupied;  // a word for each block of `distance`, a bit for each of its cells
    };
    // The spheres of about one size. They are listed at the first level whose cell is at least four radii
    // wide.
    struct SizeClass {
        int level = 0;
        double largest = 0;
        BlockGrid<D, std::int32_t> first;
    };

    void reset(double radius);
    Cell<D> finest_cell(const Vec<D>& point) const;
    void add_to_list(SphereStore<D>& store, std::int32_t id);
    void add_to_field(const Sphere<D>& sphere);
    bool mark_occupied(int level, const Cell<D>& finest);
    void lower(Level& level, const Vec<D>& centre, double radius);

    template <typename Act>
    static void for_each_cell(const Cell<D>& low, const Cell<D>& high, Act&& act) {
        Cell<D> cell = low;
        if constexpr (D == 3) {
            for (cell[2] = low[2]; cell[2] <= high[2]; ++cell[2])
                for (cell[1] = low[1]; cell[1] <= high[1]; ++cell[1])
                    for (cell[0] = low[0]; cell[0] <= high[0]; ++cell[0]) act(cell);
        } else {
            for (cell[1] = low[1]; cell[1] <= high[1]; ++cell[1])
                for (cell[0] = low[0]; cell[0] <= high[0]; ++cell[0]) act(cell);
        }
    }

    double finest_ = 1;
    double inverse_finest_ = 1;
    double half_side_ = 0;
    int cells_ = 0;  // of the finest level, on each axis
    std::vector<Level> levels_;
    std::vector<SizeClass> classes_;
};

}  // namespace assistd::simulation
