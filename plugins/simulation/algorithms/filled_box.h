#pragma once
// The periodic box in which cluster-cluster aggregation begins: how wide it is, and particles at even random
// places without overlap. Pure function; any thread.

#include <vector>

#include "algorithms/cca.h"

namespace assistd::simulation {

template <int D>
struct FilledBox {
    double side = 0;
    double filling = 0;         // the part of it that the particles take (2-D: of its area)
    std::vector<double> radii;  // the largest first
    std::vector<Vec<D>> places;
};

// Throws BoxIsFull, Stopped.
template <int D>
FilledBox<D> fill_box(const CcaParameters& parameters, Random& random, Observer& observer);

}  // namespace assistd::simulation
