#pragma once
// Spheres as triangles: an icosahedron whose triangles are each divided into four, `resolution` times, with
// the corners on the unit sphere. Values and pure functions; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace assistd::exporting {

inline constexpr int finest_resolution = 5;

// What a file of meshes may have. 20 triangles each are a million spheres, and an STL file of 1 GB.
inline constexpr std::uint64_t most_triangles = 20'000'000;

struct Icosphere {
    std::vector<std::array<float, 3>> corners;            // 10 * 4^resolution + 2, on the unit sphere
    std::vector<std::array<std::uint16_t, 3>> triangles;  // 20 * 4^resolution, counterclockwise from outside
};

Icosphere make_icosphere(int resolution);

// Of a sphere's volume, what the mesh inside of it holds: 0.605 at resolution 0, nearly 1 at the finest.
double share_of_volume(int resolution);

// The resolution for so many spheres: the one asked for, or else the finest one up to 3 that keeps the file
// below two million triangles. Throws Failure when there would be too many triangles.
int resolution_for(std::size_t spheres, std::optional<int> wanted);

}  // namespace assistd::exporting
