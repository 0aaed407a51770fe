#pragma once
// Counts what failed, by name or address, so that passwords cannot be guessed by the thousand. A failure is
// forgiven after window / most; whoever has `most` of them that are not forgiven has to wait. Keeps a bounded
// number of names. Any thread.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace assistd::auth {

class Attempts {
  public:
    using Clock = std::chrono::steady_clock;

    Attempts(int most, std::chrono::seconds window, std::size_t names = 10'000)
        : most_(most), window_(window), names_(names) {}

    // How long who is named so has to wait; nothing: he need not.
    std::optional<std::chrono::seconds> wait_of(const std::string& name, Clock::time_point now) const;
    void failed(const std::string& name, Clock::time_point now);
    void take_back(const std::string& name);  // one failure, which was none after all
    void forget(const std::string& name);

  private:
    // When all failures of a name will be forgiven says how many there are.
    Clock::duration each() const { return Clock::duration(window_) / most_; }
    void make_room(Clock::time_point now);

    const int most_;
    const std::chrono::seconds window_;
    const std::size_t names_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Clock::time_point> forgiven_at_;
};

}  // namespace assistd::auth
