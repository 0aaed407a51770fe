#pragma once
// The form in which particle geometry passes between plugins: an artifact of kind "simulation" whose bytes
// are a NumPy file (format version 1.0) with one structured record per particle,
//     [('x','<f8'), ('y','<f8'), ('z','<f8'), ('r','<f8'), ('parent','<i4'), ('pad','<i4')]
// so that numpy.load() reads it as it is. Lengths are in units of the primary particle radius a unless the
// metadata says otherwise; z is 0 in two dimensions; parent is the index of the particle that this one stuck
// to
// (-1 for a seed). Particles stand in the order in which they were placed.

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assistd {

struct Particle {
    double x = 0;
    double y = 0;
    double z = 0;
    double radius = 1;
    std::int32_t parent = -1;
    std::int32_t pad = 0;
};
static_assert(sizeof(Particle) == 40, "the record of the file format");

inline constexpr std::string_view particle_media_type = "application/x-npy";

namespace detail {
inline std::string npy_header(std::size_t count) {
    std::string dictionary =
        "{'descr': [('x', '<f8'), ('y', '<f8'), ('z', '<f8'), ('r', '<f8'), ('parent', '<i4'), ('pad', "
        "'<i4')], "
        "'fortran_order': False, 'shape': (" +
        std::to_string(count) + ",), }";
    // Magic (6), version (2) and length (2) with the dictionary fill a multiple of 64 bytes and end in a
    // newline.
    dictionary.append(63 - (10 + dictionary.size()) % 64, ' ');
    dictionary += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(dictionary.size() & 0xff);
    header += static_cast<char>(dictionary.size() >> 8);
    return header + dictionary;
}

inline void write_all(int fd, const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
        const ssize_t put = ::write(fd, at, size);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            throw std::runtime_error(std::string("The particles cannot be written: ") + std::strerror(errno));
        at += put;
        size -= static_cast<std::size_t>(put);
    }
}
}  // namespace detail

// Throws std::runtime_error when the descriptor takes no more.
inline void write_particles(int fd, std::span<const Particle> particles) {
    const std::string header = detail::npy_header(particles.size());
    detail::write_all(fd, header.data(), header.size());
    detail::write_all(fd, particles.data(), particles.size_bytes());
}

// The file as text, for tests and small files.
inline std::string particle_file(std::span<const Particle> particles) {
    std::string bytes = detail::npy_header(particles.size());
    return bytes.append(reinterpret_cast<const char*>(particles.data()), particles.size_bytes());
}

// Throws std::runtime_error with a sentence when the bytes are not such a file.
inline std::vector<Particle> read_particles(std::string_view bytes) {
    const std::string wrong = "This is no particle geometry (a NumPy file of x, y, z, r, parent).";
    if (bytes.size() < 10 || bytes.substr(0, 8) != std::string_view("\x93NUMPY\x01\x00", 8))
        throw std::runtime_error(wrong);
    const std::size_t length = static_cast<unsigned char>(bytes[8]) | static_cast<unsigned char>(bytes[9])
                                                                          << 8;
    if (bytes.size() < 10 + length || (bytes.size() - 10 - length) % sizeof(Particle) != 0)
        throw std::runtime_error(wrong);
    const std::size_t count = (bytes.size() - 10 - length) / sizeof(Particle);
    if (bytes.substr(0, 10 + length) != detail::npy_header(count)) throw std::runtime_error(wrong);
    std::vector<Particle> particles(count);
    std::memcpy(particles.data(), bytes.data() + 10 + length, count * sizeof(Particle));
    return particles;
}

}  // namespace assistd
