#include "algorithms/tunable.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <span>

#include "algorithms/tunable_merge.h"
#include "algorithms/tunable_particle.h"

namespace assistd::simulation {

namespace {

constexpr int most_attempts = 100;
// Of all attempts together: some seconds.
constexpr double most_contacts = 2e6;
constexpr double most_work = 2e8;
constexpr double most_work_of_a_sphere = 400;  // added for each, for large clusters
constexpr int new_radii_every = 5;
constexpr int tries_per_pair = 400;
constexpr int tries_when_relaxing = 60;

// Mean Rg of the clusters of each size on the way.
class MeanGrowth {
  public:
    void add(std::size_t particles, double rg_squared) {
        Sum& sum = sums_[particles];
        sum.rg_squared += rg_squared;
        ++sum.count;
    }
    std::vector<GrowthPoint> points() const {
        std::vector<GrowthPoint> points;
        for (const auto& [particles, sum] : sums_)
            points.push_back({particles, std::sqrt(sum.rg_squared / static_cast<double>(sum.count))});
        return points;
    }

  private:
    struct Sum {
        double rg_squared = 0;
        std::size_t count = 0;
    };
    std::map<std::size_t, Sum> sums_;
};

class Tunable {
  public:
    Tunable(const TunableParameters& parameters, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(parameters.seed),
          merge_(parameters.sintering, random_, observer) {}

    TunableCluster run() {
        refuse_impossible();
        TunableCluster result;
        result.target_rg = std::pow(static_cast<double>(parameters_.n_particles) / parameters_.target_kf,
                                    1 / parameters_.target_df);
        for (result.attempts = 1;; ++result.attempts) {
            if (result.attempts % new_radii_every == 1) draw_radii();
            shuffle(radii_);
            if (parameters_.cluster_cluster ? by_clusters(result) : by_particles(result)) return result;
            if (result.attempts >= most_attempts || spent()) refuse(result.attempts);
        }
    }

  private:
    TunableLaw law() const { return {parameters_.target_df, parameters_.target_kf, mean_mass_}; }

    template <typename T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t left = values.size(); left > 1; --left)
            std::swap(values[left - 1], values[static_cast<std::size_t>(random_.next() % left)]);
    }

    void draw_radii() {
        radii_.resize(parameters_.n_particles);
        double sum = 0;
        for (double& radius : radii_) {
            radius = parameters_.sizes.draw(random_);
            sum += std::log(radius);
        }
        const double count = static_cast<double>(radii_.size());
        const double mean = std::exp(sum / count);
        mean_mass_ = 0;
        for (double& radius : radii_) {
            // Rounded to float, which is how radii are kept.
            if (mean != 1) radius = static_cast<double>(static_cast<float>(radius / mean));
            mean_mass_ += radius * radius * radius / count;
        }
    }

    bool by_particles(TunableCluster& result) {
        GrownBody grown =
            grow_by_particles(radii_, {law(), parameters_.sintering, true}, random_, observer_, true);
        contacts_ += grown.work;
        hindrance_ = grown.hindrance;
        if (hindrance_ != Hindrance::none) return false;
        finish(result, grown.body, std::move(grown.growth));
        return true;
    }

    bool by_clusters(TunableCluster& result) {
        MeanGrowth growth;
        std::vector<Body> clusters;
        if (!grow_seeds(clusters, growth)) return false;
        while (clusters.size() > 1) {
            shuffle(clusters);
            std::vector<Body> joined;
            while (clusters.size() > 1) {
                Body one = std::move(clusters.back());
                clusters.pop_back();
                if (!join_one(one, clusters, clusters.size() == 1 && joined.empty())) return false;
                growth.add(one.size(), one.bulk.rg_squared);
                observer_.on_progress(parameters_.n_particles - clusters.size() - joined.size(), 0);
                joined.push_back(std::move(one));
            }
            if (!clusters.empty()) joined.push_back(std::move(clusters.back()));
            clusters = std::move(joined);
        }
        finish(result, clusters.front(), growth.points());
        return true;
    }

    bool grow_seeds(std::vector<Body>& clusters, MeanGrowth& growth) {
        const std::size_t n = parameters_.n_particles;
        const std::size_t wanted =
            parameters_.seed_cluster_size > 0 ? parameters_.seed_cluster_size : seed_cluster_size_for(n);
        const std::size_t count = std::max<std::size_t>(1, (n + wanted / 2) / wanted);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t begin = n * i / count, end = n * (i + 1) / count;
            const std::span<const double> radii(radii_.data() + begin, end - begin);
            GrownBody grown = grow_by_particles(radii, {law(), parameters_.sintering, count == 1}, random_,
                                                observer_, false);
            hindrance_ = grown.hindrance;
            if (hindrance_ != Hindrance::none) return false;
            for (const GrowthPoint& point : grown.growth)
                growth.add(point.particles, point.radius_of_gyration * point.radius_of_gyration);
            clusters.push_back(std::move(grown.body));
        }
        return true;
    }

