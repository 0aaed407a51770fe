#pragma once
// The growth of an ensemble of clusters, as one curve: mean ln Rg over the clusters at each N. Its fit is
// what literature gives for a model; fits of single small clusters come out lower, since their Rg scatters
// and a straight line through scattered abscissae is too flat. A value.

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "measure/growth_fit.h"

namespace assistd::simulation {

class MeanGrowth {
  public:
    void add(const std::vector<GrowthPoint>& growth) {
        for (const GrowthPoint& point : growth) {
            auto& [sum, count] = logs_[point.particles];
            sum += std::log(point.radius_of_gyration);
            ++count;
        }
    }
    GrowthFit fit() const {
        std::vector<GrowthPoint> mean;
        for (const auto& [n, log] : logs_) mean.push_back({n, std::exp(log.first / log.second)});
        return fit_growth(mean);
    }

  private:
    std::map<std::size_t, std::pair<double, int>> logs_;
};

}  // namespace assistd::simulation
