#pragma once
// From a grown cluster to what the caller gets: the measured metadata, the geometry as an artifact and the
// one-line summary. The metadata keys are a contract with the analysis and export plugins; README.md lists
// them.

#include <assistd/plugin.hpp>
#include <chrono>
#include <string>

#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

inline constexpr std::string_view plugin_version = "1.5.0";

// What the algorithm says about its own run.
struct Run {
    std::string algorithm;              // "dla"
    std::string title;                  // "3-D DLA cluster", for the summary
    Json parameters;                    // as they were used, defaults filled in
    Json seed;                          // an integer, or null when nothing was drawn
    std::string name;                   // may be empty
    int df_ideal = 0;                   // of a geometry that has an exact one; 0: none
    double particle_radius = 1;         // a: the unit of the result's lengths
    std::vector<std::string> warnings;  // beside those that the measures bring
    Json more = Json::object();         // metadata that only this algorithm has
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

// Measures the cluster, stores it as an artifact of kind "simulation" and returns the call's result. Throws
// Stopped.
Result report(Call& call, const Run& run, Cluster cluster, Observer& observer);

}  // namespace assistd::simulation
