#include "engine/occupancy_index.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace assistd::simulation {

template <int D>
OccupancyIndex<D>::OccupancyIndex(double finest, double radius)
    : finest_(finest), inverse_finest_(1 / finest) {
    reset(radius);
}

template <int D>
void OccupancyIndex<D>::reset(double radius) {
    const int half_cells = std::max(16, static_cast<int>(std::ceil(radius * inverse_finest_)));
    cells_ = 2 * half_cells;
    half_side_ = half_cells * finest_;
    classes_.clear();
    levels_.clear();
    // The highest level has at most four cells on each axis: from any of them, `reach` cells see everything.
    int count = 1;
    while ((cells_ - 1) >> (count - 1) >= 4) ++count;
    levels_.resize(static_cast<std::size_t>(count));
    for (int l = 0; l < levels(); ++l) {
        Level& level = levels_[l];
        level.side = std::ldexp(finest_, l);
        level.inverse_side = 1 / level.side;
        level.distance.reset(((cells_ - 1) >> l) + 1, far);
    }
}

template <int D>
void OccupancyIndex<D>::grow(SphereStore<D>& store, double radius, Observer& observer) {
    reset(radius);
    for (std::size_t id = 0; id < store.size(); ++id) {
        if ((id & 0xfff) == 0 && observer.should_stop()) throw Stopped();
        add(store, static_cast<std::int32_t>(id));
    }
}

template <int D>
Cell<D> OccupancyIndex<D>::finest_cell(const Vec<D>& point) const {
    Cell<D> cell;
    for (int axis = 0; axis < D; ++axis) {
        const int at = static_cast<int>((point[axis] + half_side_) * inverse_finest_);
        cell[axis] = std::clamp(at, 0, cells_ - 1);
    }
    return cell;
}

template <int D>
void OccupancyIndex<D>::add(SphereStore<D>& store, std::int32_t id) {
    add_to_list(store, id);
    add_to_field(store.spheres[id]);
}

template <int D>
void OccupancyIndex<D>::add_to_list(SphereStore<D>& store, std::int32_t id) {
    Sphere<D>& sphere = store.spheres[id];
    int level = 0;
    while (level + 1 < levels() && levels_[level].side < 4 * static_cast<double>(sphere.radius)) ++level;
    auto found =
        std::find_if(classes_.begin(), classes_.end(), [&](const auto& each) { return each.level == level; });
    if (found == classes_.end()) {
        classes_.emplace_back();
        found = classes_.end() - 1;
        found->level = level;
        found->first.reset(((cells_ - 1) >> level) + 1, -1);
    }
    found->largest = std::max(found->largest, static_cast<double>(sphere.radius));
    Cell<D> cell = finest_cell(sphere.centre);
    for (int& at : cell) at >>= level;
    std::int32_t& first = found->first.write(cell);
    sphere.next = first;
    first = id;
}

template <int D>
void OccupancyIndex<D>::add_to_field(const Sphere<D>& sphere) {
    const double radius = sphere.radius;
    const Cell<D> cell = finest_cell(sphere.centre);
    int exact = 2;  // the first level that takes in cells instead of spheres
    while (exact < levels() && levels_[exact - 2].side < 2 * radius) ++exact;
    for (int l = 0; l < std::min(exact, levels()); ++l) lower(levels_[l], sphere.centre, radius);
    const double half_diagonal = 0.5 * std::sqrt(static_cast<double>(D));
    for (int l = exact; l < levels(); ++l) {
        const int m = l - 2;
        if (!mark_occupied(m, cell)) return;
        const double side = levels_[m].side;
        Vec<D> centre;
        for (int axis = 0; axis < D; ++axis) centre[axis] = ((cell[axis] >> m) + 0.5) * side - half_side_;
        lower(levels_[l], centre, side * (half_diagonal + 0.5));
    }
}

// True when the cell was free.
template <int D>
bool OccupancyIndex<D>::mark_occupied(int level, const Cell<D>& finest) {
    Cell<D> cell = finest;
    for (int& at : cell) at >>= level;
    Level& here = levels_[level];
    const std::size_t block = here.distance.block_number(cell);
    while (here.occupied.size() <= block) here.occupied.push_back(0);
    std::uint64_t& bits = here.occupied[block];
    const std::uint64_t bit = std::uint64_t{1} << BlockGrid<D, Distance>::cell_index(cell);
    const bool free = (bits & bit) == 0;
    bits |= bit;
    return free;
}

