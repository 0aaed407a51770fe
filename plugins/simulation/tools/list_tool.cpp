#include "tools/tools.h"

namespace assistd::simulation {

namespace {

Json dla() {
    return {
        {"algorithm", "dla"},
        {"tool", "run_dla_simulation"},
        {"grows",
         "Diffusion-limited aggregation off lattice: particles diffuse in from infinity one at a time and "
         "stay where they first touch the cluster. Open, branched clusters."},
        {"parameters",
         {"n_particles", "dimensions", "sticking_probability", "particle_radius", "radius_min", "radius_max",
          "sigma_g", "sintering", "sintering_min", "sintering_std", "seed"}},
        {"expected_df", {{"2d", 1.71}, {"3d", 2.5}}},
        {"limits", {{"2d", {10, 10'000'000}}, {"3d", {10, 1'000'000}}}}};
}

Json limiting() {
    return {
        {"algorithm", "limiting"},
        {"tool", "run_limiting_case"},
        {"grows",
         "Geometries with exactly known Rg, for checking an analysis: chains, planes and compact spheres "
         "of equal particles on a lattice."},
        {"parameters",
         {"geometry", "configuration", "packing", "layers", "n_particles", "sintering", "particle_radius"}},
        {"expected_df", {{"chain", 1}, {"plane", 2}, {"sphere", 3}}},
        {"limits", {{"spheres", {1, 1'000'000}}}}};
}

}  // namespace

Result list_algorithms(Call&, const Json&) {
    return {{{"algorithms", {dla(), limiting()}}},
            "Two algorithms: dla (diffusion-limited aggregation, Df about 1.71 in 2-D and 2.5 in 3-D) and "
            "limiting "
            "(chains, planes and compact spheres: Df 1, 2 and 3)."};
}

}  // namespace assistd::simulation
