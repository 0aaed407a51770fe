#pragma once
// For work on the disk that nobody waits for: after each piece the disk is left to others, the longer the
// slower it was. For one thread.

#include <algorithm>
#include <chrono>
#include <thread>

namespace assistd::store {

class GentlePace {
  public:
    // Does `work` once the rest after the piece before is over.
    template <class Work>
    void run(Work work) {
        std::this_thread::sleep_until(rested_at_);
        const Piece piece(*this);
        work();
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr int rest_for_work = 3;  // a quarter of the time is its own
    static constexpr std::chrono::milliseconds longest_rest{100};

    class Piece {
      public:
        explicit Piece(GentlePace& pace) : pace_(pace) {}
        ~Piece() {
            const auto end = Clock::now();
            pace_.rested_at_ = end + std::min<Clock::duration>((end - begun_) * rest_for_work, longest_rest);
        }
        Piece(const Piece&) = delete;
        Piece& operator=(const Piece&) = delete;

      private:
        GentlePace& pace_;
        const Clock::time_point begun_ = Clock::now();
    };

    Clock::time_point rested_at_{};
};

}  // namespace assistd::store
