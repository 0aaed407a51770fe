#pragma once
// N and Rg of every cluster that came to be on the way to the last one, gathered in at most 200 steps that
// are even in ln N: cluster-cluster growth has no Rg(N) of one cluster, so this stands in its place. A step's
// Rg is the geometric mean over its clusters, which is what a fit of ln N over ln Rg wants. Belongs to one
// run.

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/growth_statistics.h"

namespace assistd::simulation {

class MergeRecord {
  public:
    explicit MergeRecord(std::size_t expected)
        : per_step_(std::log(static_cast<double>(std::max<std::size_t>(expected, 2))) / (steps - 2)),
          steps_(steps) {}

    void add(std::size_t particles, double radius_of_gyration) {
        const double log_n = std::log(static_cast<double>(particles));
        const auto at = static_cast<std::size_t>(log_n / per_step_ + 1e-9);
        Step& step = steps_[std::min(at, steps_.size() - 1)];
        ++step.count;
        step.log_n += log_n;
        step.log_rg += std::log(radius_of_gyration);
    }

    // Of the clusters smaller than the last one, and then that one.
    std::vector<GrowthPoint> evolution(std::size_t particles, double radius_of_gyration) const {
        std::vector<GrowthPoint> points;
        for (const Step& step : steps_) {
            if (step.count == 0) continue;
            const double count = static_cast<double>(step.count);
            const auto mean = static_cast<std::size_t>(std::lround(std::exp(step.log_n / count)));
            if (mean >= particles) break;
            points.push_back({mean, std::exp(step.log_rg / count)});
        }
        points.push_back({particles, radius_of_gyration});
        return points;
    }

  private:
    static constexpr std::size_t steps = 199;
    struct Step {
        std::size_t count = 0;
        double log_n = 0;
        double log_rg = 0;
    };

    double per_step_;
    std::vector<Step> steps_;
};

}  // namespace assistd::simulation
