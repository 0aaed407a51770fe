#include "box_counting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <span>
#include <utility>

#include "box_count.h"
#include "occupied_boxes.h"
#include "principal_axes.h"
#include "space.h"

namespace assistd::analysis {
namespace {

constexpr int fewest_sizes = 4;
// The odd parts of the ladder's n; each is one tree of halved boxes.
constexpr std::array<int, 4> ladder_roots{1, 3, 5, 7};
// Sizes that should be equal differ by rounding.
constexpr double rounding = 1e-9;
// Which part of its bounding box a compact body takes at least. A ball takes 0.52 and a hexagon 0.75; of a
// small one less is counted, since what sticks out of the boxes at its edge counts in parts.
constexpr double compact_filling = 0.4;
// What the edge takes of a compact body's dimension: 0.3 of a small ball's. Below that it is branched.
constexpr double least_deficit = 0.05;
constexpr double largest_deficit = 0.35;
// In mean particle diameters; what is no thicker is a layer, not an extent of its own.
constexpr double thickest_layer = 2;

struct Extent {
    std::array<double, 3> low{};
    std::array<double, 3> sides{};
    double longest = 0;
    double mean_diameter = 0;
    double smallest_radius = 0;
};

Extent extent_of(std::span<const Particle> particles, int dimensions) {
    Extent extent;
    std::array<double, 3> high{};
    extent.low.fill(HUGE_VAL);
    high.fill(-HUGE_VAL);
    extent.smallest_radius = HUGE_VAL;
    for (const Particle& particle : particles) {
        const std::array<double, 3> at{particle.x, particle.y, particle.z};
        for (int axis = 0; axis < 3; ++axis) {
            extent.low[axis] = std::min(extent.low[axis], at[axis] - particle.radius);
            high[axis] = std::max(high[axis], at[axis] + particle.radius);
        }
        extent.mean_diameter += 2 * particle.radius / static_cast<double>(particles.size());
        extent.smallest_radius = std::min(extent.smallest_radius, particle.radius);
    }
    for (int axis = 0; axis < dimensions; ++axis) {
        extent.sides[axis] = high[axis] - extent.low[axis];
        extent.longest = std::max(extent.longest, extent.sides[axis]);
    }
    return extent;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

// The sizes that the line is fitted to, and why.
struct Range {
    double min = 0;
    double max = 0;
    std::string rule;
};

Range fit_range(const Extent& extent, const BoxCountingOptions& options) {
    Range range{2 * extent.mean_diameter, extent.longest / 4,
                "from two mean particle diameters to a quarter of the extent"};
    if (range.max < 10 * range.min)
        range = {extent.mean_diameter, extent.longest / 2,
                 "from one mean particle diameter to half of the extent, because the cluster is small"};
    if (options.min_box_size || options.max_box_size) {
        range.min = options.min_box_size.value_or(range.min);
        range.max = options.max_box_size.value_or(range.max);
        range.rule = options.min_box_size && options.max_box_size ? "as asked for"
                     : options.min_box_size
                         ? "from the size asked for, " + range.rule.substr(range.rule.find("to "))
                         : range.rule.substr(0, range.rule.find(" to ")) + " to the size asked for";
    }
    if (range.min < 0.1 * extent.smallest_radius)
        throw BoxCountingRefused("min_box_size",
                                 "min_box_size must be at least a tenth of the smallest particle radius (" +
                                     number(0.1 * extent.smallest_radius) + ").");
    if (range.max > extent.longest * (1 + rounding))
        throw BoxCountingRefused("max_box_size", "max_box_size must be at most the extent of the cluster (" +
                                                     number(extent.longest) + ").");
    if (options.min_box_size && range.min >= range.max)
        throw BoxCountingRefused(
            "min_box_size",
            "min_box_size must be smaller than the largest box size of the fit (" + number(range.max) + ").");
    if (options.max_box_size && range.min >= range.max)
        throw BoxCountingRefused(
            "max_box_size",
            "max_box_size must be larger than the smallest box size of the fit (" + number(range.min) + ").");
    return range;
}

// How many boxes along the longest side (n) are counted, fewest first.
std::vector<int> ladder(const Extent& extent, double smallest_size, int sizes_per_decade) {
    const double most = extent.longest / smallest_size * (1 + rounding);
    std::vector<int> all{1, 2, 3};
    for (int power = 1; 4.0 * power <= most; power *= 2)
        for (int part = 4; part < 8; ++part) all.push_back(part * power);
    std::erase_if(all, [&](int n) { return n > most; });
    if (sizes_per_decade >= 13) return all;

    std::vector<int> thinned;
    double next = 0;  // log10 of the next n that is wanted
    for (const int n : all) {
        if (std::log10(n) < next - 0.05) continue;
        thinned.push_back(n);
        next = std::max(next, std::log10(n)) + 1.0 / sizes_per_decade;
    }
    return thinned;
}

// A sequence that fills the unit cube evenly (Roberts' R3). It begins with a third, which stays a third or
// two of them however often boxes are halved; a half would be nothing at the next size.
std::array<double, 3> shift_of_grid(int which) {
    constexpr std::array<double, 3> step{0.8191725133961645, 0.6710436067037893, 0.5497004779019703};
    std::array<double, 3> shift{};
    for (int axis = 0; axis < 3; ++axis) shift[axis] = std::fmod(1.0 / 3 + which * step[axis], 1.0);
    return shift;
}

// Of one box size: the sums over all grids. `trimmed` is 0 when that was not counted.
struct Counted {
    double occupied = 0;
    double trimmed = 0;
};

// By n, the number of boxes along the longest side.
std::map<int, Counted> count_ladder(std::span<const Ball> balls, const Extent& extent,
                                    const std::vector<int>& wanted, const BoxCountingOptions& options,
                                    const Progress& progress) {
    std::map<int, Counted> counts;
    const int finest = wanted.back();
    const double finest_trimmed = std::min(extent.longest / extent.mean_diameter * (1 + rounding),
                                           static_cast<double>(OccupiedBoxes::most_along_axis));
    double done = 0;
    for (int which = 0; which < options.grids; ++which) {
        for (const int root : ladder_roots) {
            progress(done / (options.grids * static_cast<double>(ladder_roots.size())));
            ++done;
            if (root > finest) continue;
            Grid grid;
            grid.dimensions = options.dimensions;
            grid.size = extent.longest / root;
            while (root << grid.levels <= finest) ++grid.levels;
            while (grid.trimmed < grid.levels && root << grid.trimmed <= finest_trimmed) ++grid.trimmed;
            const std::array<double, 3> shift = shift_of_grid(which);
            for (int axis = 0; axis < 3; ++axis)
                grid.origin[axis] = extent.low[axis] - shift[axis] * grid.size;
            const BoxCounts found = count_boxes(balls, grid, [&] {
                progress((done - 1) / (options.grids * static_cast<double>(ladder_roots.size())));
            });
            for (int level = 0; level < grid.levels; ++level) {
                Counted& counted = counts[root << level];
                counted.occupied += static_cast<double>(found.occupied[level]);
                if (level < grid.trimmed) counted.trimmed += found.trimmed[level];
            }
        }
    }
    return counts;
}

// The counts of the sizes that are wanted, smallest size first.
std::vector<BoxCountingPoint> points_of(const std::map<int, Counted>& counts, const std::vector<int>& wanted,
                                        const Extent& extent, const Range& range, int grids) {
    double part = 1;  // of the plain count, at the smallest size that is trimmed
    for (const auto& [n, counted] : counts)
        if (counted.trimmed > 0) part = counted.trimmed / counted.occupied;
    std::vector<BoxCountingPoint> points;
    for (auto n = wanted.rbegin(); n != wanted.rend(); ++n) {
        const double size = extent.longest / *n;
        const bool fitted = size >= range.min * (1 - rounding) && size <= range.max * (1 + rounding);
        const Counted& counted = counts.at(*n);
        const double sum = counted.trimmed > 0 ? counted.trimmed : part * counted.occupied;
        points.push_back({size, sum / grids, counted.occupied / grids, fitted});
    }
    return points;
}

void add_warnings(BoxCounting& result, int dimensions) {
    const double decades = std::log10(result.range_max / result.range_min);
    if (result.fit.r_squared < 0.95)
        result.warnings.push_back(
            "The fit is poor: R^2 is " + number(result.fit.r_squared) +
            ", below 0.95. The geometry does not scale with one dimension over this range.");
    if (decades < 1 - rounding)
        result.warnings.push_back(
            "The fit covers " + number(decades) +
            " decades of box size, less than one. A larger cluster gives a more certain dimension.");
    if (result.fit.slope_error > 0.1)
        result.warnings.push_back("The standard error of the dimension is " + number(result.fit.slope_error) +
                                  "; take the value as a rough one.");
    if (const std::string why = why_not_of_space(result.df, dimensions); !why.empty())
        result.warnings.push_back("The dimension is " + number(result.df) + ", " + why);
}

// A compact body fills its bounding box but for its corners. Of a body with slanted or round sides a part of
// what sticks out is still counted, and a small one, above all in three dimensions, is found to be of too
// low a dimension. Of branched clusters most of the bounding box is empty.
void add_compactness_warning(BoxCounting& result, const Extent& extent) {
    const auto smallest = std::find_if(result.points.begin(), result.points.end(),
                                       [](const BoxCountingPoint& point) { return point.fitted; });
    double boxes = 1;
    int dimension = 0;
    for (const double side : extent.sides) {
        boxes *= std::max(1.0, side / smallest->size);
        dimension += side > thickest_layer * extent.mean_diameter;
    }
    const double filled = smallest->count / boxes;
    const double deficit = dimension - result.df;
    if (filled < compact_filling || deficit < least_deficit || deficit > largest_deficit) return;
    result.warnings.push_back("The particles fill " + number(std::round(100 * std::min(filled, 1.0))) +
                              " % of their bounding box as boxes of size " + number(smallest->size) +
                              " see it: this is a compact body of dimension " + std::to_string(dimension) +
                              ", and the boxes at its edge make the fit find too little (" +
                              number(result.df) + ").");
}

void fit(BoxCounting& result) {
    std::vector<double> x, y, plain;
    for (const BoxCountingPoint& point : result.points) {
        if (!point.fitted) continue;
        x.push_back(std::log(point.size));
        y.push_back(std::log(point.count));
        plain.push_back(std::log(point.occupied));
    }
    if (x.size() < fewest_sizes)
        throw BoxCountingRefused(
            "", "The range of box sizes holds " + std::to_string(x.size()) +
                    (x.size() == 1 ? " size" : " sizes") + ", too few for a fit (at least " +
                    std::to_string(fewest_sizes) + "). The cluster spans " +
                    number(result.extent / result.mean_diameter) +
                    " times the particles' diameter; widen the range or use a larger cluster.");
    result.fit = fit_line(x, y);
    result.plain_fit = fit_line(x, plain);
    result.df = -result.fit.slope;
    result.range_min = std::exp(x.front());
    result.range_max = std::exp(x.back());
}

}  // namespace

BoxCounting count_and_fit(std::vector<Particle> particles, const BoxCountingOptions& options,
                          const Progress& progress) {
    if (particles.empty()) throw BoxCountingRefused("", "The geometry holds no particles.");
    progress(0);
    particles = along_principal_axes(std::move(particles), options.dimensions);
    const Extent extent = extent_of(particles, options.dimensions);
    const Range range = fit_range(extent, options);

    const double smallest_size = std::min(range.min, extent.mean_diameter);
    const std::vector<int> wanted = ladder(extent, smallest_size, options.sizes_per_decade);
    const std::vector<Ball> balls = sorted_balls(particles, options.dimensions);
    particles = {};  // ten million of them are worth giving back early
    const auto counts = count_ladder(balls, extent, wanted, options, progress);

    BoxCounting result;
    result.extent = extent.longest;
    result.mean_diameter = extent.mean_diameter;
    result.range_rule = range.rule;
    result.points = points_of(counts, wanted, extent, range, options.grids);
    fit(result);
    add_warnings(result, options.dimensions);
    add_compactness_warning(result, extent);
    return result;
}

}  // namespace assistd::analysis
