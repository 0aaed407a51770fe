// Extended XYZ, as OVITO and ASE read it: the number of particles, a line of key=value pairs that names the
// columns, one line per particle. Particles are of species X, which stands for no element.

#include <algorithm>

#include "geometry/format.h"

namespace assistd::exporting {
namespace {

std::string quoted(std::string text) {
    std::replace(text.begin(), text.end(), '"', '\'');
    std::replace(text.begin(), text.end(), '\\', '/');
    return '"' + text + '"';
}

void write_xyz(const Geometry& geometry, TextSink& file, const Progress& progress) {
    file << static_cast<std::int64_t>(geometry.particles.size()) << "\n";
    file << "Properties=species:S:1:pos:R:3:radius:R:1:parent:I:1";
    for (const Property& property : geometry.properties) {
        const std::string text = as_text(property.value);
        file << " " << property.name << "=" << (property.value.is_string() ? quoted(text) : text);
    }
    file << " length_unit=" << quoted(geometry.length_unit) << " pbc=\"F F F\"\n";
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        file << "X " << particle.x << " " << particle.y << " " << particle.z << " " << particle.radius << " "
             << static_cast<std::int64_t>(particle.parent) << "\n";
    });
}

}  // namespace

const GeometryFormat xyz_format{
    "xyz",    "xyz", "chemical/x-xyz", GeometryFormat::Content::text, GeometryFormat::Spheres::points,
    write_xyz};

}  // namespace assistd::exporting
