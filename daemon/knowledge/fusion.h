#pragma once
// Rankings fused by reciprocal ranks (Cormack, Clarke and Büttcher, 2009): what several rankings have near
// their tops comes first, and nothing depends on how each of them scores. Pure functions.

#include <vector>

#include "knowledge/catalogue.h"

namespace assistd::knowledge {

struct Scored {
    Key chunk = 0;
    double score = 0;
};

// Each ranking is best first. A chunk's score is the sum of 1 / (60 + rank) as a share of the most that there
// could be, 0..1. Best first; what is equal is in the order of the chunks, which is that of the text.
std::vector<Scored> fuse(const std::vector<std::vector<Scored>>& rankings);

}  // namespace assistd::knowledge
