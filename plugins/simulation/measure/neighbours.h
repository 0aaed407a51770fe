#pragma once
// Finds the particles near a place in a finished geometry of any kind: a hash table of cells, one set of
// cells for each class of sizes. Holds a reference to the particles; reading is safe from several threads.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <assistd/particles.hpp>

#include "engine/observer.h"

namespace assistd::simulation {

class Neighbours {
  public:
    // Throws Stopped.
    Neighbours(std::span<const Particle> particles, Observer& observer);

    // Calls visit(index) for each particle of at least the radius `smallest` whose centre is nearer to
    // (x, y, z) than `reach + its radius`, each once, and for some others. The time goes with the number of
    // cells within reach, so `reach` should not be much above `smallest`.
    template <typename Visit>
    void visit(double x, double y, double z, double reach, double smallest, Visit&& visit) const {
        for (const SizeClass& sizes : classes_) {
            if (sizes.largest < smallest) continue;
            const double wide = reach + sizes.largest;
            const auto cell = [&](double at) {
                return static_cast<std::int64_t>(std::floor(at / sizes.side));
            };
            const std::int64_t z_last = flat_ ? cell(z) : cell(z + wide);
            for (std::int64_t k = flat_ ? cell(z) : cell(z - wide); k <= z_last; ++k)
                for (std::int64_t j = cell(y - wide), y_last = cell(y + wide); j <= y_last; ++j)
                    for (std::int64_t i = cell(x - wide), x_last = cell(x + wide); i <= x_last; ++i)
                        visit_cell(sizes, i, j, k, visit);
        }
    }

  private:
    struct SizeClass {
        int number = 0;
        double side = 1;
        double largest = 0;
    };

    static SizeClass class_of(double radius);
    static std::uint64_t key_of(int number, std::int64_t i, std::int64_t j, std::int64_t k);
    std::size_t slot_of(std::uint64_t key) const { return key >> shift_; }

    // Cells that share a slot are told apart by where the particle really is.
    template <typename Visit>
    void visit_cell(const SizeClass& sizes, std::int64_t i, std::int64_t j, std::int64_t k,
                    Visit&& visit) const {
        const std::uint64_t key = key_of(sizes.number, i, j, k);
        for (std::int32_t id = first_[slot_of(key)]; id >= 0; id = next_[static_cast<std::size_t>(id)])
            if (key_of_particle(static_cast<std::size_t>(id)) == key) visit(static_cast<std::size_t>(id));
    }
    std::uint64_t key_of_particle(std::size_t id) const;

    std::span<const Particle> particles_;
    bool flat_ = true;  // all z are 0
    int shift_ = 63;
    std::vector<SizeClass> classes_;
    std::vector<std::int32_t> first_;
    std::vector<std::int32_t> next_;
};

}  // namespace assistd::simulation
