#include "geometry/format.h"
#include "inline_content.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {

void describe(Fields<GeometryArguments>& fields) {
    using Arguments = GeometryArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to export").kinds({"simulation"});
    fields
        .optional("format", &Arguments::format,
                  "File format: csv with a header of properties, or extended xyz")
        .one_of({"csv", "xyz"});
    fields.optional("inline", &Arguments::with_content,
                    "Also return the text itself when it is at most 50 KB");
}

Result export_geometry(Call& call, const GeometryArguments& arguments) {
    const GeometryFormat* format = find_geometry_format(arguments.format);
    if (!format) throw invalid_argument("format", "There is no format named " + arguments.format + ".");
    const Artifact& simulation = arguments.simulation;
    const std::string handle(simulation.handle());
    const std::vector<Particle> particles = particles_of(simulation, "simulation");

    const std::string name = handle + "." + std::string(format->name);
    const Json metadata{{"name", "Geometry of " + handle},
                        {"simulation", handle},
                        {"format", format->name},
                        {"n_particles", particles.size()},
                        {"length_unit", length_unit_of(simulation.metadata())}};
    TextSink file(call.create_artifact("geometry", name, std::string(format->media_type), metadata));
    format->write({particles, properties_of(handle, simulation.metadata())}, file, [&call](double fraction) {
        call.check_cancelled();
        call.progress(fraction, "writing particles");
    });
    file.flush();

    Json data{{"simulation", handle},
              {"format", format->name},
              {"file", name},
              {"n_particles", particles.size()},
              {"size", file.size()}};
    if (arguments.with_content) add_content(data, file);
    return {data, "Exported the " + std::to_string(particles.size()) + " particles of " + handle + " as " +
                      name + "."};
}

}  // namespace assistd::exporting
