#pragma once
// Which sphere each ray of a part of the picture meets first. Tiles are made once and then read by any
// thread; a Tile's samples belong to one.

#include <cstdint>
#include <vector>

#include "render/scene.h"

namespace assistd::exporting {

inline constexpr int samples_across = 4;  // of a pixel: sixteen rays
inline constexpr int tile_pixels = 32;
inline constexpr int tile_samples = tile_pixels * samples_across;
inline constexpr std::uint32_t no_sphere = 0xffffffff;

// A point of a sphere's surface.
struct Hit {
    Vector point, normal;
};

// Where the ray through (u, v) of the picture plane enters a sphere, or its nearest point when it just misses
// it.
Hit hit_of(const Sphere& sphere, float u, float v, bool perspective);

// The spheres by the tiles in which they may be seen.
class Tiles {
  public:
    Tiles(const Scene& scene, int picture_size);

    int count() const { return across_ * across_; }
    int across() const { return across_; }

    // The first sphere of each sample of a tile, row by row from the top; no_sphere where there is none.
    struct Samples {
        std::vector<std::uint32_t> spheres;
        std::vector<float> depths;
    };
    void trace(int tile, Samples& samples) const;

    // The picture plane at a sample of the whole picture, in its middle.
    float u_of(float column) const { return scene_.frame.left + (column + 0.5f) * step_; }
    float v_of(float row) const { return scene_.frame.top - (row + 0.5f) * step_; }

  private:
    struct Range {
        int first_column, last_column, first_row, last_row;
    };
    Range samples_of(const Sphere& sphere) const;
    void trace(std::uint32_t sphere, int left, int top, Samples& samples) const;

    const Scene& scene_;
    int across_;  // tiles in a row
    float step_;  // between samples, on the picture plane
    std::vector<std::uint32_t> starts_, members_;
};

}  // namespace assistd::exporting
