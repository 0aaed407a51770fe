#include "correlation/correlation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <numeric>

#include "correlation/distances.h"
#include "space.h"

namespace assistd::analysis {
namespace {

constexpr std::size_t fewest_points = 4;  // of a fit
constexpr double most_centres = 2000;     // of each curve
constexpr double most_distances = 5e8;
constexpr double pair_part = 0.5;  // of Rg
constexpr double sandbox_part = 0.75;
// Distances are counted in this many mean diameters: no distance in a lattice of touching particles is then
// an edge of a bin, so that rounding does not decide where a neighbour is counted.
const double unit_in_diameters = std::sqrt(3 / std::numbers::pi);

std::string text_of(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

// The geometry in the unit of counting, with its centre of mass at the origin.
struct Cluster {
    std::vector<Point> points;
    std::vector<std::uint32_t> from_middle;  // indices, nearest to the centre of mass first
    double unit = 1;
    double rg = 0;  // in units
    double mean_diameter = 0;
};

double off_middle(const Point& point) {
    return std::sqrt(point.x * point.x + point.y * point.y + point.z * point.z);
}

Cluster prepared(const std::vector<Particle>& particles, int dimensions) {
    Cluster cluster;
    const double count = static_cast<double>(particles.size());
    double volume = 0, x = 0, y = 0, z = 0;
    for (const Particle& particle : particles) {
        const double cube = particle.radius * particle.radius * particle.radius;
        cluster.mean_diameter += 2 * particle.radius / count;
        volume += cube;
        x += cube * particle.x, y += cube * particle.y, z += cube * particle.z;
    }
    cluster.unit = cluster.mean_diameter * unit_in_diameters;
    double moment = 0;
    for (const Particle& particle : particles) {
        const double cube = particle.radius * particle.radius * particle.radius;
        const Point point{(particle.x - x / volume) / cluster.unit, (particle.y - y / volume) / cluster.unit,
                          dimensions == 3 ? (particle.z - z / volume) / cluster.unit : 0,
                          cube / volume * count};
        moment += point.mass / count * (point.x * point.x + point.y * point.y + point.z * point.z);
        cluster.points.push_back(point);
    }
    cluster.rg = std::sqrt(moment);
    cluster.from_middle.resize(particles.size());
    std::iota(cluster.from_middle.begin(), cluster.from_middle.end(), 0u);
    std::stable_sort(cluster.from_middle.begin(), cluster.from_middle.end(),
                     [&](std::uint32_t a, std::uint32_t b) {
                         return off_middle(cluster.points[a]) < off_middle(cluster.points[b]);
                     });
    return cluster;
}

struct Range {
    double min = 0;
    double pair_max = 0;
    double sandbox_max = 0;
    std::string rule;
};

Range fit_range(const Cluster& cluster, const CorrelationOptions& options) {
    const double rg = cluster.rg * cluster.unit;
    Range range{2 * cluster.mean_diameter, pair_part * rg, sandbox_part * rg,
                "from two mean particle diameters to Rg/2 (pair correlation) and 3/4 Rg (sandbox)"};
    if (range.pair_max < std::sqrt(10.0) * range.min) {
        range.min = cluster.mean_diameter;
        range.pair_max = range.sandbox_max;
        range.rule = "from one mean particle diameter to 3/4 Rg, because the cluster is small";
    }
    if (options.min_distance || options.max_distance) {
        range.min = options.min_distance.value_or(range.min);
        range.pair_max = options.max_distance.value_or(range.pair_max);
        range.sandbox_max = options.max_distance.value_or(range.sandbox_max);
        range.rule = "as asked for";
    }
    if (range.min < 0.5 * cluster.mean_diameter)
        throw CorrelationRefused("min_distance",
                                 "min_distance must be at least half a mean particle diameter (" +
                                     text_of(0.5 * cluster.mean_diameter) + ").");
    if (range.sandbox_max > rg * (1 + 1e-9))
        throw CorrelationRefused(
            "max_distance",
            "max_distance must be at most the radius of gyration of the particles' centres (" + text_of(rg) +
                ").");
    if (range.min < range.sandbox_max) return range;
    if (options.min_distance || options.max_distance)
        throw CorrelationRefused(options.min_distance ? "min_distance" : "max_distance",
                                 "The fit would go from " + text_of(range.min) + " to " +
                                     text_of(range.sandbox_max) +
                                     "; min_distance must be smaller than max_distance.");
    throw CorrelationRefused("", "The cluster is too small: three quarters of its radius of gyration (" +
                                     text_of(range.sandbox_max) + ") is less than a particle diameter (" +
                                     text_of(range.min) + ").");
}

// The radius at which a shell's area times its thickness is its volume.
double radius_of_shell(int dimensions, double low, double high) {
    return dimensions == 2 ? (low + high) / 2 : std::sqrt((low * low + low * high + high * high) / 3);
}

double shell(int dimensions, double low, double high) {
    return dimensions == 2 ? std::numbers::pi * (high * high - low * low)
                           : 4 * std::numbers::pi / 3 * (high * high * high - low * low * low);
}

// Sums over the centres.
struct Sums {
    std::vector<double> number;  // of others around the centres of the pair correlation
    std::vector<double> mass;    // around those of the sandbox
    double nearer_mass = 0;
    std::size_t pair_centres = 0;
    std::size_t sandbox_centres = 0;
};

void add(std::vector<double>& to, const std::vector<double>& values) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += values[i];
}

Sums summed(const Cluster& cluster, const DistanceBins& bins, int dimensions,
            const std::function<void(double)>& progress) {
    const std::size_t all = cluster.points.size();
    const auto inner = static_cast<std::size_t>(
        std::partition_point(cluster.from_middle.begin(), cluster.from_middle.end(),
                             [&](std::uint32_t i) { return off_middle(cluster.points[i]) <= cluster.rg; }) -
        cluster.from_middle.begin());
    const double most = std::max(1.0, std::min(most_centres, most_distances / static_cast<double>(all)));
    const auto stride_of = [most](std::size_t count) {
        return static_cast<std::size_t>(std::max(1.0, std::ceil(static_cast<double>(count) / most)));
    };
    // In the order of their distance from the middle, so that a sample is even from the middle to the edge.
    const std::size_t pair_stride = stride_of(all), sandbox_stride = stride_of(inner);
    const auto count = static_cast<std::size_t>(bins.count());
    Sums sums{std::vector<double>(count), std::vector<double>(count)};
    for (std::size_t i = 0; i < all; ++i) {
        const bool for_pairs = i % pair_stride == 0;
        const bool for_sandbox = i < inner && i % sandbox_stride == 0;
        if (!for_pairs && !for_sandbox) continue;
        progress(static_cast<double>(i) / static_cast<double>(all));
        const Surroundings found =
            around(cluster.points[cluster.from_middle[i]], cluster.points, bins, dimensions);
        if (for_pairs) {
            ++sums.pair_centres;
            add(sums.number, found.number);
        }
        if (for_sandbox) {
            ++sums.sandbox_centres;
            sums.nearer_mass += found.nearer_mass;
            add(sums.mass, found.mass);
        }
    }
    return sums;
}

// Returns why there is none; empty when there is one.
std::string fit(ScalingCurve& curve, const char* what) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < curve.r.size(); ++i) {
        if (!curve.fitted[i]) continue;
        x.push_back(std::log(curve.r[i]));
        y.push_back(std::log(curve.y[i]));
    }
    if (x.size() < fewest_points) {
        curve.fitted.assign(curve.fitted.size(), false);
        return "The range of distances holds " + std::to_string(x.size()) + " points of the " + what +
               ", too few for a fit (at least 4).";
    }
    curve.fit = fit_line(x, y);
    curve.range_min = std::exp(x.front());
    curve.range_max = std::exp(x.back());
    return "";
}

