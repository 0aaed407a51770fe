#include "geometry/icosphere.h"

#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "assistd/plugin.hpp"

namespace assistd::exporting {
namespace {

constexpr int finest_by_itself = 3;
constexpr std::uint64_t moderate_triangles = 2'000'000;

using Corner = std::array<double, 3>;
using Triangle = std::array<std::uint16_t, 3>;

Corner on_unit_sphere(const Corner& corner) {
    const double length = std::hypot(corner[0], corner[1], corner[2]);
    return {corner[0] / length, corner[1] / length, corner[2] / length};
}

std::vector<Corner> icosahedron_corners() {
    const double golden = (1 + std::sqrt(5.0)) / 2;
    std::vector<Corner> corners;
    for (const double one : {-1.0, 1.0})
        for (const double other : {-golden, golden}) {
            corners.push_back(on_unit_sphere({0, one, other}));
            corners.push_back(on_unit_sphere({one, other, 0}));
            corners.push_back(on_unit_sphere({other, 0, one}));
        }
    return corners;
}

// Six times that of the tetrahedron with the origin.
double volume_of(const Corner& a, const Corner& b, const Corner& c) {
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
}

// Three corners are a face when each two of them are neighbours; their order turns counterclockwise.
std::vector<Triangle> icosahedron_faces(const std::vector<Corner>& corners) {
    const auto neighbours = [&](std::size_t i, std::size_t j) {
        double cosine = 0;
        for (int axis = 0; axis < 3; ++axis) cosine += corners[i][axis] * corners[j][axis];
        return cosine > 0.4;  // 1/sqrt(5) for neighbours, else negative
    };
    std::vector<Triangle> faces;
    for (std::uint16_t i = 0; i < corners.size(); ++i)
        for (std::uint16_t j = i + 1; j < corners.size(); ++j)
            for (std::uint16_t k = j + 1; k < corners.size(); ++k) {
                if (!neighbours(i, j) || !neighbours(j, k) || !neighbours(i, k)) continue;
                const bool outwards = volume_of(corners[i], corners[j], corners[k]) > 0;
                faces.push_back(outwards ? Triangle{i, j, k} : Triangle{i, k, j});
            }
    return faces;
}

void divide(std::vector<Corner>& corners, std::vector<Triangle>& triangles) {
    std::map<std::pair<std::uint16_t, std::uint16_t>, std::uint16_t> middles;
    const auto middle = [&](std::uint16_t i, std::uint16_t j) {
        const auto [found, is_new] =
            middles.try_emplace(std::minmax(i, j), static_cast<std::uint16_t>(corners.size()));
        if (is_new)
            corners.push_back(on_unit_sphere({corners[i][0] + corners[j][0], corners[i][1] + corners[j][1],
                                              corners[i][2] + corners[j][2]}));
        return found->second;
    };
    std::vector<Triangle> finer;
    finer.reserve(triangles.size() * 4);
    for (const auto& [a, b, c] : triangles) {
        const std::uint16_t ab = middle(a, b), bc = middle(b, c), ca = middle(c, a);
        finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    triangles = std::move(finer);
}

std::uint64_t triangles_at(int resolution) {
    return std::uint64_t{20} << (2 * resolution);
}

}  // namespace

Icosphere make_icosphere(int resolution) {
    std::vector<Corner> corners = icosahedron_corners();
    Icosphere sphere;
    sphere.triangles = icosahedron_faces(corners);
    for (int i = 0; i < resolution; ++i) divide(corners, sphere.triangles);
    for (const Corner& corner : corners)
        sphere.corners.push_back(
            {static_cast<float>(corner[0]), static_cast<float>(corner[1]), static_cast<float>(corner[2])});
    return sphere;
}

double share_of_volume(int resolution) {
    const Icosphere sphere = make_icosphere(resolution);
    const auto corner = [&sphere](std::uint16_t index) {
        const auto& at = sphere.corners[index];
        return Corner{at[0], at[1], at[2]};
    };
    double six_volumes = 0;
    for (const auto& [a, b, c] : sphere.triangles) six_volumes += volume_of(corner(a), corner(b), corner(c));
    return six_volumes / (8 * std::numbers::pi);
}

int resolution_for(std::size_t spheres, std::optional<int> wanted) {
    int resolution = wanted.value_or(finest_by_itself);
    while (!wanted && resolution > 0 && spheres * triangles_at(resolution) > moderate_triangles) --resolution;
    const std::uint64_t triangles = spheres * triangles_at(resolution);
    if (triangles <= most_triangles) return resolution;
    const std::string sentence =
        std::to_string(spheres) + " spheres of resolution " + std::to_string(resolution) + " are " +
        std::to_string(triangles) + " triangles; a file of meshes has at most " +
        std::to_string(most_triangles) + ". " +
        (resolution > 0 ? "Choose a lower resolution, or vtp or ply, which store centres and radii."
                        : "Choose vtp or ply, which store centres and radii.");
    throw invalid_argument("resolution", sentence);
}

}  // namespace assistd::exporting
