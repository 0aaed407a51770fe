#include "render/renderer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "render/tiles.h"
#include "render/visibility.h"

namespace assistd::exporting {
namespace {

// The lamp is above, to the left of and behind the viewer.
constexpr Vector lamp{-0.45f, 0.62f, -0.64f};
constexpr double lamp_half_angle = 5;  // degrees, as the cluster sees it

// What each light adds; together about 1 where all of them arrive.
constexpr float ambient_light = 0.55f;
constexpr float lamp_light = 1.00f;
constexpr float viewer_light = 0.10f;
constexpr float gloss = 0.16f;
constexpr float gloss_sharpness = 45;
// How much of the farthest spheres is lost in the background, for a cluster as deep as it is wide.
constexpr float haze = 0.22f;

// Large spheres show the edges of single shadows, so few of them are lit from many directions; many small
// ones need finer maps instead.
struct Quality {
    std::size_t most_spheres;
    int ambient_directions, ambient_map;
    int lamp_directions, lamp_map;
};
const Quality& quality_for(std::size_t spheres) {
    static constexpr std::array<Quality, 4> qualities{{{5'000, 224, 512, 24, 1024},
                                                       {500'000, 64, 1024, 10, 2048},
                                                       {2'000'000, 40, 1024, 8, 2048},
                                                       {std::size_t(-1), 24, 1024, 6, 2048}}};
    return *std::find_if(qualities.begin(), qualities.end(),
                         [&](const Quality& each) { return spheres <= each.most_spheres; });
}

LinearColour mixed(const LinearColour& a, const LinearColour& b, float part_of_b) {
    const float part_of_a = 1 - part_of_b;
    return {a.red * part_of_a + b.red * part_of_b, a.green * part_of_a + b.green * part_of_b,
            a.blue * part_of_a + b.blue * part_of_b};
}

class Renderer {
  public:
    Renderer(const Scene& scene, const Colouring& colouring, const Background& background, int size,
             Workers& workers)
        : scene_(scene),
          colouring_(colouring),
          background_(background),
          tiles_(scene, size),
          quality_(quality_for(scene.spheres.size())),
          ambient_(scene.spheres, directions_around(quality_.ambient_directions), quality_.ambient_map,
                   workers, 0.05, 0.5),
          lamp_(scene.spheres, directions_within(unit(lamp), lamp_half_angle, quality_.lamp_directions),
                quality_.lamp_map, workers, 0.5, 0.65),
          workers_(workers) {
        picture_.size = size;
        picture_.pixels.resize(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
        const float depth = scene.farthest - scene.nearest;
        haze_ = depth > 0 ? haze * std::min(depth, 1.0f) / depth : 0;
    }

    Picture draw() {
        workers_.run(
            tiles_.count(), [&](int tile) { draw_tile(tile); }, "drawing", 0.65, 0.98);
        return std::move(picture_);
    }

  private:
    void draw_tile(int tile) {
        Tiles::Samples samples;
        tiles_.trace(tile, samples);
        const int left = tile % tiles_.across() * tile_pixels, top = tile / tiles_.across() * tile_pixels;
        for (int row = 0; row < tile_pixels && top + row < picture_.size; ++row) {
            workers_.check_cancelled();
            for (int column = 0; column < tile_pixels && left + column < picture_.size; ++column)
                picture_
                    .pixels[static_cast<std::size_t>(top + row) * static_cast<std::size_t>(picture_.size) +
                            static_cast<std::size_t>(left + column)] = pixel(samples, column, row, left, top);
        }
    }

    // The samples of one sphere in a pixel are lit once, in their middle.
    std::uint32_t pixel(const Tiles::Samples& samples, int column, int row, int left, int top) const {
        constexpr int all = samples_across * samples_across;
        struct Part {
            std::uint32_t sphere;
            int count;
            float columns, rows;
        };
        std::array<Part, all> parts;
        int used = 0;
        for (int i = 0; i < all; ++i) {
            const int x = column * samples_across + i % samples_across;
            const int y = row * samples_across + i / samples_across;
            const std::uint32_t sphere = samples.spheres[static_cast<std::size_t>(y * tile_samples + x)];
            if (sphere == no_sphere) continue;
            int part = 0;
            while (part < used && parts[static_cast<std::size_t>(part)].sphere != sphere) ++part;
            if (part == used) parts[static_cast<std::size_t>(used++)] = {sphere, 0, 0, 0};
            Part& own = parts[static_cast<std::size_t>(part)];
            ++own.count;
            own.columns += static_cast<float>(x);
            own.rows += static_cast<float>(y);
        }
        LinearColour sum;
        int covered = 0;
        for (int i = 0; i < used; ++i) {
            const Part& part = parts[static_cast<std::size_t>(i)];
            const auto count = static_cast<float>(part.count);
            const float u = tiles_.u_of(part.columns / count + static_cast<float>(left * samples_across));
            const float v = tiles_.v_of(part.rows / count + static_cast<float>(top * samples_across));
            const LinearColour colour = lit(part.sphere, u, v);
            sum = {sum.red + count * colour.red, sum.green + count * colour.green,
                   sum.blue + count * colour.blue};
            covered += part.count;
        }
        return encoded(sum, static_cast<float>(covered) / all, all);
    }

    LinearColour lit(std::uint32_t sphere, float u, float v) const {
        const auto& [point, normal] = hit_of(scene_.spheres[sphere], u, v, scene_.perspective);
        const LinearColour& own =
            colouring_.scale[colouring_.levels.empty() ? 0 : std::size_t{colouring_.levels[sphere]}];
        const Vector to_viewer =
            scene_.perspective ? unit(Vector{-point.x, -point.y, -point.z - eye_distance}) : Vector{0, 0, -1};
        const Vector to_lamp = unit(lamp);

        const float open = ambient_.at(point, normal);
        const float cosine = std::max(dot(normal, to_lamp), 0.0f);
        const float arriving = cosine > 0 ? lamp_.at(point, normal) : 0;
        const float sky = 0.8f + 0.2f * normal.y;  // more from above
        const float light = ambient_light * sky * open + lamp_light * cosine * arriving +
                            viewer_light * open * std::max(dot(normal, to_viewer), 0.0f);
        const float shine = gloss * arriving *
                            std::pow(std::max(dot(normal, unit(to_lamp + to_viewer)), 0.0f), gloss_sharpness);
        const LinearColour colour{own.red * light + shine, own.green * light + shine,
                                  own.blue * light + shine};
        const float depth = std::clamp(point.z - scene_.nearest, 0.0f, scene_.farthest - scene_.nearest);
        return mixed(colour, background_.colour, haze_ * depth);
    }

    // `sum` is of `all` samples, of which a part is covered by spheres.
    std::uint32_t encoded(const LinearColour& sum, float covered, int all) const {
        const auto count = static_cast<float>(all);
        const auto word = [](int alpha, int red, int green, int blue) {
            return static_cast<std::uint32_t>(alpha) << 24 | static_cast<std::uint32_t>(red) << 16 |
                   static_cast<std::uint32_t>(green) << 8 | static_cast<std::uint32_t>(blue);
        };
        if (!background_.transparent) {
            const float rest = 1 - covered;
            return word(255, to_srgb(sum.red / count + rest * background_.colour.red),
                        to_srgb(sum.green / count + rest * background_.colour.green),
                        to_srgb(sum.blue / count + rest * background_.colour.blue));
        }
        if (covered == 0) return 0;
        const auto alpha = static_cast<int>(std::lround(covered * 255));
        const auto part = [&](float linear) {
            return static_cast<int>(std::lround(to_srgb(linear / (covered * count)) * covered));
        };
        return word(alpha, part(sum.red), part(sum.green), part(sum.blue));
    }

    const Scene& scene_;
    const Colouring& colouring_;
    const Background& background_;
    const Tiles tiles_;
    const Quality& quality_;
    const Visibility ambient_, lamp_;
    Workers& workers_;
    Picture picture_;
    float haze_ = 0;  // for each length of 1
};

}  // namespace

Picture render(const Scene& scene, const Colouring& colouring, const Background& background, int size,
               Workers& workers) {
    return Renderer(scene, colouring, background, size, workers).draw();
}

}  // namespace assistd::exporting
