#include "measure/neighbours.h"

#include <algorithm>

namespace assistd::simulation {

// Class n holds the radii up to 2^n, in cells of twice that.
Neighbours::SizeClass Neighbours::class_of(double radius) {
    int number = 0;
    std::frexp(radius * (1 - 1e-12), &number);
    return {number, std::ldexp(2.0, number), radius};
}

std::uint64_t Neighbours::key_of(int number, std::int64_t i, std::int64_t j, std::int64_t k) {
    std::uint64_t key = 0;
    for (const std::int64_t part : {static_cast<std::int64_t>(number), i, j, k}) {
        key = (key ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15;
        key ^= key >> 32;
    }
    return key * 0x9e3779b97f4a7c15;
}

std::uint64_t Neighbours::key_of_particle(std::size_t id) const {
    const Particle& particle = particles_[id];
    const SizeClass sizes = class_of(particle.radius);
    const auto cell = [&](double at) { return static_cast<std::int64_t>(std::floor(at / sizes.side)); };
    return key_of(sizes.number, cell(particle.x), cell(particle.y), cell(particle.z));
}

Neighbours::Neighbours(std::span<const Particle> particles, Observer& observer) : particles_(particles) {
    int bits = 4;
    while ((std::size_t{1} << bits) < particles.size()) ++bits;
    shift_ = 64 - bits;
    first_.assign(std::size_t{1} << bits, -1);
    next_.assign(particles.size(), -1);
    for (std::size_t id = 0; id < particles.size(); ++id) {
        if ((id & 0xffff) == 0 && observer.should_stop()) throw Stopped();
        flat_ = flat_ && particles[id].z == 0;
        const SizeClass sizes = class_of(particles[id].radius);
        const auto found = std::find_if(classes_.begin(), classes_.end(),
                                        [&](const SizeClass& each) { return each.number == sizes.number; });
        if (found == classes_.end())
            classes_.push_back(sizes);
        else
            found->largest = std::max(found->largest, sizes.largest);
        std::int32_t& first = first_[slot_of(key_of_particle(id))];
        next_[id] = first;
        first = static_cast<std::int32_t>(id);
    }
}

}  // namespace assistd::simulation
