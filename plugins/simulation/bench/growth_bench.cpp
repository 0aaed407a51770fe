// Prints how fast clusters grow on one thread: particles per second, walker steps and memory for each
// particle.
//     assistd-simulation-bench [dimensions [particles [seed]]]
// Without arguments: 2-D and 3-D at N = 1e4, 1e5 and 1e6.

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "algorithms/dla.h"

namespace {

using namespace assistd::simulation;

class Silent : public Observer {
  public:
    void on_progress(std::size_t, double) override {}
    bool should_stop() override { return false; }
};

void measure(int dimensions, std::size_t particles, std::uint64_t seed) {
    DlaParameters parameters;
    parameters.dimensions = dimensions;
    parameters.n_particles = particles;
    parameters.seed = seed;
    Silent observer;
    const auto start = std::chrono::steady_clock::now();
    const Cluster cluster = grow_dla(parameters, observer);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const double n = static_cast<double>(particles);
    std::printf("DLA %d-D  N = %8zu  %8.3f s  %9.0f particles/s  %5.1f steps  %5.1f bytes  Rg %.1f\n",
                dimensions, particles, took.count(), n / took.count(),
                static_cast<double>(cluster.walker_steps) / n, cluster.growth_bytes_per_particle,
                cluster.growth.back().radius_of_gyration);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    if (argc > 2) {
        measure(std::atoi(argv[1]), static_cast<std::size_t>(std::strtod(argv[2], nullptr)), seed);
        return 0;
    }
    for (int dimensions : {2, 3}) {
        if (argc > 1 && std::atoi(argv[1]) != dimensions) continue;
        for (std::size_t particles : {10'000, 100'000, 1'000'000}) measure(dimensions, particles, seed);
    }
    return 0;
}