namespace {
// Lowers a row of cells; `x` is the sphere's place relative to the row's first cell, all lengths in cells.
template <int Count>
void lower_row(std::uint8_t* row, float x, float off_row_squared, float radius, float steps, float limit) {
    int found[Count];
    for (int i = 0; i < Count; ++i) {
        const float dx = static_cast<float>(i) + 0.5F - x;
        const float bound = (std::sqrt(dx * dx + off_row_squared) - radius) * steps - 0.05F;
        const int whole = static_cast<int>(bound < 0 ? 0 : bound);
        found[i] = bound < limit ? whole : 255;
    }
    for (int i = 0; i < Count; ++i) row[i] = static_cast<std::uint8_t>(std::min<int>(row[i], found[i]));
}
}  // namespace

// Takes a sphere into one level: every cell whose centre is within `reach` sides of its surface.
template <int D>
void OccupancyIndex<D>::lower(Level& level, const Vec<D>& centre, double radius) {
    using Field = BlockGrid<D, Distance>;
    constexpr int side = Field::block_side;
    const int cells = static_cast<int>(std::ceil(2 * half_side_ * level.inverse_side));
    const double size = radius * level.inverse_side;
    const double wide = reach + size;
    Vec<D> at;  // in cells
    Cell<D> low, high;
    for (int axis = 0; axis < D; ++axis) {
        at[axis] = (centre[axis] + half_side_) * level.inverse_side;
        low[axis] = std::clamp(static_cast<int>(at[axis] - wide), 0, cells - 1) >> Field::block_bits;
        high[axis] = std::clamp(static_cast<int>(at[axis] + wide), 0, cells - 1) >> Field::block_bits;
    }
    for_each_cell(low, high, [&](const Cell<D>& block_at) {
        Cell<D> first;
        Vec<D> off;  // of the sphere, from the block's corner
        double nearest = 0;
        for (int axis = 0; axis < D; ++axis) {
            first[axis] = block_at[axis] << Field::block_bits;
            off[axis] = at[axis] - first[axis];
            const double outside = std::max({0.0, 0.5 - off[axis], off[axis] - (side - 0.5)});
            nearest += outside * outside;
        }
        if (nearest >= wide * wide) return;
        std::uint8_t* cell = level.distance.block(first).cell;
        for (int z = 0; z < (D == 3 ? side : 1); ++z) {
            const double dz = D == 3 ? z + 0.5 - off[D - 1] : 0;
            for (int y = 0; y < side; ++y, cell += side) {
                const double dy = y + 0.5 - off[1];
                const double square = dy * dy + dz * dz;
                if (square < wide * wide)
                    lower_row<side>(cell, static_cast<float>(off[0]), static_cast<float>(square),
                                    static_cast<float>(size), steps_per_side, reach * steps_per_side);
            }
        }
    });
}

template <int D>
double OccupancyIndex<D>::clearance(const Vec<D>& point, int& level) const {
    constexpr int coarse = (reach * steps_per_side) / 2 + steps_per_side / 4;
    const Cell<D> finest = finest_cell(point);
    const int top = levels() - 1;
    int l = level;
    int moved = 0;  // up or down; never both, the bound just seen on the other side is good
    double best = -half_side_;
    for (;;) {
        const Level& here = levels_[l];
        Cell<D> cell;
        double square = 0;
        for (int axis = 0; axis < D; ++axis) {
            cell[axis] = finest[axis] >> l;
            const double off = (cell[axis] + 0.5) * here.side - half_side_ - point[axis];
            square += off * off;
        }
        const int steps = here.distance.read(cell);
        const int capped = steps == far ? reach * steps_per_side : steps;
        best = std::max(best, here.side * (1.0 / steps_per_side) * capped - std::sqrt(square));
        if (steps == far && moved >= 0 && l < top) {
            ++l;
            moved = 1;
        } else if (steps < coarse && moved <= 0 && l > 0) {
            --l;
            moved = -1;
        } else {
            level = l;
            return best;
        }
    }
}

template <int D>
std::size_t OccupancyIndex<D>::bytes() const {
    std::size_t sum = 0;
    for (const Level& level : levels_) sum += level.distance.bytes() + level.occupied.bytes();
    for (const SizeClass& sizes : classes_) sum += sizes.first.bytes();
    return sum;
}

template class OccupancyIndex<2>;
template class OccupancyIndex<3>;

}  // namespace assistd::simulation
