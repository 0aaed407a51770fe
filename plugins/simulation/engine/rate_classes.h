#pragma once
// Draws one of many things with a chance proportional to its rate, and changes a rate, both in O(1): the
// rates are sorted into classes by their power of two; a class is drawn by an upper bound of its sum, a
// member of it evenly, and the draw is repeated unless the member's rate accepts it (A. Slepoy, A. P.
// Thompson, S. J. Plimpton, J. Chem. Phys. 128 (2008) 205101). No sum is carried along, so nothing drifts.
// One owner.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/random.h"

namespace assistd::simulation {

class RateClasses {
  public:
    explicit RateClasses(std::size_t things) : rates_(things, 0), places_(things, 0) {}

    // 0 takes it out.
    void set(std::int32_t thing, double rate) {
        double& old = rates_[static_cast<std::size_t>(thing)];
        const int from = power_of(old), to = power_of(rate);
        if (old > 0 && rate > 0 && from == to) {
            old = rate;
            return;
        }
        if (old > 0) take_out(thing, class_of(from).members);
        old = rate;
        if (rate <= 0) return;
        std::vector<std::int32_t>& members = class_of(to).members;
        places_[static_cast<std::size_t>(thing)] = static_cast<std::int32_t>(members.size());
        members.push_back(thing);
    }

    // There must be one with a rate.
    std::int32_t draw(Random& random) const {
        double sum = 0;
        for (const RateClass& each : classes_) sum += each.weight();
        for (;;) {
            double at = random.uniform() * sum;
            for (const RateClass& each : classes_) {
                if (at >= each.weight()) {
                    at -= each.weight();
                    continue;
                }
                const auto index =
                    std::min(each.members.size() - 1, static_cast<std::size_t>(at / each.bound));
                const double rest = at - static_cast<double>(index) * each.bound;
                const std::int32_t thing = each.members[index];
                if (rest < rates_[static_cast<std::size_t>(thing)]) return thing;
                break;
            }
        }
    }

    std::size_t bytes() const { return rates_.size() * (sizeof(double) + 2 * sizeof(std::int32_t)); }

  private:
    // The rates below 2^power, down to half of that.
    struct RateClass {
        int power = 0;
        double bound = 1;
        std::vector<std::int32_t> members;
        double weight() const { return bound * static_cast<double>(members.size()); }
    };

    static int power_of(double rate) {
        int power = 0;
        std::frexp(rate, &power);
        return power;
    }
    RateClass& class_of(int power) {
        for (RateClass& each : classes_)
            if (each.power == power) return each;
        classes_.push_back({power, std::ldexp(1.0, power), {}});
        return classes_.back();
    }
    void take_out(std::int32_t thing, std::vector<std::int32_t>& members) {
        const auto place = static_cast<std::size_t>(places_[static_cast<std::size_t>(thing)]);
        members[place] = members.back();
        places_[static_cast<std::size_t>(members[place])] = static_cast<std::int32_t>(place);
        members.pop_back();
    }

    std::vector<double> rates_;
    std::vector<std::int32_t> places_;  // in the class's list
    std::vector<RateClass> classes_;
};

}  // namespace assistd::simulation
