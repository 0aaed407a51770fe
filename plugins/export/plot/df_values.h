#pragma once
// The fractal dimensions of several clusters: of simulations, or of a study's runs. Values and pure
// functions.

#include <string>
#include <vector>

#include "material.h"

namespace assistd::exporting {

struct DfValue {
    double df = 0;
    double error = 0;   // standard error of the cluster's own fit; 0 when it reports none
    double n = 0;       // particles; 0 when it does not say
    std::string group;  // its kind (clusters/kinds.h); of a study's runs the study
};

// What a simulation was made of but its seed, name and project: {"algorithm", "dimensions", "n_particles",
// "parameters"}. Two with the same are of one kind.
Json what_made(const Json& metadata);

// Whether all clusters differ by their seeds only.
bool all_of_one_kind(const Material& material);

// Of the study when there is one, else of the simulations; those without a Df are left out. Throws Failure
// when nothing reports one.
std::vector<DfValue> df_values_of(const Material& material);

}  // namespace assistd::exporting
