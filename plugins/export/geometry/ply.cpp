// Stanford PLY, binary little endian: one vertex per particle, at its centre, with its radius and parent as
// properties; no faces. MeshLab and CloudCompare show such a file as points, with the radius as a scalar.
// Format: Greg Turk, "The PLY Polygon File Format", 1994.

#include "geometry/format.h"

namespace assistd::exporting {
namespace {

void write_ply(const Geometry& geometry, TextSink& file, const Progress& progress) {
    file << "ply\nformat binary_little_endian 1.0\n";
    file << "comment each vertex is a sphere: its centre, its radius, the index of its parent (-1: none)\n";
    for (const Property& property : geometry.properties) {
        file << "comment " << property.name << ": " << as_text(property.value);
        if (property.unit != "-" && property.unit != "1") file << " [" << property.unit << "]";
        file << "\n";
    }
    file << "element vertex " << static_cast<std::int64_t>(geometry.particles.size()) << "\n";
    for (const char* name : {"x", "y", "z", "radius"}) file << "property double " << name << "\n";
    file << "property int parent\nend_header\n";
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        for (const double value : {particle.x, particle.y, particle.z, particle.radius}) file.put(value);
        file.put(particle.parent);
    });
}

}  // namespace

const GeometryFormat ply_format{
    "ply",    "ply", "application/x-ply", GeometryFormat::Content::binary, GeometryFormat::Spheres::points,
    write_ply};

}  // namespace assistd::exporting
