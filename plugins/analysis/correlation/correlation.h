#pragma once
// The fractal dimension of a particle geometry from how many particles there are around a particle. Pure
// functions and values, usable from any thread; lengths are in the geometry's own unit.
//
// Pair correlation. g(r) is the mean number of other centres per unit of volume (of area in two dimensions)
// at the distance r from a centre, over all centres. In a fractal g ~ r^(Df - d), d the dimensions of space
// (T. A. Witten, L. M. Sander, Phys. Rev. Lett. 47 (1981) 1400).
//
// Sandbox. M(R) is the mean mass of the particles with centres within R of one, itself included, for centres
// within Rg of the centre of mass: M ~ R^Df (T. Tel, A. Fulop, T. Vicsek, Physica A 159 (1989) 155). Mass is
// in units of a mean particle's.
//
// Which distances are fitted. From two mean particle diameters to Rg/2 for g and 3/4 Rg for M: beyond, the
// cluster's edge takes over. When that is less than half a decade, from one diameter to 3/4 Rg for both.
// Compact bodies have the sharpest edge and are found 0.1 (M) to 0.3 (g) too low. Distances are sorted into
// bins a particle diameter and a tenth of the distance wide; of more than 2000 centres an even sample is
// taken.

#include <array>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "line_fit.h"

namespace assistd::analysis {

struct CorrelationOptions {
    int dimensions = 3;
    std::optional<double> min_distance = std::nullopt;
    std::optional<double> max_distance = std::nullopt;
};

// A curve with the line through its fitted part: ln y = intercept + slope ln r. Of too few points there is
// none.
struct ScalingCurve {
    std::vector<double> r;
    std::vector<double> y;
    std::vector<bool> fitted;
    LineFit fit;
    double df = 0;
    double range_min = 0;  // the smallest and largest r that was fitted
    double range_max = 0;

    bool has_fit() const { return fit.points > 0; }
};

struct Correlation {
    ScalingCurve pair;     // y = g(r), r the middle of a bin
    ScalingCurve sandbox;  // y = M(R)
    double rg = 0;         // of the centres, weighted by volume
    double mean_diameter = 0;
    std::size_t centres = 0;  // that were looked from
    std::string range_rule;
    std::vector<std::string> warnings;
};

// Options that do not go with this geometry, as BoxCountingRefused.
class CorrelationRefused : public std::runtime_error {
  public:
    CorrelationRefused(std::string field, const std::string& sentence)
        : std::runtime_error(sentence), field_(std::move(field)) {}
    const std::string& field() const { return field_; }

  private:
    std::string field_;
};

// At least one of the two has a fit, else it throws. `progress` is called with the fraction done; throws to
// end the work.
Correlation correlate(const std::vector<Particle>& particles, const CorrelationOptions& options,
                      const std::function<void(double)>& progress);

}  // namespace assistd::analysis
