// Binary STL: every sphere as the triangles of an icosphere, each with its normal, in the simulation's unit
// of length. STL knows no units, radii or parents. Format: 3D Systems, "StereoLithography Interface
// Specification", 1989.

#include <cmath>

#include "geometry/format.h"
#include "geometry/icosphere.h"

namespace assistd::exporting {
namespace {

using Point = std::array<float, 3>;

// Exactly 80 bytes, and not "solid" at first, which stands for text.
std::string header(const Geometry& geometry) {
    std::string text = "binary STL of " + geometry.source + ", lengths in " + geometry.length_unit;
    text.resize(80, ' ');
    return text;
}

// The middles of the unit triangles, made unit vectors: the same for all spheres.
std::vector<Point> normals_of(const Icosphere& shape) {
    std::vector<Point> normals;
    for (const auto& triangle : shape.triangles) {
        Point sum{};
        for (const auto corner : triangle)
            for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += shape.corners[corner][axis];
        const float length = std::hypot(sum[0], sum[1], sum[2]);
        normals.push_back({sum[0] / length, sum[1] / length, sum[2] / length});
    }
    return normals;
}

void write_stl(const Geometry& geometry, TextSink& file, const Progress& progress) {
    const Icosphere shape = make_icosphere(resolution_for(geometry.particles.size(), geometry.resolution));
    const std::vector<Point> normals = normals_of(shape);
    file << header(geometry);
    file.put(static_cast<std::uint32_t>(geometry.particles.size() * shape.triangles.size()));

    std::vector<Point> corners(shape.corners.size());
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        const std::array centre{particle.x, particle.y, particle.z};
        for (std::size_t i = 0; i < corners.size(); ++i)
            for (std::size_t axis = 0; axis < 3; ++axis)
                corners[i][axis] =
                    static_cast<float>(centre[axis] + particle.radius * shape.corners[i][axis]);
        for (std::size_t i = 0; i < normals.size(); ++i) {
            for (const float value : normals[i]) file.put(value);
            for (const auto corner : shape.triangles[i])
                for (const float value : corners[corner]) file.put(value);
            file.put(std::uint16_t{0});
        }
    });
}

}  // namespace

const GeometryFormat stl_format{
    "stl", "stl", "model/stl", GeometryFormat::Content::binary, GeometryFormat::Spheres::meshes, write_stl};

}  // namespace assistd::exporting
