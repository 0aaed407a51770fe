#pragma once
// How fast clusters grow, what memory they take meanwhile, and how fast a large one is counted into boxes:
// the libraries of the plugins alone, on one thread, without a daemon. Free functions; one thread.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::bench {

struct ScienceSettings {
    std::size_t largest = 1'000'000;  // particles; larger cases are left out
    int clusters = 10;                // of each tunable case, of which the median counts
    std::uint64_t seed = 1;
};

struct GrowthCost {
    std::string what;  // "DLA 2-D"
    std::size_t particles = 0;
    double seconds = 0;             // of processor time
    double bytes_per_particle = 0;  // 0: not known
    double goal_s = 0;              // 0: there is none
};

struct BoxCountingCost {
    std::size_t particles = 0;
    double seconds = 0;
    double df = 0;
};

struct ScienceFigures {
    std::vector<GrowthCost> growth;
    std::vector<GrowthCost> tunable;  // seconds: the median
    std::vector<BoxCountingCost> box_counting;
};

// `note` hears what is measured next.
ScienceFigures measure_science(const ScienceSettings& settings,
                               const std::function<void(std::string_view)>& note);
std::string as_table(const ScienceFigures& figures);

}  // namespace assistd::bench
