#include "geometry/format.h"
#include "inline_content.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {

Result export_geometry(Call& call, const Json& arguments) {
    const std::string wanted = arguments.value("format", "csv");
    const GeometryFormat* format = find_geometry_format(wanted);
    if (!format)
        throw invalid_argument("format", "format must be csv or xyz; \"" + wanted + "\" is neither.");
    const Artifact simulation =
        artifact_of_kind(call, arguments.at("simulation").get<std::string>(), "simulation", {"simulation"});
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
    if (arguments.value("inline", false)) add_content(data, file);
    return {data, "Exported the " + std::to_string(particles.size()) + " particles of " + handle + " as " +
                      name + "."};
}

}  // namespace assistd::exporting
