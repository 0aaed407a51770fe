#pragma once
// A cluster that tunable growth moves and turns as a whole. Plain value; coordinates are relative to its
// centre of mass, in units of a.

#include <cstdint>
#include <vector>

#include "algorithms/tunable_law.h"
#include "engine/vector.h"

namespace assistd::simulation {

struct Body {
    Bulk bulk;
    std::vector<Vec<3>> centres;
    std::vector<double> radii;
    std::vector<std::int32_t> parents;  // -1 for the root

    std::size_t size() const { return centres.size(); }
};

// What kept a cluster from being put together.
enum class Hindrance {
    none,
    too_open,    // the law asks for a greater distance than touching clusters can have
    too_compact  // at the distance that the law asks for they overlap
};

}  // namespace assistd::simulation
