#include "render/tiles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assistd::exporting {
namespace {

// How far along the ray, and how deep within the sphere's outline: negative when the ray misses it. From the
// vector across instead of the quadratic formula, which loses all digits far away. See E. Haines et al.,
// "Precision Improvements for Ray/Sphere Intersection", Ray Tracing Gems (2019), chapter 7.
struct Crossing {
    float depth;
    float inside;  // squared half chord
};

Crossing crossing_of(const Sphere& sphere, float u, float v, bool perspective) {
    if (!perspective) {
        const float dx = u - sphere.centre.x, dy = v - sphere.centre.y;
        const float inside = sphere.radius * sphere.radius - dx * dx - dy * dy;
        return {sphere.centre.z - std::sqrt(std::max(inside, 0.0f)), inside};
    }
    const Vector ray{u, v, 1};
    const Vector centre{sphere.centre.x, sphere.centre.y, sphere.centre.z + eye_distance};
    const float squared = dot(ray, ray);
    const float along = dot(ray, centre) / squared;
    const Vector across = centre - along * ray;
    const float inside = sphere.radius * sphere.radius - dot(across, across);
    return {along - std::sqrt(std::max(inside, 0.0f) / squared), inside};
}

}  // namespace

Hit hit_of(const Sphere& sphere, float u, float v, bool perspective) {
    const Crossing crossing = crossing_of(sphere, u, v, perspective);
    const Vector point = perspective
                             ? Vector{u * crossing.depth, v * crossing.depth, crossing.depth - eye_distance}
                             : Vector{u, v, crossing.depth};
    const Vector normal = unit(point - sphere.centre);
    return {sphere.centre + sphere.radius * normal, normal};
}

Tiles::Tiles(const Scene& scene, int picture_size)
    : scene_(scene),
      across_((picture_size + tile_pixels - 1) / tile_pixels),
      step_(scene.frame.size / static_cast<float>(picture_size * samples_across)) {
    // Counted, then put into place.
    const auto each_tile = [&](const Sphere& sphere, auto visit) {
        const Range range = samples_of(sphere);
        for (int row = range.first_row / tile_samples; row <= range.last_row / tile_samples; ++row)
            for (int column = range.first_column / tile_samples; column <= range.last_column / tile_samples;
                 ++column)
                visit(static_cast<std::size_t>(row * across_ + column));
    };
    starts_.assign(static_cast<std::size_t>(count()) + 1, 0);
    for (const Sphere& sphere : scene_.spheres)
        each_tile(sphere, [&](std::size_t tile) { ++starts_[tile + 1]; });
    for (std::size_t tile = 1; tile < starts_.size(); ++tile) starts_[tile] += starts_[tile - 1];
    members_.resize(starts_.back());
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    for (std::uint32_t i = 0; i < scene_.spheres.size(); ++i)
        each_tile(scene_.spheres[i], [&](std::size_t tile) { members_[next[tile]++] = i; });
}

Tiles::Range Tiles::samples_of(const Sphere& sphere) const {
    const Bounds bounds = bounds_of(sphere, scene_.perspective);
    const int last = across_ * tile_samples - 1;
    const auto column = [&](float u) { return (u - scene_.frame.left) / step_ - 0.5f; };
    const auto row = [&](float v) { return (scene_.frame.top - v) / step_ - 0.5f; };
    // One more on each side, for the rounding.
    const auto from = [&](float sample) { return std::clamp(static_cast<int>(std::floor(sample)), 0, last); };
    const auto to = [&](float sample) { return std::clamp(static_cast<int>(std::ceil(sample)), 0, last); };
    return {from(column(bounds.left)), to(column(bounds.right)), from(row(bounds.top)),
            to(row(bounds.bottom))};
}

void Tiles::trace(int tile, Samples& samples) const {
    constexpr std::size_t all = std::size_t{tile_samples} * tile_samples;
    samples.spheres.assign(all, no_sphere);
    samples.depths.assign(all, std::numeric_limits<float>::infinity());
    const int left = tile % across_ * tile_samples, top = tile / across_ * tile_samples;
    const auto index = static_cast<std::size_t>(tile);
    for (std::uint32_t i = starts_[index]; i < starts_[index + 1]; ++i)
        trace(members_[i], left, top, samples);
}

void Tiles::trace(std::uint32_t sphere, int left, int top, Samples& samples) const {
    const Sphere& own = scene_.spheres[sphere];
    const Range range = samples_of(own);
    const int last_row = std::min(range.last_row, top + tile_samples - 1);
    const int last_column = std::min(range.last_column, left + tile_samples - 1);
    for (int row = std::max(range.first_row, top); row <= last_row; ++row) {
        const float v = v_of(static_cast<float>(row));
        for (int column = std::max(range.first_column, left); column <= last_column; ++column) {
            const Crossing crossing =
                crossing_of(own, u_of(static_cast<float>(column)), v, scene_.perspective);
            const auto at = static_cast<std::size_t>((row - top) * tile_samples + column - left);
            if (crossing.inside < 0 || crossing.depth >= samples.depths[at]) continue;
            samples.depths[at] = crossing.depth;
            samples.spheres[at] = sphere;
        }
    }
}

}  // namespace assistd::exporting
