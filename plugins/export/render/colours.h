#pragma once
// What colour each sphere has: uniform, or a value on the viridis scale. Values and pure functions.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::exporting {

// Linear light, 0..1.
struct LinearColour {
    float red = 0, green = 0, blue = 0;
};

LinearColour from_srgb(int red, int green, int blue);
// 0..255
int to_srgb(float linear);

struct Colouring {
    std::array<LinearColour, 256> scale{};
    std::vector<std::uint8_t> levels;  // of each particle, into `scale`; empty: all have the first
    std::optional<std::pair<double, double>> range;  // the values at the ends of the scale
    std::string label;                               // what the values are, with their unit
    std::string warning;                             // a sentence when there is nothing to tell apart
};

// `by` is uniform, order, radius, coordination or distance (from the centre of mass). Throws Cancelled.
Colouring colouring_of(std::span<const Particle> particles, std::string_view by,
                       const std::string& length_unit, Call& call);

}  // namespace assistd::exporting
