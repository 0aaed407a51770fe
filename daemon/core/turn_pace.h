#pragma once
// How fast places become free: each of those that are taken lasts as long as they lasted lately, those that
// have not ended included. Of what is long ago less counts.
//
// Owned by TurnSlots, which guards it.

#include <chrono>

namespace assistd::core {

class TurnPace {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    using Seconds = std::chrono::duration<double>;

    // From now on so many are taken. What is `memory` old counts for a third.
    void are_taken(int places, Instant now, Seconds memory);
    // Until so many have become free, as likely as not. One end more is counted than was seen: of what has
    // only just begun nobody knows how long it takes, so at first it is no time.
    Seconds until_free(int places, Instant now, Seconds memory) const;

  private:
    struct Seen {
        double ends = 0;
        double taken_s = 0;  // of all places together
    };
    Seen seen_at(Instant now, Seconds memory) const;

    Seen seen_;
    Instant until_{};
    int taken_ = 0;
};

}  // namespace assistd::core
