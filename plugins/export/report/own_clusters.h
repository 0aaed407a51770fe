#pragma once
// How the Df of single clusters that the simulation plugin grows is distributed, by algorithm and size: what
// a verdict on one of them, or on the mean of a few, has to allow for. Constants and pure functions.

#include <optional>

#include "material.h"

namespace assistd::exporting {

struct OwnClusters {
    double mean = 0;
    double deviation = 0;  // from cluster to cluster
};

// Between the sizes that were measured by interpolation in ln N; of larger ones as of the largest. None for
// smaller ones, and for what was not measured.
std::optional<OwnClusters> own_clusters_like(const Json& metadata);

}  // namespace assistd::exporting
