#include "render/visibility.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace assistd::exporting {
namespace {

constexpr double golden_angle = std::numbers::pi * (3 - 2.2360679774997896964);  // 3 - sqrt(5)

// In texels. A surface is compared a little above itself, or else the steps of the map would shade it.
constexpr float lift = 1.5f;
constexpr float tolerance = 0.75f;

// Two directions across.
std::pair<Vector, Vector> across(const Vector& direction) {
    const Vector other = std::abs(direction.x) < 0.7f ? Vector{1, 0, 0} : Vector{0, 1, 0};
    const Vector right = unit(cross(direction, other));
    return {right, cross(direction, right)};
}

}  // namespace

Visibility::Visibility(std::span<const Sphere> spheres, std::vector<Vector> directions, int size,
                       Workers& workers, double from, double to)
    : size_(size), texels_(static_cast<float>(size) / 2), maps_(directions.size()) {
    const auto draw_one = [&](int i) {
        Map& map = maps_[static_cast<std::size_t>(i)];
        map.direction = directions[static_cast<std::size_t>(i)];
        std::tie(map.right, map.up) = across(map.direction);
        draw(spheres, map, workers);
    };
    workers.run(static_cast<int>(maps_.size()), draw_one, "finding shadows", from, to);
}

void Visibility::draw(std::span<const Sphere> spheres, Map& map, const Workers& workers) const {
    const auto size = static_cast<std::size_t>(size_);
    map.heights.assign(size * size, -2.0f);  // below everything
    for (std::size_t i = 0; i < spheres.size(); ++i) {
        if (i % 65536 == 0) workers.check_cancelled();
        const auto& [centre, radius] = spheres[i];
        const float x0 = (dot(centre, map.right) + 1) * texels_ - 0.5f;
        const float y0 = (dot(centre, map.up) + 1) * texels_ - 0.5f;
        const float height = dot(centre, map.direction);
        const float reach = radius * texels_;
        const int last_row = std::min(static_cast<int>(std::floor(y0 + reach)), size_ - 1);
        for (int row = std::max(static_cast<int>(std::ceil(y0 - reach)), 0); row <= last_row; ++row) {
            const float dy = (static_cast<float>(row) - y0) / texels_;
            const float chord = radius * radius - dy * dy;
            if (chord <= 0) continue;
            const float half = std::sqrt(chord) * texels_;
            const int last = std::min(static_cast<int>(std::floor(x0 + half)), size_ - 1);
            float* texel = map.heights.data() + static_cast<std::size_t>(row) * size;
            for (int column = std::max(static_cast<int>(std::ceil(x0 - half)), 0); column <= last; ++column) {
                const float dx = (static_cast<float>(column) - x0) / texels_;
                const float top = height + std::sqrt(std::max(chord - dx * dx, 0.0f));
                texel[column] = std::max(texel[column], top);
            }
        }
    }
}

float Visibility::at(const Vector& point, const Vector& normal) const {
    const Vector lifted = point + lift / texels_ * normal;
    float arrived = 0, all = 0;
    for (const Map& map : maps_) {
        const float cosine = dot(normal, map.direction);
        if (cosine <= 0) continue;
        all += cosine;
        const int column = static_cast<int>((dot(lifted, map.right) + 1) * texels_);
        const int row = static_cast<int>((dot(lifted, map.up) + 1) * texels_);
        const bool outside = column < 0 || row < 0 || column >= size_ || row >= size_;
        if (outside ||
            map.heights[static_cast<std::size_t>(row) * static_cast<std::size_t>(size_) +
                        static_cast<std::size_t>(column)] <= dot(lifted, map.direction) + tolerance / texels_)
            arrived += cosine;
    }
    return all > 0 ? arrived / all : 0;
}

std::vector<Vector> directions_around(int count) {
    constexpr float farthest_behind = 0.3f;
    std::vector<Vector> directions;
    for (int i = 0; i < count; ++i) {
        const double z = 1 - (2 * i + 1.0) / count;
        const double ring = std::sqrt(1 - z * z);
        const Vector direction{static_cast<float>(ring * std::cos(golden_angle * i)),
                               static_cast<float>(ring * std::sin(golden_angle * i)), static_cast<float>(z)};
        if (direction.z < farthest_behind) directions.push_back(direction);
    }
    return directions;
}

std::vector<Vector> directions_within(const Vector& axis, double half_angle_degrees, int count) {
    const auto [right, up] = across(axis);
    const double reach = std::tan(half_angle_degrees * std::numbers::pi / 180);
    std::vector<Vector> directions;
    for (int i = 0; i < count; ++i) {
        const double away = reach * std::sqrt((i + 0.5) / count);
        directions.push_back(unit(axis + static_cast<float>(away * std::cos(golden_angle * i)) * right +
                                  static_cast<float>(away * std::sin(golden_angle * i)) * up));
    }
    return directions;
}

}  // namespace assistd::exporting
