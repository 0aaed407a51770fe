#include <string>
#include <vector>

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

// The parameters of every growth algorithm, and the algorithm's own.
Json growth_parameters(std::vector<std::string> own) {
    Json names = {"n_particles", "dimensions"};
    for (const std::string& name : own) names.push_back(name);
    for (const char* name : {"particle_radius", "radius_min", "radius_max", "sigma_g", "sintering",
                             "sintering_min", "sintering_std", "seed"})
        names.push_back(name);
    return names;
}

Json cca() {
    return {{"algorithm", "cca"},
            {"tool", "run_cca_simulation"},
            {"grows",
             "Cluster-cluster aggregation in a periodic box: particles and clusters diffuse and join where "
             "they touch. Open agglomerates such as soot; with a small sticking_probability denser ones."},
            {"parameters", growth_parameters({"sticking_probability", "box_size", "volume_fraction",
                                              "single_agglomerate", "clusters_left"})},
            {"expected_df",
             {{"3d diffusion-limited (DLCA)", 1.78},
              {"3d reaction-limited (RLCA)", 2.1},
              {"2d diffusion-limited (DLCA)", 1.44}}},
            {"limits", {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}}}};
}

Json ballistic() {
    return {{"algorithm", "ballistic"},
            {"tool", "run_ballistic_simulation"},
            {"grows",
             "Ballistic particle-cluster aggregation (BPCA): particles come one at a time on straight lines "
             "from random directions. Dense clusters."},
            {"parameters", growth_parameters({})},
            {"expected_df", {{"2d", 2}, {"3d", 3}}},
            {"limits", {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}}}};
}

Json ballistic_cc() {
    return {{"algorithm", "ballistic_cc"},
            {"tool", "run_ballistic_cc_simulation"},
            {"grows",
             "Ballistic cluster-cluster aggregation (BCCA): clusters of equal size meet on straight lines in "
             "random orientation. Open agglomerates."},
            {"parameters", growth_parameters({})},
            {"expected_df", {{"2d", 1.45}, {"3d", 1.88}}},
            {"limits", {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}}}};
}

Json eden() {
    return {{"algorithm", "eden"},
            {"tool", "run_eden_simulation"},
            {"grows", "Eden growth off lattice: particles divide where there is room. Compact clusters."},
            {"parameters", growth_parameters({"growth_probability"})},
            {"expected_df", {{"2d", 2}, {"3d", 3}}},
            {"limits", {{"2d", {10, 1'000'000}}, {"3d", {10, 1'000'000}}}}};
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
    return {{{"algorithms", {dla(), cca(), ballistic(), ballistic_cc(), eden(), limiting()}}},
            "Six algorithms: dla (diffusion-limited, Df about 1.71 in 2-D and 2.5 in 3-D), cca "
            "(cluster-cluster, about 1.78), ballistic (dense), ballistic_cc (about 1.88), eden (compact) and "
            "limiting (chains, planes and compact spheres: Df 1, 2 and 3)."};
}

}  // namespace assistd::simulation
