#pragma once
// How many particles each particle touches or overlaps. A pure function but for progress and cancelling.

#include <span>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::exporting {

// Contact: the distance is at most the sum of the radii and a millionth of their mean. Throws Cancelled.
std::vector<int> contacts_of(std::span<const Particle> particles, Call& call);

}  // namespace assistd::exporting
