// A NumPy file, format version 1.0: one array of doubles, N x 4, with the columns x, y, z, radius.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include "geometry/format.h"

namespace assistd::exporting {
namespace {

std::string header(std::size_t count) {
    std::string dictionary =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(count) + ", 4), }";
    // Magic (6), version (2) and length (2) with the dictionary fill a multiple of 64 bytes and end in a
    // newline.
    dictionary.append(63 - (10 + dictionary.size()) % 64, ' ');
    dictionary += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(dictionary.size() & 0xff);
    bytes += static_cast<char>(dictionary.size() >> 8);
    return bytes + dictionary;
}

void write_npy(const Geometry& geometry, TextSink& file, const Progress& progress) {
    file << header(geometry.particles.size());
    for_each_particle(geometry, progress, [&](const Particle& particle) {
        for (const double value : {particle.x, particle.y, particle.z, particle.radius}) file.put(value);
    });
}

}  // namespace

const GeometryFormat npy_format{
    "npy",    "npy", "application/x-npy", GeometryFormat::Content::binary, GeometryFormat::Spheres::points,
    write_npy};

}  // namespace assistd::exporting