void fit_both(Correlation& result, int dimensions) {
    const std::string no_pair = fit(result.pair, "pair correlation"),
                      no_sandbox = fit(result.sandbox, "sandbox");
    if (!no_pair.empty() && !no_sandbox.empty())
        throw CorrelationRefused("", no_pair + " Widen the range or use a larger cluster.");
    for (const std::string& why : {no_pair, no_sandbox})
        if (!why.empty()) result.warnings.push_back(why + " So it gives no dimension.");
    if (result.pair.has_fit()) result.pair.df = dimensions + result.pair.fit.slope;
    if (result.sandbox.has_fit()) result.sandbox.df = result.sandbox.fit.slope;
}

void warn_of_fit(Correlation& result, const ScalingCurve& curve, const std::string& name, int dimensions) {
    if (!curve.has_fit()) return;
    const double decades = std::log10(curve.range_max / curve.range_min);
    if (decades < 1)
        result.warnings.push_back(
            "The " + name + " is fitted over " + text_of(decades) +
            " decades of distance, less than one. A larger cluster gives a more certain "
            "dimension.");
    if (&curve == &result.sandbox && curve.fit.r_squared < 0.95)
        result.warnings.push_back("The fit of the sandbox is poor: R^2 is " + text_of(curve.fit.r_squared) +
                                  ", below 0.95.");
    // A compact body's g is level, so its R^2 says nothing; the error of the slope does.
    if (curve.fit.slope_error > 0.1)
        result.warnings.push_back("The standard error of the dimension by the " + name + " is " +
                                  text_of(curve.fit.slope_error) + "; take the value as a rough one.");
    if (const std::string why = why_not_of_space(curve.df, dimensions); !why.empty())
        result.warnings.push_back("By the " + name + " the dimension is " + text_of(curve.df) + ", " + why);
}

