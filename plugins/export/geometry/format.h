#pragma once
// The file formats of particle geometry. A format is one file in this folder that defines a GeometryFormat,
// and one line in formats.cpp. Values and pure functions; one call's thread.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assistd/particles.hpp"
#include "properties.h"
#include "text_sink.h"

namespace assistd::exporting {

struct Geometry {
    std::string source;  // the simulation's handle
    std::span<const Particle> particles;
    std::vector<Property> properties;
    std::string length_unit;
    std::optional<int> resolution;  // of meshes; none: as fine as a file of moderate size allows
};

// Called after each few thousand particles with the fraction done; throws to end the work.
using Progress = std::function<void(double fraction)>;

struct GeometryFormat {
    std::string_view name;  // as in the tool's arguments
    std::string_view extension;
    std::string_view media_type;
    enum class Content { text, binary } content;
    // What each particle is in the file.
    enum class Spheres { points, meshes } spheres;
    // Throws Failure when the geometry does not fit the format.
    void (*write)(const Geometry& geometry, TextSink& file, const Progress& progress);
};

extern const GeometryFormat csv_format;
extern const GeometryFormat hdf5_format;
extern const GeometryFormat npy_format;
extern const GeometryFormat obj_format;
extern const GeometryFormat ply_format;
extern const GeometryFormat stl_format;
extern const GeometryFormat vtp_format;
extern const GeometryFormat xyz_format;

// Null when there is no such format.
const GeometryFormat* find_geometry_format(std::string_view name);

// Calls write(particle) for each particle, and progress now and then.
template <typename Write>
void for_each_particle(const Geometry& geometry, const Progress& progress, Write write) {
    const std::size_t count = geometry.particles.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 8192 == 0) progress(static_cast<double>(i) / static_cast<double>(count));
        write(geometry.particles[i]);
    }
}

}  // namespace assistd::exporting
