// Comma-separated values: the properties as "# name: value [unit]" lines, the columns' names, one line per
// particle.

#include "geometry/format.h"

namespace assistd::exporting {
namespace {

void write_csv(const Geometry& geometry, TextSink& file, const Progress& progress) {
    for (const Property& property : geometry.properties) {
        file << "# " << property.name << ": " << as_text(property.value);
        if (property.unit != "-" && property.unit != "1") file << " [" << property.unit << "]";
        file << "\n";
    }
    file << "x,y,z,radius,parent\n";
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        file << particle.x << "," << particle.y << "," << particle.z << "," << particle.radius << ","
             << static_cast<std::int64_t>(particle.parent) << "\n";
    });
}

}  // namespace

const GeometryFormat csv_format{
    "csv", "csv", "text/csv", GeometryFormat::Content::text, GeometryFormat::Spheres::points, write_csv};

}  // namespace assistd::exporting
