#pragma once
// Draws a scene: each sphere exactly, sixteen rays a pixel, lit by a lamp with soft shadows and from all
// around with ambient occlusion, paler with its distance. The call's thread and one more.

#include <cstdint>
#include <vector>

#include "render/colours.h"
#include "render/scene.h"
#include "render/workers.h"

namespace assistd::exporting {

struct Background {
    LinearColour colour;
    bool transparent = false;
};

// Rows of pixels from the top, as cairo has them: 0xAARRGGBB, the colours already multiplied by alpha.
struct Picture {
    int size = 0;
    std::vector<std::uint32_t> pixels;
};

Picture render(const Scene& scene, const Colouring& colouring, const Background& background, int size,
               Workers& workers);

}  // namespace assistd::exporting
