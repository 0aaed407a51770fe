#pragma once
// What the FRAKTAL tools tell of a result, the same for simulations and images. Used on the call's thread.

#include <map>
#include <string>
#include <vector>

#include "assistd/plugin.hpp"
#include "fraktal/model.h"
#include "statistics.h"
#include "stored_analysis.h"

namespace assistd::analysis {

void describe(Names<FraktalModel>& names);
std::string name_of(FraktalModel model);

// What was looked at, and how it is told.
struct FraktalReport {
    AnalysisKey key;     // its source is what was looked at
    std::string title;   // for people
    std::string suffix;  // of the file's name
    Silhouette silhouette;
    FraktalOptions options;
    bool in_nanometres = true;  // else lengths are in the simulation's own unit
    double density = 0;         // g/cm^3
    Fraktal result;
    // Of several views, whose means `silhouette` and `result` are: what is known of each mean.
    std::map<std::string, Summary> means = {};
    Json details;               // members of the result that only this tool has
    Json subject;               // what the source says of itself
    std::size_t particles = 0;  // of the simulation; 0: nobody knows
    std::vector<std::string> warnings;
};

// Warnings that both tools give: an Rg that the correction changed much, voxels.
void add_model_warnings(FraktalReport& report);

// Stores the analysis and returns its data and its line.
Result store(Call& call, const FraktalReport& report);

}  // namespace assistd::analysis
