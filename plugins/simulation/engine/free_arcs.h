#pragma once
// The angles of a circle that are still free after others have been blocked, exactly: a sphere that turns
// about an axis meets another one over one arc, and a place without overlap is an angle in none of these
// arcs. Belongs to one owner, one thread; reused from circle to circle.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "engine/random.h"

namespace assistd::simulation {

class FreeArcs {
  public:
    void clear() {
        blocked_.clear();
        sectors_ = 0;
    }
    // Blocks the angles nearer than `half_width` (0..pi) to `middle` (any angle).
    void block(double middle, double half_width) {
        constexpr double turn = 2 * std::numbers::pi;
        double from = std::fmod(middle - half_width, turn);
        if (from < 0) from += turn;
        const double to = from + 2 * half_width;
        if (to <= turn) {
            blocked_.emplace_back(from, to);
        } else {
            blocked_.emplace_back(from, turn);
            blocked_.emplace_back(0, to - turn);
        }
        cover(from, to);
    }
    // True once every angle is known to be blocked; false may also mean that nobody has looked closely.
    bool surely_none() const { return ~sectors_ == 0; }

    // A free angle, all alike; none when every angle is blocked.
    std::optional<double> choose(Random& random) {
        constexpr double turn = 2 * std::numbers::pi;
        if (surely_none()) return std::nullopt;
        std::sort(blocked_.begin(), blocked_.end());
        gaps_.clear();
        double free = 0, reached = 0;
        const auto add_gap = [&](double to) {
            if (to - reached <= least_gap) return;
            gaps_.emplace_back(reached, to);
            free += to - reached;
        };
        for (const auto& [from, to] : blocked_) {
            add_gap(from);
            reached = std::max(reached, to);
        }
        add_gap(turn);
        if (gaps_.empty()) return std::nullopt;
        double left = random.uniform() * free;
        for (const auto& [from, to] : gaps_) {
            if (left < to - from) return from + left;
            left -= to - from;
        }
        return gaps_.back().second;
    }

  private:
    // Rounding could make a place out of less.
    static constexpr double least_gap = 1e-9;

    // Marks the sixty-fourths of the circle that lie wholly within from..to.
    void cover(double from, double to) {
        constexpr double sectors_per_angle = 32 / std::numbers::pi;
        const int first = static_cast<int>(std::ceil(from * sectors_per_angle));
        const int last = static_cast<int>(std::floor(to * sectors_per_angle));
        for (int sector = first; sector < last; ++sector) sectors_ |= std::uint64_t{1} << (sector & 63);
    }

    std::vector<std::pair<double, double>> blocked_;
    std::vector<std::pair<double, double>> gaps_;
    std::uint64_t sectors_ = 0;
};

}  // namespace assistd::simulation
