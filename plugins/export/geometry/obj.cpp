// Wavefront OBJ: every sphere as the mesh of an icosphere, with the properties as comments. Corners are
// given with the digits of single precision. Format: Wavefront, "Advanced Visualizer", appendix B1.

#include "geometry/format.h"
#include "geometry/icosphere.h"

namespace assistd::exporting {
namespace {

void write_header(const Geometry& geometry, int resolution, TextSink& file) {
    for (const Property& property : geometry.properties) {
        file << "# " << property.name << ": " << as_text(property.value);
        if (property.unit != "-" && property.unit != "1") file << " [" << property.unit << "]";
        file << "\n";
    }
    file << "# spheres: icospheres of resolution " << static_cast<std::int64_t>(resolution) << "\n";
    file << "o " << geometry.source << "\n";
}

void write_obj(const Geometry& geometry, TextSink& file, const Progress& progress) {
    const int resolution = resolution_for(geometry.particles.size(), geometry.resolution);
    const Icosphere shape = make_icosphere(resolution);
    write_header(geometry, resolution, file);
    std::int64_t first = 1;  // corners are counted from 1 through the whole file
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        for (const auto& corner : shape.corners) {
            file << "v " << static_cast<float>(particle.x + particle.radius * corner[0]) << " "
                 << static_cast<float>(particle.y + particle.radius * corner[1]) << " "
                 << static_cast<float>(particle.z + particle.radius * corner[2]) << "\n";
        }
        for (const auto& [a, b, c] : shape.triangles)
            file << "f " << first + a << " " << first + b << " " << first + c << "\n";
        first += static_cast<std::int64_t>(shape.corners.size());
    });
}

}  // namespace

const GeometryFormat obj_format{
    "obj", "obj", "model/obj", GeometryFormat::Content::text, GeometryFormat::Spheres::meshes, write_obj};

}  // namespace assistd::exporting
