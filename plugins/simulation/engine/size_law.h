#pragma once
// How the radii of particles and the depth of their contacts are distributed. Plain values; drawing uses the
// caller's generator. Lengths are in units of the mean (for the lognormal law: the geometric mean) particle
// radius.

#include <cmath>

#include "engine/random.h"

namespace assistd::simulation {

struct SizeLaw {
    enum class Kind { equal, uniform, lognormal };
    Kind kind = Kind::equal;
    double low = 1;   // uniform
    double high = 1;  // uniform
    // lognormal: the geometric standard deviation; cut off at three of them on both sides
    double sigma_g = 1;

    // With sigma_g = 1 all are equal.
    static SizeLaw lognormal(double sigma_g) {
        return {sigma_g > 1 ? Kind::lognormal : Kind::equal, 1, 1, sigma_g};
    }

    double largest() const {
        if (kind == Kind::uniform) return high;
        return kind == Kind::lognormal ? sigma_g * sigma_g * sigma_g : 1;
    }
    double smallest() const {
        if (kind == Kind::uniform) return low;
        return kind == Kind::lognormal ? 1 / (sigma_g * sigma_g * sigma_g) : 1;
    }
    // Rounded to float, which is how radii are kept.
    double draw(Random& random) const {
        if (kind == Kind::equal) return 1;
        if (kind == Kind::uniform) return static_cast<float>(random.uniform(low, high));
        double deviation;
        do deviation = random.normal();
        while (std::abs(deviation) > 3);
        return static_cast<float>(std::exp(deviation * std::log(sigma_g)));
    }
};

// Two spheres touch when their centres are `factor * (sum of radii)` apart; 1 is a point contact.
struct SinteringLaw {
    enum class Kind { fixed, uniform, normal };
    Kind kind = Kind::fixed;
    double value = 1;      // fixed; the mean of the normal law
    double low = 1;        // uniform
    double high = 1;       // uniform
    double deviation = 0;  // normal; draws outside 0.5..1 are repeated

    double largest() const {
        if (kind == Kind::uniform) return high;
        return kind == Kind::normal ? 1 : value;
    }
    double smallest() const {
        if (kind == Kind::uniform) return low;
        return kind == Kind::normal ? 0.5 : value;
    }
    double draw(Random& random) const {
        if (kind == Kind::fixed) return value;
        if (kind == Kind::uniform) return random.uniform(low, high);
        for (;;) {
            const double factor = value + deviation * random.normal();
            if (factor >= 0.5 && factor <= 1) return factor;
        }
    }
};

}  // namespace assistd::simulation
