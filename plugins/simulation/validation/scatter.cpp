// How much the Df of single clusters of one kind differ from seed to seed, at several sizes. The export
// plugin's reports judge by it (plugins/export/report/own_clusters.cpp holds the same numbers).

#include <chrono>
#include <functional>
#include <iostream>

#include "algorithms/cca.h"
#include "ensembles.h"
#include "measure/growth_fit.h"

namespace assistd::simulation {
namespace {

struct Kind {
    const char* name;
    std::size_t largest;
    std::function<Cluster(std::size_t particles, std::uint64_t seed)> grow;
};

std::vector<Kind> kinds() {
    using namespace std::placeholders;
    return {{"DLA, 2-D", 100'000, std::bind(dla, 2, _1, _2)},
            {"DLA, 3-D", 100'000, std::bind(dla, 3, _1, _2)},
            {"DLCA, 3-D", 3000, std::bind(cca, 1.0, _1, _2)},
            {"RLCA, 3-D", 3000, std::bind(cca, reaction_limit, _1, _2)},
            {"ballistic particle-cluster, 2-D", 100'000, std::bind(ballistic, 2, _1, _2)},
            {"ballistic particle-cluster, 3-D", 100'000, std::bind(ballistic, 3, _1, _2)},
            {"ballistic cluster-cluster, 3-D", 10'000, ballistic_cc},
            {"Eden, 2-D", 100'000, std::bind(eden, 2, _1, _2)},
            {"Eden, 3-D", 100'000, std::bind(eden, 3, _1, _2)}};
}

constexpr std::size_t sizes[] = {100, 300, 1000, 3000, 10'000, 100'000};
constexpr int most_seeds = 64;
constexpr int seeds_of_large = 16;  // of 100,000 particles

std::string row_of(const Kind& kind, std::size_t particles) {
    const int seeds = particles < 100'000 ? most_seeds : seeds_of_large;
    std::vector<double> df;
    for (int seed = 1; seed <= seeds; ++seed)
        df.push_back(fit_growth(kind.grow(particles, static_cast<std::uint64_t>(seed)).growth).df);
    const Spread spread = spread_of(df);
    return formatted("| %s | %zu | %d | %.3f ± %.3f | %.3f |\n", kind.name, particles, seeds, spread.mean,
                     spread.error, spread.deviation);
}

}  // namespace

std::string scatter_table() {
    std::string text =
        "| model | N | seeds | Df of single clusters (mean ± its error) | their spread |\n"
        "|---|---|---|---|---|\n";
    for (const Kind& kind : kinds())
        for (const std::size_t particles : sizes) {
            if (particles > kind.largest) continue;
            const auto start = std::chrono::steady_clock::now();
            text += row_of(kind, particles);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            std::cerr << kind.name << ", " << particles << ": " << took.count() << " s\n";
        }
    return text;
}

}  // namespace assistd::simulation
