#pragma once
// The random numbers of a run: xoshiro256++ seeded through splitmix64, with distributions of our own, because
// those of the standard library differ from one library to the next and a seed must always give the same
// cluster. Only
// +, -, *, / and the square root are used where positions are made; IEEE 754 fixes their results to the last
// bit. One object belongs to one run and one thread.

#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/vector.h"

namespace assistd::simulation {

class Random {
  public:
    explicit Random(std::uint64_t seed) {
        for (std::uint64_t& word : state_) {
            seed += 0x9e3779b97f4a7c15;
            std::uint64_t mixed = seed;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            word = mixed ^ (mixed >> 31);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // In [0, 1), 53 bits.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    // Standard normal (Marsaglia's polar method; the second value is thrown away, so that a draw has no
    // memory).
    double normal() {
        for (;;) {
            const double x = uniform(-1, 1);
            const double y = uniform(-1, 1);
            const double square = x * x + y * y;
            if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
        }
    }

    // A unit vector, every direction alike.
    template <int D>
    Vec<D> direction() {
        static_assert(D == 2 || D == 3);
        double x, y, square;
        do {
            const std::uint64_t bits = next();
            x = static_cast<double>(static_cast<std::int32_t>(bits)) * 0x1p-31;
            y = static_cast<double>(static_cast<std::int32_t>(bits >> 32)) * 0x1p-31;
            square = x * x + y * y;
        } while (square >= 1 || square < 0x1p-50);
        if constexpr (D == 2) {
            // The angle doubled: uniform as well, and the square root is saved.
            const double scale = 1 / square;
            return {{(x * x - y * y) * scale, 2 * x * y * scale}};
        } else {
            const double scale = 2 * std::sqrt(1 - square);
            return {{x * scale, y * scale, 1 - 2 * square}};
        }
    }

  private:
    std::uint64_t state_[4];
};

}  // namespace assistd::simulation
