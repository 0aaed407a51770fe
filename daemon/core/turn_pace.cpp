#include "core/turn_pace.h"

#include <algorithm>
#include <cmath>

namespace assistd::core {

TurnPace::Seen TurnPace::seen_at(Instant now, Seconds memory) const {
    const Seconds since = std::max(Seconds(0), Seconds(now - until_));
    if (memory <= Seconds(0)) return {};
    const double kept = std::exp(-since / memory);
    return {seen_.ends * kept, seen_.taken_s * kept + taken_ * memory.count() * (1 - kept)};
}

void TurnPace::are_taken(int places, Instant now, Seconds memory) {
    seen_ = seen_at(now, memory);
    until_ = now;
    seen_.ends += std::max(0, taken_ - places);
    taken_ = places;
}

TurnPace::Seconds TurnPace::until_free(int places, Instant now, Seconds memory) const {
    if (taken_ == 0) return Seconds(0);
    const Seen seen = seen_at(now, memory);
    // The median of so many ends that come independently.
    return Seconds((places - 1.0 / 3) * seen.taken_s / ((seen.ends + 1) * taken_));
}

}  // namespace assistd::core
