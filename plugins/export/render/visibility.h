#pragma once
// How much light from a set of directions reaches a point of a cluster. For each direction the spheres are
// drawn once into a map of their heights, as a light there sees them; a point is lit when nothing in the map
// is higher. With directions all around it is ambient occlusion, as in M. Tarini, P. Cignoni and C. Montani,
// "Ambient Occlusion and Edge Cueing to Enhance Real Time Molecular Visualization", IEEE Trans. Vis. Comput.
// Graph. 12 (2006) 1237; with some around a lamp it is a soft shadow. Made with two threads, then read-only
// and for any.

#include <span>
#include <vector>

#include "render/scene.h"
#include "render/workers.h"

namespace assistd::exporting {

class Visibility {
  public:
    // The maps have size x size texels; drawing them is the part `from`..`to` of the whole call.
    Visibility(std::span<const Sphere> spheres, std::vector<Vector> directions, int size, Workers& workers,
               double from, double to);

    // The part of the light that arrives at a point of a surface with this normal, where each direction
    // counts by its cosine: 0 (dark) to 1.
    float at(const Vector& point, const Vector& normal) const;

  private:
    struct Map {
        Vector direction, right, up;
        std::vector<float> heights;  // rows of texels; along `direction`
    };

    void draw(std::span<const Sphere> spheres, Map& map, const Workers& workers) const;

    int size_;
    float texels_;  // in a length of 1
    std::vector<Map> maps_;
};

// Directions spread evenly (a Fibonacci lattice) over the sphere, but for those far behind what is seen.
std::vector<Vector> directions_around(int count);

// Directions spread evenly (Vogel's spiral) over a cone around `axis`.
std::vector<Vector> directions_within(const Vector& axis, double half_angle_degrees, int count);

}  // namespace assistd::exporting
