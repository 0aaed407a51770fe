#include "render/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace assistd::exporting {
namespace {

constexpr float margin = 0.03f;  // of the picture's width, on each side

using Axes = std::array<std::array<double, 3>, 3>;  // right, up, away from the viewer

Axes axes_of(const View& view) {
    const double degree = std::numbers::pi / 180;
    const double a = view.azimuth * degree, e = view.elevation * degree;
    return {{{-std::sin(a), std::cos(a), 0},
             {-std::sin(e) * std::cos(a), -std::sin(e) * std::sin(a), std::cos(e)},
             {-std::cos(e) * std::cos(a), -std::cos(e) * std::sin(a), -std::sin(e)}}};
}

std::array<double, 3> turned(const Particle& particle, const Axes& axes) {
    std::array<double, 3> place;
    for (std::size_t i = 0; i < 3; ++i)
        place[i] = axes[i][0] * particle.x + axes[i][1] * particle.y + axes[i][2] * particle.z;
    return place;
}

std::array<double, 3> middle_of(std::span<const Particle> particles, const Axes& axes) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::array<double, 3> least{infinity, infinity, infinity}, most{-infinity, -infinity, -infinity};
    for (const Particle& particle : particles) {
        const std::array<double, 3> place = turned(particle, axes);
        for (std::size_t i = 0; i < 3; ++i) {
            least[i] = std::min(least[i], place[i] - particle.radius);
            most[i] = std::max(most[i], place[i] + particle.radius);
        }
    }
    return {(least[0] + most[0]) / 2, (least[1] + most[1]) / 2, (least[2] + most[2]) / 2};
}

// From the tangents to the circle that a sphere is in the plane of one axis and z. Formula: M. Mara and M.
// McGuire, "2D Polyhedral Bounds of a Clipped, Perspective-Projected 3D Sphere", Journal of Computer Graphics
// Techniques 2 (2013) 70.
std::pair<float, float> tangents(float across, float away, float radius) {
    const float length = std::sqrt(across * across + away * away - radius * radius);
    return {(across * length - away * radius) / (away * length + across * radius),
            (across * length + away * radius) / (away * length - across * radius)};
}

Frame frame_of(const std::vector<Sphere>& spheres, bool perspective) {
    Bounds all = bounds_of(spheres.front(), perspective);
    for (const Sphere& sphere : spheres) {
        const Bounds one = bounds_of(sphere, perspective);
        all = {std::min(all.left, one.left), std::max(all.right, one.right), std::min(all.bottom, one.bottom),
               std::max(all.top, one.top)};
    }
    const float size = std::max(all.right - all.left, all.top - all.bottom) / (1 - 2 * margin);
    return {(all.left + all.right - size) / 2, (all.bottom + all.top + size) / 2, size};
}

}  // namespace

Bounds bounds_of(const Sphere& sphere, bool perspective) {
    const Vector& centre = sphere.centre;
    const float r = sphere.radius;
    if (!perspective) return {centre.x - r, centre.x + r, centre.y - r, centre.y + r};
    const float away = centre.z + eye_distance;
    const auto [left, right] = tangents(centre.x, away, r);
    const auto [bottom, top] = tangents(centre.y, away, r);
    return {left, right, bottom, top};
}

Scene make_scene(std::span<const Particle> particles, const View& view) {
    const Axes axes = axes_of(view);
    const std::array<double, 3> middle = middle_of(particles, axes);
    Scene scene;
    scene.perspective = view.perspective;
    scene.unit = 0;
    for (const Particle& particle : particles) {
        const std::array<double, 3> place = turned(particle, axes);
        scene.unit = std::max(
            scene.unit,
            std::hypot(place[0] - middle[0], place[1] - middle[1], place[2] - middle[2]) + particle.radius);
    }
    scene.spheres.reserve(particles.size());
    for (const Particle& particle : particles) {
        const std::array<double, 3> place = turned(particle, axes);
        const auto scaled = [&](std::size_t i) {
            return static_cast<float>((place[i] - middle[i]) / scene.unit);
        };
        scene.spheres.push_back(
            {{scaled(0), scaled(1), scaled(2)}, static_cast<float>(particle.radius / scene.unit)});
    }
    const auto [nearest, farthest] =
        std::minmax_element(scene.spheres.begin(), scene.spheres.end(),
                            [](const Sphere& a, const Sphere& b) { return a.centre.z < b.centre.z; });
    scene.nearest = nearest->centre.z;
    scene.farthest = farthest->centre.z;
    scene.frame = frame_of(scene.spheres, scene.perspective);
    return scene;
}

}  // namespace assistd::exporting
