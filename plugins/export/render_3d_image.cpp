#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "properties.h"
#include "render/png.h"
#include "render/renderer.h"
#include "render/scene.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

struct NamedView {
    std::string_view name;
    double azimuth, elevation;
};
// x is to the right in front and top, y is to the right in side.
constexpr std::array<NamedView, 4> views{
    {{"iso", 45, 35.264}, {"front", -90, 0}, {"top", -90, 90}, {"side", 0, 0}}};

bool is_flat(std::span<const Particle> particles) {
    return std::all_of(particles.begin(), particles.end(),
                       [&](const Particle& each) { return each.z == particles.front().z; });
}

// What the caller asked for: a view by its name, or angles; else what shows most.
struct ChosenView {
    std::string name;
    View view;
};
ChosenView view_from(const ImageArguments& arguments, bool flat) {
    const bool has_angles = arguments.azimuth || arguments.elevation;
    if (has_angles && arguments.view)
        throw invalid_argument("view", "Give either a view or azimuth and elevation, not both.");
    const std::string name = has_angles ? "angles" : arguments.view.value_or(flat ? "top" : "iso");
    ChosenView chosen{name, {}};
    const auto found =
        std::find_if(views.begin(), views.end(), [&](const NamedView& each) { return each.name == name; });
    if (found != views.end()) {
        chosen.view.azimuth = found->azimuth;
        chosen.view.elevation = found->elevation;
    } else if (has_angles) {
        chosen.view.azimuth = arguments.azimuth.value_or(chosen.view.azimuth);
        chosen.view.elevation = arguments.elevation.value_or(chosen.view.elevation);
    } else {
        throw invalid_argument("view", "There is no view named " + name + ".");
    }
    chosen.view.perspective = arguments.projection == "perspective";
    return chosen;
}

Background background_from(const std::string& text) {
    if (text == "transparent") return {from_srgb(255, 255, 255), true};
    if (text == "white") return {from_srgb(255, 255, 255), false};
    if (text == "black") return {from_srgb(0, 0, 0), false};
    if (text == "grey") return {from_srgb(128, 128, 128), false};
    const auto part = [&](std::size_t at) { return std::stoi(text.substr(at, 2), nullptr, 16); };
    return {from_srgb(part(1), part(3), part(5)), false};
}

// Room for the scale at the left.
void make_room(Frame& frame) {
    const float more = frame.size * scale_width / (1 - scale_width);
    frame = {frame.left - more, frame.top + more / 2, frame.size + more};
}

// Spheres that no pixel would show as more than a trace are drawn larger; says whether there were any.
bool make_visible(Scene& scene, int size) {
    constexpr float least_pixels = 0.7f;
    const float at = scene.perspective ? eye_distance : 1;  // where the cluster's middle is
    const float least = least_pixels * at * scene.frame.size / static_cast<float>(size);
    bool any = false;
    for (Sphere& sphere : scene.spheres) {
        any |= sphere.radius < least;
        sphere.radius = std::max(sphere.radius, least);
    }
    return any;
}

std::vector<std::string> warnings_of(const Colouring& colouring, const ChosenView& chosen, bool flat) {
    std::vector<std::string> warnings;
    if (!colouring.warning.empty()) warnings.push_back(colouring.warning);
    if (flat && chosen.view.elevation == 0)
        warnings.push_back("The cluster is flat and seen from its edge; the view top shows its face.");
    return warnings;
}

}  // namespace

void describe(Fields<ImageArguments>& fields) {
    using Arguments = ImageArguments;
    fields.required("simulation", &Arguments::simulation, "Which simulation to draw").kinds({"simulation"});
    fields
        .optional("view", &Arguments::view,
                  "From where: iso (obliquely from above), front, top or side; when left out iso, or top for "
                  "a cluster in two dimensions")
        .one_of({"iso", "front", "top", "side"});
    fields
        .optional("azimuth", &Arguments::azimuth,
                  "Instead of view: where the camera stands, in degrees around the z axis from the x axis on")
        .range(-360, 360);
    fields
        .optional("elevation", &Arguments::elevation,
                  "Instead of view: how high the camera stands, in degrees above the xy plane")
        .range(-90, 90);
    fields
        .optional("projection", &Arguments::projection,
                  "perspective shows depth; orthographic shows equal lengths equally long")
        .one_of({"perspective", "orthographic"});
    fields
        .optional("color_by", &Arguments::color_by,
                  "What colours mean: uniform (nothing), order (of arrival), radius, coordination (contacts "
                  "of each particle) or distance (from the centre of mass)")
        .one_of({"uniform", "order", "radius", "coordination", "distance"});
    fields.optional("size", &Arguments::size, "Width and height in pixels").range(64, 4096);
    fields
        .optional("background", &Arguments::background,
                  "white, black, grey, transparent, or a colour such as #f4f1e8")
        .pattern("^(white|black|grey|transparent|#[0-9a-fA-F]{6})$");
}

Result render_3d_image(Call& call, const ImageArguments& arguments) {
    const Artifact& simulation = arguments.simulation;
    const std::string handle(simulation.handle());
    std::vector<Particle> particles = particles_of(simulation, "simulation");
    const std::size_t count = particles.size();
    const bool flat = is_flat(particles);
    const ChosenView chosen = view_from(arguments, flat);
    const Background background = background_from(arguments.background);
    Scene scene = make_scene(particles, chosen.view);
    if (!std::isfinite(scene.unit) || scene.unit <= 0)
        throw invalid_argument("simulation", handle + " cannot be drawn: its particles are too far apart.");
    const Colouring colouring =
        colouring_of(particles, arguments.color_by, length_unit_of(simulation.metadata()), call);
    particles = {};  // 400 MB less for ten million
    if (!colouring.levels.empty()) make_room(scene.frame);
    std::vector<std::string> warnings = warnings_of(colouring, chosen, flat);
    if (make_visible(scene, arguments.size))
        warnings.push_back(
            "Particles smaller than 1.4 pixels are drawn as wide as that, so that they can be "
            "seen; a larger size shows them as they are.");

    Workers workers(call);
    Picture picture = render(scene, colouring, background, arguments.size, workers);
    call.progress(0.98, "writing the image");
    const std::string bytes = png_of(std::move(picture), colouring, background);

    const std::string name = handle + "-3d-" + chosen.name + ".png";
    Json data{{"simulation", handle},
              {"file", name},
              {"n_particles", count},
              {"view", chosen.name},
              {"azimuth", chosen.view.azimuth},
              {"elevation", chosen.view.elevation},
              {"projection", arguments.projection},
              {"color_by", arguments.color_by},
              {"size", arguments.size},
              {"background", arguments.background},
              {"warnings", warnings}};
    if (colouring.range) data["color_range"] = {colouring.range->first, colouring.range->second};
    Json metadata = data;
    metadata["name"] = "Image of " + handle;
    call.write_artifact("image", name, "image/png", bytes, metadata);
    std::string summary =
        "Drew the " + std::to_string(count) + " particles of " + handle + " as " + name + ".";
    for (const std::string& warning : warnings) summary += " " + warning;
    return {data, summary};
}

}  // namespace assistd::exporting
