#pragma once
// The particles of one growing cluster, in the order in which they were placed: 24 bytes each in two
// dimensions, 32 in three, and 4 for the parent. Radii are held as float (the radii that are drawn are
// rounded to float first, so nothing is lost). Belongs to one run, one thread.

#include <cstdint>

#include "engine/plain_array.h"
#include "engine/vector.h"

namespace assistd::simulation {

template <int D>
struct Sphere {
    Vec<D> centre;
    float radius = 1;
    std::int32_t next = -1;  // the next one in the same cell of the occupancy index
};

template <int D>
struct SphereStore {
    PlainArray<Sphere<D>> spheres;
    PlainArray<std::int32_t> parents;

    std::size_t size() const { return spheres.size(); }
    void reserve(std::size_t count) {
        spheres.reserve(count);
        parents.reserve(count);
    }
    std::size_t bytes() const { return spheres.bytes() + parents.bytes(); }
};

}  // namespace assistd::simulation
