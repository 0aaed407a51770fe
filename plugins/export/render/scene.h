#pragma once
// What is seen of a cluster: its spheres in the camera's coordinates and the part of the picture plane that
// they fill. The cluster's bounding sphere has radius 1 and the origin as its centre. Values and pure
// functions.

#include <cstdint>
#include <span>
#include <vector>

#include "assistd/particles.hpp"
#include "render/vector.h"

namespace assistd::exporting {

struct Sphere {
    Vector centre;
    float radius = 0;
};

// Where the camera stands, seen from the cluster: azimuth around the z axis from x on, elevation above the
// xy plane, both in degrees. It looks at the cluster, with z up.
struct View {
    double azimuth = 45;
    double elevation = 35.264;
    bool perspective = true;
};

// A rectangle on the picture plane.
struct Bounds {
    float left = 0, right = 0, bottom = 0, top = 0;
};

// The square on the picture plane that becomes the picture.
struct Frame {
    float left = 0;
    float top = 0;
    float size = 0;
};

struct Scene {
    std::vector<Sphere> spheres;  // in the particles' order
    bool perspective = true;
    Frame frame;
    float nearest = 0, farthest = 0;  // the least and greatest z of all centres
    double unit = 1;                  // the length of 1, in the simulation's unit
};

// How far the viewer is from the origin, in radii of the bounding sphere: a field of view of some 33 degrees.
inline constexpr float eye_distance = 3.5f;

Scene make_scene(std::span<const Particle> particles, const View& view);

// Exactly where a sphere is on the picture plane: z = 0 without perspective, else at distance 1 from the eye.
Bounds bounds_of(const Sphere& sphere, bool perspective);

}  // namespace assistd::exporting
