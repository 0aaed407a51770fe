#include "render/colours.h"

#include <algorithm>
#include <cmath>

#include "render/contacts.h"

namespace assistd::exporting {
namespace {

// A quiet blue that keeps its shading visible in print.
constexpr std::array<int, 3> plain{120, 158, 196};

// Viridis by S. van der Walt and N. Smith (CC0), at even steps.
constexpr std::array<std::array<int, 3>, 9> viridis{{{68, 1, 84},
                                                     {71, 44, 122},
                                                     {59, 81, 139},
                                                     {44, 113, 142},
                                                     {33, 144, 141},
                                                     {39, 173, 129},
                                                     {92, 200, 99},
                                                     {170, 220, 50},
                                                     {253, 231, 37}}};

LinearColour on_scale(double part) {
    const double step = part * (viridis.size() - 1);
    const auto lower = std::min(static_cast<std::size_t>(step), viridis.size() - 2);
    const double upper_part = step - static_cast<double>(lower);
    std::array<int, 3> mixed{};
    for (std::size_t i = 0; i < 3; ++i)
        mixed[i] = static_cast<int>(
            std::lround(viridis[lower][i] * (1 - upper_part) + viridis[lower + 1][i] * upper_part));
    return from_srgb(mixed[0], mixed[1], mixed[2]);
}

std::vector<double> distances_of(std::span<const Particle> particles) {
    double mass = 0, x = 0, y = 0, z = 0;
    for (const Particle& each : particles) {
        const double own = each.radius * each.radius * each.radius;
        mass += own;
        x += own * each.x;
        y += own * each.y;
        z += own * each.z;
    }
    std::vector<double> values;
    for (const Particle& each : particles)
        values.push_back(std::hypot(each.x - x / mass, each.y - y / mass, each.z - z / mass));
    return values;
}

std::vector<double> values_of(std::span<const Particle> particles, std::string_view by, Call& call) {
    std::vector<double> values;
    if (by == "distance") return distances_of(particles);
    if (by == "coordination") {
        for (const int count : contacts_of(particles, call)) values.push_back(count);
    } else if (by == "radius") {
        for (const Particle& particle : particles) values.push_back(particle.radius);
    } else {
        for (std::size_t i = 0; i < particles.size(); ++i) values.push_back(static_cast<double>(i + 1));
    }
    return values;
}

std::string label_of(std::string_view by, const std::string& length_unit) {
    if (by == "order") return "order of arrival";
    if (by == "radius") return "radius [" + length_unit + "]";
    if (by == "distance") return "distance from the centre [" + length_unit + "]";
    return "contacts";
}

}  // namespace

LinearColour from_srgb(int red, int green, int blue) {
    const auto linear = [](int value) {
        const double part = value / 255.0;
        return static_cast<float>(part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
    };
    return {linear(red), linear(green), linear(blue)};
}

int to_srgb(float linear) {
    const float part = std::clamp(linear, 0.0f, 1.0f);
    const float curved = part <= 0.0031308f ? part * 12.92f : 1.055f * std::pow(part, 1 / 2.4f) - 0.055f;
    return static_cast<int>(std::lround(curved * 255));
}

Colouring colouring_of(std::span<const Particle> particles, std::string_view by,
                       const std::string& length_unit, Call& call) {
    Colouring colouring;
    colouring.scale.fill(from_srgb(plain[0], plain[1], plain[2]));
    if (by == "uniform") return colouring;

    const std::vector<double> values = values_of(particles, by, call);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    colouring.label = label_of(by, length_unit);
    colouring.range = {*least, *most};
    if (!(*most > *least)) {
        colouring.warning = "All particles have the same " +
                            std::string(by == "coordination" ? "number of contacts" : by) +
                            ", so they all have one colour.";
        return colouring;
    }
    for (std::size_t i = 0; i < colouring.scale.size(); ++i)
        colouring.scale[i] = on_scale(static_cast<double>(i) / (colouring.scale.size() - 1));
    for (const double value : values)
        colouring.levels.push_back(
            static_cast<std::uint8_t>(std::lround((value - *least) / (*most - *least) * 255)));
    return colouring;
}

}  // namespace assistd::exporting
