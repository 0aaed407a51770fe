#include "report/own_clusters.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "report/literature.h"
#include "source.h"

namespace assistd::exporting {
namespace {

struct Measured {
    const char* kind;
    double n;
    OwnClusters df;
};

// As `assistd-simulation-validation scatter` writes them into plugins/simulation/README.md, which has the
// seeds; a test compares the two.
constexpr Measured measured[] = {
    {"DLA, 2-D", 100, {1.691, 0.150}},
    {"DLA, 2-D", 300, {1.694, 0.111}},
    {"DLA, 2-D", 1000, {1.698, 0.079}},
    {"DLA, 2-D", 3000, {1.710, 0.069}},
    {"DLA, 2-D", 10'000, {1.720, 0.054}},
    {"DLA, 2-D", 100'000, {1.720, 0.041}},
    {"DLA, 3-D", 100, {2.260, 0.242}},
    {"DLA, 3-D", 300, {2.318, 0.184}},
    {"DLA, 3-D", 1000, {2.375, 0.138}},
    {"DLA, 3-D", 3000, {2.440, 0.121}},
    {"DLA, 3-D", 10'000, {2.501, 0.111}},
    {"DLA, 3-D", 100'000, {2.501, 0.057}},
    {"DLCA, 3-D", 100, {1.703, 0.211}},
    {"DLCA, 3-D", 300, {1.740, 0.128}},
    {"DLCA, 3-D", 1000, {1.781, 0.068}},
    {"DLCA, 3-D", 3000, {1.771, 0.079}},
    {"RLCA, 3-D", 100, {2.054, 0.313}},
    {"RLCA, 3-D", 300, {2.027, 0.164}},
    {"RLCA, 3-D", 1000, {2.054, 0.105}},
    {"RLCA, 3-D", 3000, {2.102, 0.109}},
    {"ballistic particle-cluster, 2-D", 100, {1.920, 0.135}},
    {"ballistic particle-cluster, 2-D", 300, {1.928, 0.091}},
    {"ballistic particle-cluster, 2-D", 1000, {1.934, 0.064}},
    {"ballistic particle-cluster, 2-D", 3000, {1.943, 0.055}},
    {"ballistic particle-cluster, 2-D", 10'000, {1.947, 0.035}},
    {"ballistic particle-cluster, 2-D", 100'000, {1.953, 0.015}},
    {"ballistic particle-cluster, 3-D", 100, {2.648, 0.300}},
    {"ballistic particle-cluster, 3-D", 300, {2.795, 0.224}},
    {"ballistic particle-cluster, 3-D", 1000, {2.885, 0.174}},
    {"ballistic particle-cluster, 3-D", 3000, {2.990, 0.167}},
    {"ballistic particle-cluster, 3-D", 10'000, {3.008, 0.105}},
    {"ballistic particle-cluster, 3-D", 100'000, {2.961, 0.050}},
    {"ballistic cluster-cluster, 3-D", 100, {1.879, 0.204}},
    {"ballistic cluster-cluster, 3-D", 300, {1.909, 0.126}},
    {"ballistic cluster-cluster, 3-D", 1000, {1.899, 0.101}},
    {"ballistic cluster-cluster, 3-D", 3000, {1.888, 0.108}},
    {"ballistic cluster-cluster, 3-D", 10'000, {1.889, 0.098}},
    {"Eden, 2-D", 100, {2.147, 0.192}},
    {"Eden, 2-D", 300, {2.143, 0.103}},
    {"Eden, 2-D", 1000, {2.135, 0.070}},
    {"Eden, 2-D", 3000, {2.114, 0.057}},
    {"Eden, 2-D", 10'000, {2.070, 0.024}},
    {"Eden, 2-D", 100'000, {2.021, 0.007}},
    {"Eden, 3-D", 100, {3.102, 0.340}},
    {"Eden, 3-D", 300, {3.272, 0.269}},
    {"Eden, 3-D", 1000, {3.347, 0.197}},
    {"Eden, 3-D", 3000, {3.424, 0.142}},
    {"Eden, 3-D", 10'000, {3.370, 0.084}},
    {"Eden, 3-D", 100'000, {3.199, 0.025}},
};

// "DLA, 3-D"; empty for what was not measured.
std::string kind_of(const Json& metadata) {
    const std::string algorithm = metadata.value("algorithm", "");
    const Json parameters = parameters_of(metadata);
    const double dimensions = number_or(metadata, "dimensions", 3);
    const double sticking = number_or(parameters, "sticking_probability", 1);
    const std::string space = dimensions == 2 ? ", 2-D" : ", 3-D";
    if (algorithm == "dla" && sticking == 1) return "DLA" + space;
    if (is_crowded(metadata)) return "";
    if (algorithm == "cca" && sticking == 1) return "DLCA" + space;
    if (algorithm == "cca" && sticking <= reaction_limited) return "RLCA" + space;
    if (algorithm == "ballistic") return "ballistic particle-cluster" + space;
    if (algorithm == "ballistic_cc") return "ballistic cluster-cluster" + space;
    if (algorithm == "eden" && number_or(parameters, "growth_probability", 1) == 1) return "Eden" + space;
    return "";
}

OwnClusters between(const Measured& small, const Measured& large, double n) {
    const double part = std::log(n / small.n) / std::log(large.n / small.n);
    return {small.df.mean + part * (large.df.mean - small.df.mean),
            small.df.deviation * std::pow(large.df.deviation / small.df.deviation, part)};
}

}  // namespace

std::optional<OwnClusters> own_clusters_like(const Json& metadata) {
    const std::string kind = kind_of(metadata);
    const double n = number_or(metadata, "n_particles", 0);
    const Measured* smaller = nullptr;
    for (const Measured& each : measured) {
        if (each.kind != kind) continue;
        if (n == each.n) return each.df;
        if (n < each.n) return smaller ? std::optional(between(*smaller, each, n)) : std::nullopt;
        smaller = &each;
    }
    return smaller ? std::optional(smaller->df) : std::nullopt;
}

}  // namespace assistd::exporting