// Compact bodies differ by 0.2 (README.md); what differs by more scales differently near and far, or hardly.
constexpr double most_apart = 0.3;

void add_warnings(Correlation& result, int dimensions) {
    warn_of_fit(result, result.pair, "pair correlation", dimensions);
    warn_of_fit(result, result.sandbox, "sandbox", dimensions);
    if (!result.pair.has_fit() || !result.sandbox.has_fit()) return;
    const double apart = std::abs(result.pair.df - result.sandbox.df);
    if (apart > most_apart)
        result.warnings.push_back(
            "The two dimensions are " + text_of(apart) +
            " apart, more than their ranges and a cluster's edge explain: with radii that differ much, few "
            "particles or a structure that is not self-similar neither is certain.");
}

}  // namespace

Correlation correlate(const std::vector<Particle>& particles, const CorrelationOptions& options,
                      const std::function<void(double)>& progress) {
    if (particles.size() < 10)
        throw CorrelationRefused("", "The geometry has " + std::to_string(particles.size()) +
                                         " particles; a correlation needs at least 10.");
    progress(0);
    const Cluster cluster = prepared(particles, options.dimensions);
    const Range range = fit_range(cluster, options);
    Correlation result;
    result.rg = cluster.rg * cluster.unit;
    result.mean_diameter = cluster.mean_diameter;
    result.range_rule = range.rule;
    const DistanceBins bins(2 * cluster.rg);
    const Sums sums = summed(cluster, bins, options.dimensions, progress);
    result.centres = std::max(sums.pair_centres, sums.sandbox_centres);

    const auto inside = [&range](double r, double most) {
        return r >= range.min * (1 - 1e-9) && r <= most * (1 + 1e-9);
    };
    const double unit_volume = std::pow(cluster.unit, options.dimensions);
    double mass = sums.nearer_mass;
    for (int bin = 0; bin < bins.count(); ++bin) {
        const auto at = static_cast<std::size_t>(bin);
        const double low = bins.low(bin), high = bins.high(bin);
        const double r = radius_of_shell(options.dimensions, low, high) * cluster.unit;
        const double density = sums.number[at] / (static_cast<double>(sums.pair_centres) *
                                                  shell(options.dimensions, low, high) * unit_volume);
        result.pair.r.push_back(r);
        result.pair.y.push_back(density);
        result.pair.fitted.push_back(inside(r, range.pair_max) && density > 0);
        mass += sums.mass[at];
        result.sandbox.r.push_back(high * cluster.unit);
        result.sandbox.y.push_back(mass / static_cast<double>(sums.sandbox_centres));
        result.sandbox.fitted.push_back(inside(high * cluster.unit, range.sandbox_max));
    }
    fit_both(result, options.dimensions);
    add_warnings(result, options.dimensions);
    return result;
}

}  // namespace assistd::analysis