    // Joins `one` with one of the others, which is taken out.
    bool join_one(Body& one, std::vector<Body>& others, bool last) {
        for (std::size_t at = others.size(); at-- > 0;) {
            if (spent()) return false;
            if (!join(one, others[at], 1, tries_per_pair)) continue;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(at));
            return true;
        }
        if (last) return false;
        // No pair keeps the law here; what is joined later makes up for it.
        for (int step = 1; step <= 40; ++step) {
            const double factor = hindrance_ == Hindrance::too_open ? 1 - 0.02 * step : 1 + 0.05 * step;
            if (!join(one, others.back(), factor, tries_when_relaxing)) continue;
            others.pop_back();
            return true;
        }
        return false;
    }

    bool join(Body& one, Body& other, double factor, int tries) {
        const double square = law().merge_distance_squared(one.bulk, other.bulk);
        const double gamma = factor * std::sqrt(std::max(square, 1e-6));
        if (square <= 0 && factor == 1) {
            hindrance_ = Hindrance::too_compact;
            return false;
        }
        if (one.size() < other.size()) std::swap(one, other);
        hindrance_ = merge_.join(one, other, gamma, tries);
        return hindrance_ == Hindrance::none;
    }

    void finish(TunableCluster& result, const Body& body, std::vector<GrowthPoint> growth) const {
        Cluster& cluster = result.cluster;
        cluster.dimensions = 3;
        cluster.growth = std::move(growth);
        for (std::size_t i = 0; i < body.size(); ++i)
            cluster.particles.push_back(
                {body.centres[i][0], body.centres[i][1], body.centres[i][2], body.radii[i], body.parents[i]});
    }

    bool spent() const {
        const double joining =
            most_work + most_work_of_a_sphere * static_cast<double>(parameters_.n_particles);
        return contacts_ > most_contacts || merge_.work() > joining;
    }
    void refuse_impossible() const;
    std::string wanted() const;
    std::string count() const { return std::to_string(parameters_.n_particles); }
    static std::string number(double value) {
        char text[32];
        std::snprintf(text, sizeof text, "%.4g", value);
        return text;
    }
    [[noreturn]] void refuse(int attempts) const;

    const TunableParameters& parameters_;
    Observer& observer_;
    Random random_;
    TunableMerge merge_;
    std::vector<double> radii_;
    double mean_mass_ = 1;
    double contacts_ = 0;
    Hindrance hindrance_ = Hindrance::none;
};

// Equal spheres: no touching spheres have a greater Rg than a straight chain, none a smaller one than the
// densest packing in a ball (pi/sqrt(18) of space).
void Tunable::refuse_impossible() const {
    if (parameters_.sizes.kind != SizeLaw::Kind::equal) return;
    const double n = static_cast<double>(parameters_.n_particles);
    const double rg = std::pow(n / parameters_.target_kf, 1 / parameters_.target_df);
    const double s = parameters_.sintering;
    const double chain = std::sqrt(s * s * (n * n - 1) / 3 + 0.6);
    const double ball = s * std::sqrt(0.6) * std::cbrt(n / 0.74048);
    if (rg > chain * (1 + 1e-9))
        throw OutOfReach("target_kf", wanted() + ", but " + count() +
                                          " touching spheres reach at most Rg = " + number(chain) +
                                          " a, as a straight chain. Raise target_kf or target_df.");
    if (rg < ball)
        throw OutOfReach("target_kf", wanted() + ", but " + count() +
                                          " spheres in the densest packing have Rg = " + number(ball) +
                                          " a. Lower target_kf or target_df.");
}

void Tunable::refuse(int attempts) const {
    const bool open = hindrance_ == Hindrance::too_open;
    std::string sentence = wanted() + ", and no such cluster was found in " + std::to_string(attempts) +
                           (attempts == 1 ? " attempt: " : " attempts: ");
    sentence += open ? "the parts do not reach each other at the distance that this takes. Raise target_kf "
                       "or target_df"
                     : "the parts overlap at the distance that this takes. Lower target_kf or target_df";
    if (!open && parameters_.cluster_cluster) sentence += ", or take the method particle_cluster";
    if (parameters_.sizes.kind != SizeLaw::Kind::equal) sentence += ", or a smaller sigma_g";
    throw OutOfReach("target_kf", sentence + ".");
}

std::string Tunable::wanted() const {
    const double n = static_cast<double>(parameters_.n_particles);
    return "target_df = " + number(parameters_.target_df) +
           " and target_kf = " + number(parameters_.target_kf) +
           " ask for Rg = " + number(std::pow(n / parameters_.target_kf, 1 / parameters_.target_df)) +
           " a of " + count() + " spheres";
}

}  // namespace

std::size_t seed_cluster_size_for(std::size_t n_particles) {
    if (n_particles < 50) return 5;
    return n_particles > 500 ? 50 : n_particles / 10;
}

TunableCluster grow_tunable(const TunableParameters& parameters, Observer& observer) {
    return Tunable(parameters, observer).run();
}

}  // namespace assistd::simulation
