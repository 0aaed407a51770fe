#pragma once
// The fractal dimensions of several clusters, of simulations or of a study's runs, kind by kind
// (clusters/kinds.h). Values and pure functions.

#include <string>
#include <vector>

#include "material.h"

namespace assistd::exporting {

struct DfValue {
    double df = 0;
    double error = 0;  // standard error of the cluster's own fit; 0 when it reports none
    double n = 0;      // particles; 0 when it does not say
};

struct KindOfDf {
    std::string name;  // "3-D CCA, sticking probability 0.1"
    std::vector<DfValue> values;
};

struct DfValues {
    std::vector<KindOfDf> kinds;  // in the order of their first clusters; at most as many as have a style
    // Of more kinds than can be told apart in a plot those that grew alike stand together, so that a mean of
    // `kinds` says nothing; then a sentence on it, " They are …", else empty.
    std::string together;

    std::vector<double> all() const;
};

// What a simulation was made of but its seed, name and project: {"algorithm", "dimensions", "n_particles",
// "parameters"}. Two with the same differ by their seeds only.
Json what_made(const Json& metadata);

// Whether all clusters differ by their seeds only.
bool all_of_one_kind(const Material& material);

// Of the study when there is one, else of the simulations; those without a Df are left out. Throws Failure
// when nothing reports one.
DfValues df_values_of(const Material& material);

// Its name as a label (plot/label.h): "3-D tunable cc, target *D*_{f} 1.8".
std::string label_of_kind(std::string name);

// What a mark of means is called in the legend: where each is of one run there is no deviation to tell.
std::string label_of_means(bool have_spread);

// {"kind", "count", and of two or more "mean", "mean_error", "std"} of each, when there are several. Where
// they stand together there are no means.
Json kinds_told(const DfValues& values);

}  // namespace assistd::exporting
