#include "measure/growth_fit.h"

#include <algorithm>
#include <cmath>

namespace assistd::simulation {

namespace {
// The spheres' own size is most of the Rg of fewer: three layers of a tetrahedron would have "Df 4.96".
constexpr std::size_t fewest_particles = 10;

std::size_t first_used(std::size_t particles) {
    if (particles < 100) return std::max<std::size_t>(2, particles / 10);
    return std::max<std::size_t>(10, particles / 100);
}
}  // namespace

double GrowthFit::decades() const {
    return valid ? std::log10(static_cast<double>(last_particles) / static_cast<double>(first_particles)) : 0;
}

GrowthFit fit_growth(const std::vector<GrowthPoint>& growth) {
    GrowthFit fit;
    if (growth.empty() || growth.back().particles < fewest_particles) return fit;
    const std::size_t first = first_used(growth.back().particles);
    std::vector<double> x, y;
    for (const GrowthPoint& point : growth) {
        if (point.particles < first) continue;
        if (x.empty()) fit.first_particles = point.particles;
        x.push_back(std::log(point.radius_of_gyration));
        y.push_back(std::log(static_cast<double>(point.particles)));
    }
    const double count = static_cast<double>(x.size());
    if (x.size() < 3) return fit;
    double mean_x = 0, mean_y = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        mean_x += x[i] / count;
        mean_y += y[i] / count;
    }
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    if (xx <= 0 || yy <= 0) return fit;
    const double residual = std::max(0.0, yy - xy * xy / xx);
    const double variance = residual / (count - 2);
    fit.valid = true;
    fit.last_particles = growth.back().particles;
    fit.df = xy / xx;
    fit.df_stderr = std::sqrt(variance / xx);
    fit.kf = std::exp(mean_y - fit.df * mean_x);
    fit.kf_stderr = fit.kf * std::sqrt(variance * (1 / count + mean_x * mean_x / xx));
    fit.r_squared = 1 - residual / yy;
    return fit;
}

}  // namespace assistd::simulation
