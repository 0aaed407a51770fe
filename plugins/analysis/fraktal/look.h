#pragma once
// How a simulation's particles are looked at for FRAKTAL, from one side or from several. Used on the call's
// thread; throws ProjectionRefused and FraktalRefused.

#include <cstdint>
#include <span>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"
#include "fraktal/projection.h"
#include "fraktal/report.h"

namespace assistd::analysis {

// Projects and measures. What it is made of must outlive it.
class Camera {
  public:
    // `pixels_per_diameter`: 0 for the usual ones; `scale`: of the report's unit of length.
    Camera(Call& call, std::span<const Particle> particles, int pixels_per_diameter, double scale)
        : call_(call), particles_(particles), pixels_per_diameter_(pixels_per_diameter), scale_(scale) {}

    Projection take(const Direction& direction) const;
    Silhouette silhouette(const Projection& projection) const;

  private:
    Call& call_;
    std::span<const Particle> particles_;
    int pixels_per_diameter_;
    double scale_;
};

// Both fill the silhouette, the result and the details of the projection.
void look_once(Call& call, const Camera& camera, const Direction& direction, FraktalReport& report);
// The means over so many random directions, and each view that has a solution; two must.
void look_around(Call& call, const Camera& camera, std::int64_t first_seed, int views, FraktalReport& report);

}  // namespace assistd::analysis
