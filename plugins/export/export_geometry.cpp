#include <cstdio>

#include "geometry/format.h"
#include "geometry/icosphere.h"
#include "inline_content.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {

void describe(Fields<GeometryArguments>& fields) {
    using Arguments = GeometryArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to export").kinds({"simulation"});
    fields
        .optional("format", &Arguments::format,
                  "File format: csv with a header of properties, extended xyz, vtp (VTK PolyData), ply "
                  "(points with radii), obj or stl (meshes), npy (N x 4 doubles) or hdf5")
        .one_of({"csv", "xyz", "vtp", "ply", "obj", "stl", "npy", "hdf5"});
    fields
        .optional("resolution", &Arguments::resolution,
                  "For obj and stl only: how finely a sphere is made of triangles, 20 times 4 to this power; "
                  "when left out 3, or less for more than 1,562 particles. A file has at most 20,000,000 "
                  "triangles")
        .range(0, finest_resolution);
    fields.optional("inline", &Arguments::with_content,
                    "Also return the text itself when the format is a text and it is at most 50 kB");
}

namespace {

const GeometryFormat& format_from(const GeometryArguments& arguments) {
    const GeometryFormat* format = find_geometry_format(arguments.format);
    if (!format) throw invalid_argument("format", "There is no format named " + arguments.format + ".");
    if (arguments.resolution && format->spheres != GeometryFormat::Spheres::meshes)
        throw invalid_argument("resolution",
                               "resolution is for obj and stl, which store spheres as meshes; " +
                                   arguments.format + " stores centres and radii.");
    return *format;
}

std::string about_meshes(const Json& data) {
    if (!data.contains("volume_share")) return "";
    char text[160];
    std::snprintf(
        text, sizeof text,
        " The meshes have their corners on the spheres, so they hold %.1f %% of the spheres' volume, and "
        "spheres that just touch have gaps between them.",
        100 * data["volume_share"].get<double>());
    return text;
}

}  // namespace

Result export_geometry(Call& call, const GeometryArguments& arguments) {
    const GeometryFormat& format = format_from(arguments);
    const Artifact& simulation = arguments.simulation;
    const std::string handle(simulation.handle());
    const std::vector<Particle> particles = particles_of(simulation, "simulation");
    const Json about = simulation.metadata();
    const Geometry geometry{handle, particles, properties_of(handle, about), length_unit_of(about),
                            arguments.resolution};

    const std::string name = handle + "." + std::string(format.extension);
    Json metadata{{"name", "Geometry of " + handle},
                  {"simulation", handle},
                  {"format", format.name},
                  {"n_particles", particles.size()},
                  {"length_unit", geometry.length_unit}};
    Json data{
        {"simulation", handle}, {"format", format.name}, {"file", name}, {"n_particles", particles.size()}};
    if (format.spheres == GeometryFormat::Spheres::meshes) {
        const int resolution = resolution_for(particles.size(), arguments.resolution);
        metadata["resolution"] = data["resolution"] = resolution;
        metadata["volume_share"] = data["volume_share"] = share_of_volume(resolution);
    }
    TextSink file(call.create_artifact("geometry", name, std::string(format.media_type), metadata));
    format.write(geometry, file, [&call](double fraction) {
        call.check_cancelled();
        call.progress(fraction, "writing particles");
    });
    file.flush();
    data["size"] = file.size();
    if (arguments.with_content && format.content == GeometryFormat::Content::binary)
        data["content_omitted"] = "The format is not a text; download the artifact instead.";
    else if (arguments.with_content)
        add_content(data, file);
    return {data, "Exported the " + std::to_string(particles.size()) + " particles of " + handle + " as " +
                      name + "." + about_meshes(data)};
}

}  // namespace assistd::exporting
