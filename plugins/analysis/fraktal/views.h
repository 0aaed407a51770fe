#pragma once
// One agglomerate seen from several sides: the mean of what FRAKTAL finds in each view. Pure functions and
// values.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assistd/plugin.hpp"
#include "fraktal/model.h"
#include "fraktal/projection.h"
#include "statistics.h"

namespace assistd::analysis {

// A view for which the model has a solution.
struct FraktalView {
    std::int64_t seed = 0;  // of its direction: the view alone is made again with it
    Direction direction{};
    Silhouette silhouette;
    Fraktal result;
};

struct MeanOfViews {
    Silhouette silhouette;  // each member the mean
    Fraktal result;         // the same
    std::map<std::string, Summary>
        summaries;  // by the name that the result has: "df", "rg_projected", "npo" …
};

// Needs at least two views.
MeanOfViews mean_of(const std::vector<FraktalView>& views);

// {"df": {"mean", "standard_error", "std", "min", "max"}, "kf": …}
Json told(const std::map<std::string, Summary>& summaries);
// [{"seed", "direction", "df", "kf", …}]
Json told(const std::vector<FraktalView>& views);

// The i-th of several directions from this seed, the first of which is its own.
std::int64_t seed_of_view(std::int64_t first, int i);

}  // namespace assistd::analysis
