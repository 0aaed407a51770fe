#pragma once
// Draws one of many things with a chance proportional to its rate, and changes a rate, both in O(1): the
// rates are sorted into classes by their power of two; a class is drawn by an upper bound of its sum, a
// member of it evenly, and the draw is repeated unless the member's rate accepts it (A. Slepoy, A. P.
// Thompson, S. J. Plimpton, J. Chem. Phys. 128 (2008) 205101). No sum is carried along, so nothing drifts.
// One owner.

#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/random.h"

namespace assistd::simulation {

class RateClasses {
  public:
    explicit RateClasses(std::size_t things) : rates_(things, 0), places_(things, 0) {}

    // 0 takes it out.
    void set(std::int32_t thing, double rate) {
        double& old = rates_[static_cast<std::size_t>(thing)];
        const int from = class_of(old), to = class_of(rate);
        if (from == to) {
            old = rate;
            return;
        }
        if (old > 0) take_out(thing, from);
        old = rate;
        if (rate <= 0) return;
        std::vector<std::int32_t>& members = classes_[to];
        places_[static_cast<std::size_t>(thing)] = static_cast<std::int32_t>(members.size());
        members.push_back(thing);
    }

    // There must be one with a rate.
    std::int32_t draw(Random& random) const {
        double sum = 0;
        for (const auto& [number, members] : classes_) sum += weight_of(number, members);
        for (;;) {
            double at = random.uniform() * sum;
            for (const auto& [number, members] : classes_) {
                const double weight = weight_of(number, members);
                if (at >= weight || members.empty()) {
                    at -= weight;
                    continue;
                }
                const double each = std::ldexp(1.0, number);
                const auto index = std::min(members.size() - 1, static_cast<std::size_t>(at / each));
                const double rest = at - static_cast<double>(index) * each;
                const std::int32_t thing = members[index];
                if (rest < rates_[static_cast<std::size_t>(thing)]) return thing;
                break;
            }
        }
    }

    std::size_t bytes() const { return rates_.size() * (sizeof(double) + 2 * sizeof(std::int32_t)); }

  private:
    static int class_of(double rate) {
        int power = 0;
        std::frexp(rate, &power);  // below 2^power
        return rate > 0 ? power : 1 << 20;
    }
    static double weight_of(int number, const std::vector<std::int32_t>& members) {
        return std::ldexp(static_cast<double>(members.size()), number);
    }
    void take_out(std::int32_t thing, int from) {
        std::vector<std::int32_t>& members = classes_[from];
        const auto place = static_cast<std::size_t>(places_[static_cast<std::size_t>(thing)]);
        members[place] = members.back();
        places_[static_cast<std::size_t>(members[place])] = static_cast<std::int32_t>(place);
        members.pop_back();
    }

    std::vector<double> rates_;
    std::vector<std::int32_t> places_;  // in the class's list
    std::map<int, std::vector<std::int32_t>> classes_;
};

}  // namespace assistd::simulation
