#pragma once
// What the tables of README.md are made from: clusters as the tools grow them with their defaults, and how
// far numbers of several of them lie apart. Values and pure functions.

#include <cstdio>
#include <string>
#include <vector>

#include "engine/cluster.h"
#include "engine/observer.h"

namespace assistd::simulation {

class Silent : public Observer {
  public:
    void on_progress(std::size_t, double) override {}
    bool should_stop() override { return false; }
};

template <typename... Values>
std::string formatted(const char* format, Values... values) {
    char text[320];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

struct Spread {
    double mean = 0;
    double deviation = 0;
    double error = 0;  // of the mean
};
Spread spread_of(const std::vector<double>& values);

Cluster dla(int dimensions, std::size_t particles, std::uint64_t seed);
Cluster cca(double sticking, std::size_t particles, std::uint64_t seed);
Cluster ballistic(int dimensions, std::size_t particles, std::uint64_t seed);
Cluster ballistic_cc(std::size_t particles, std::uint64_t seed);
Cluster eden(int dimensions, std::size_t particles, std::uint64_t seed);

// The section of README.md that scatter.cpp writes.
std::string scatter_table();

}  // namespace assistd::simulation
