#include "science.h"

#include <time.h>

#include <algorithm>
#include <cstdio>

#include "algorithms/cca.h"
#include "algorithms/dla.h"
#include "algorithms/tunable.h"
#include "box_counting.h"

namespace assistd::bench {
namespace {

namespace sim = assistd::simulation;

class Silent : public sim::Observer {
  public:
    void on_progress(std::size_t, double) override {}
    bool should_stop() override { return false; }
};

// Of this thread's processor time, so that what else runs on the machine counts for little.
template <typename Work>
double seconds_of(Work&& work) {
    const auto used = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    const double start = used();
    work();
    return used() - start;
}

struct DlaCase {
    int dimensions;
    std::size_t particles;
    double goal_s;
};
// A third of fastDLA's 12.65 s, a thirtieth of dlaf's 32.6 s.
constexpr DlaCase dla_cases[] = {{2, 10'000, 0}, {2, 100'000, 0},         {2, 1'000'000, 12.65 / 3},
                                 {3, 10'000, 0}, {3, 100'000, 32.6 / 30}, {3, 1'000'000, 20}};
constexpr std::size_t cca_particles = 10'000;
constexpr std::size_t tunable_particles = 1024;
constexpr double tunable_goal_s = 0.1;

struct TunableCase {
    double df, kf, sigma_g;
    bool has_goal;
};
constexpr TunableCase tunable_cases[] = {
    {1.79, 1.40, 1, true}, {2.40, 0.80, 1, true}, {1.68, 0.98, 2, false}};

void measure_dla(const ScienceSettings& settings, const std::function<void(std::string_view)>& note,
                 ScienceFigures& figures) {
    for (const DlaCase& each : dla_cases) {
        if (each.particles > settings.largest) continue;
        const std::string what = "DLA " + std::to_string(each.dimensions) + "-D";
        note(what + " of " + std::to_string(each.particles));
        sim::DlaParameters parameters;
        parameters.dimensions = each.dimensions;
        parameters.n_particles = each.particles;
        parameters.seed = settings.seed;
        Silent observer;
        sim::Cluster cluster;
        const double seconds = seconds_of([&] { cluster = sim::grow_dla(parameters, observer); });
        figures.growth.push_back(
            {what, each.particles, seconds, cluster.growth_bytes_per_particle, each.goal_s});
        if (each.dimensions != 3) continue;
        note("box counting of these");
        assistd::analysis::BoxCounting counted;
        const auto ignore = [](double) {};
        const double took = seconds_of(
            [&] { counted = assistd::analysis::count_and_fit(std::move(cluster.particles), {}, ignore); });
        figures.box_counting.push_back({each.particles, took, counted.df});
    }
}

void measure_cca(const ScienceSettings& settings, const std::function<void(std::string_view)>& note,
                 ScienceFigures& figures) {
    if (cca_particles > settings.largest) return;
    note("DLCA 3-D of " + std::to_string(cca_particles));
    sim::CcaParameters parameters;
    parameters.n_particles = cca_particles;
    parameters.seed = settings.seed;
    Silent observer;
    const double seconds = seconds_of([&] { sim::grow_cca(parameters, observer); });
    figures.growth.push_back({"DLCA 3-D", cca_particles, seconds, 0, 0});
}

GrowthCost measure_tunable(const ScienceSettings& settings, const TunableCase& wanted, bool clusters) {
    std::vector<double> times;
    for (int i = 0; i < settings.clusters; ++i) {
        sim::TunableParameters parameters;
        parameters.n_particles = tunable_particles;
        parameters.target_df = wanted.df;
        parameters.target_kf = wanted.kf;
        parameters.cluster_cluster = clusters;
        if (wanted.sigma_g > 1) parameters.sizes = {sim::SizeLaw::Kind::lognormal, 1, 1, wanted.sigma_g};
        parameters.seed = settings.seed + static_cast<std::uint64_t>(i);
        Silent observer;
        times.push_back(seconds_of([&] { sim::grow_tunable(parameters, observer); }));
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    char what[96];
    std::snprintf(what, sizeof what, "%s, Df %.2f, kf %.2f, sigma_g %g",
                  clusters ? "cluster-cluster" : "particle-cluster", wanted.df, wanted.kf, wanted.sigma_g);
    return {what, tunable_particles, times[times.size() / 2], 0, wanted.has_goal ? tunable_goal_s : 0};
}

}  // namespace

ScienceFigures measure_science(const ScienceSettings& settings,
                               const std::function<void(std::string_view)>& note) {
    ScienceFigures figures;
    measure_dla(settings, note, figures);
    measure_cca(settings, note, figures);
    for (const TunableCase& wanted : tunable_cases) {
        for (const bool clusters : {false, true}) {
            note("tunable clusters");
            figures.tunable.push_back(measure_tunable(settings, wanted, clusters));
        }
    }
    return figures;
}

}  // namespace assistd::bench
