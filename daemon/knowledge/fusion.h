#pragma once
// Rankings fused by reciprocal ranks (Cormack, Clarke and Büttcher, 2009): what several rankings have near
// their tops comes first, and nothing depends on how each of them scores. Pure functions.

#include <vector>

#include "knowledge/catalogue.h"

namespace assistd::knowledge {

struct Scored {
    Key chunk = 0;
    double score = 0;  // in a ranking: how like the query it is, 0..1 where that can be told
};

// Each ranking is best first. Best first by the sum of 1 / (60 + rank); what is equal is in the order of the
// chunks, which is that of the text. The score is the highest that one of the rankings gives, and no lower
// than that of any chunk behind it: who stands further up because several rankings have it is not told to be
// worse.
std::vector<Scored> fuse(const std::vector<std::vector<Scored>>& rankings);

}  // namespace assistd::knowledge
