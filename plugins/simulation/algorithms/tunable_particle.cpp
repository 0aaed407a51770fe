#include "algorithms/tunable_particle.h"

#include <algorithm>
#include <cmath>

#include "engine/frame.h"
#include "engine/free_arcs.h"
#include "engine/occupancy_index.h"

namespace assistd::simulation {

namespace {

constexpr double finest_cell = 4;
constexpr double shell_width = 2;
constexpr std::size_t drawn_first = 24;    // candidates, before all of them are looked at
constexpr std::size_t other_spheres = 20;  // tried when one finds no place
constexpr int relaxing_steps = 40;
constexpr std::size_t look_every = 64;

class Growth {
  public:
    Growth(std::span<const double> radii, const ParticleGrowth& growth, Random& random, Observer& observer)
        : growth_(growth),
          random_(random),
          observer_(observer),
          pending_(radii.rbegin(), radii.rend()),
          unequal_(std::any_of(radii.begin(), radii.end(), [&](double r) { return r != radii[0]; })),
          index_(finest_cell, expected_extent(radii)),
          statistics_(radii.size()) {
        store_.reserve(radii.size());
    }

    GrownBody run(bool report) {
        add({}, pending_.back(), -1);
        pending_.pop_back();
        GrownBody result;
        while (!pending_.empty()) {
            if (!next()) {
                result.hindrance = hindrance_;
                result.work = work_;
                return result;
            }
            if (store_.size() % look_every != 0) continue;
            if (observer_.should_stop()) throw Stopped();
            if (report) observer_.on_progress(store_.size(), statistics_.radius_of_gyration());
        }
        result.body = body();
        result.work = work_;
        result.growth = statistics_.evolution();
        return result;
    }

  private:
    double expected_extent(std::span<const double> radii) const {
        double mass = 0, largest = 0;
        for (const double radius : radii) {
            mass += radius * radius * radius;
            largest = std::max(largest, radius);
        }
        return 2 * growth_.law.radius_of_gyration(mass) + 4 * largest;
    }

    // Places one of the pending spheres.
    bool next() {
        if (store_.size() == 1) {
            const Vec<3> place = random_.direction<3>() * contact_of(0, pending_.back());
            return add(place, take(pending_.size() - 1), 0);
        }
        const std::size_t tries = unequal_ ? std::min(other_spheres, pending_.size()) : 1;
        for (std::size_t at = 0; at < tries; ++at) {
            // The one whose turn it is first, then others.
            const std::size_t which =
                at == 0 ? pending_.size() - 1 : static_cast<std::size_t>(random_.next() % pending_.size());
            const double square = growth_.law.merge_distance_squared(bulk_, Bulk::of_sphere(pending_[which]));
            if (place(which, std::sqrt(std::max(0.0, square)))) return true;
        }
        return (pending_.size() > 1 || !growth_.exact) && relax();
    }

    // The nearest distance at which there is a place.
    bool relax() {
        const std::size_t which = pending_.size() - 1;
        const double square = growth_.law.merge_distance_squared(bulk_, Bulk::of_sphere(pending_[which]));
        const double wanted = std::sqrt(std::max(0.0, square));
        double reach = 0;
        for (std::size_t i = 0; i < store_.size(); ++i)
            reach = std::max(reach, distance(store_.spheres[i].centre, statistics_.centre()) +
                                        contact_of(i, pending_[which]));
        reach *= 1 - 1e-9;
        if (wanted >= reach) return place(which, reach);
        for (int step = 1; step <= relaxing_steps; ++step)
            if (place(which, wanted + (reach - wanted) * step / relaxing_steps)) return true;
        return false;
    }

    bool place(std::size_t which, double gamma) {
        const double radius = pending_[which];
        const double slack = norm(statistics_.centre()) + growth_.sintering * (radius + largest_);
        const auto shell_of = [&](double at) {
            return std::min(shells_.size(), static_cast<std::size_t>(std::max(0.0, at) / shell_width));
        };
        const std::size_t first = shell_of(gamma - slack);
        const std::size_t last = std::min(shells_.size(), shell_of(gamma + slack) + 1);
        std::size_t candidates = 0;
        for (std::size_t shell = first; shell < last; ++shell) candidates += shells_[shell].size();
        reached_ = false;
        if (candidates > 4 * drawn_first) {
            for (std::size_t at = 0; at < drawn_first; ++at) {
                std::size_t left = static_cast<std::size_t>(random_.next() % candidates);
                std::size_t shell = first;
                for (; left >= shells_[shell].size(); ++shell) left -= shells_[shell].size();
                if (touch(shells_[shell][left], which, gamma)) return true;
            }
        }
        order_.clear();
        for (std::size_t shell = first; shell < last; ++shell)
            order_.insert(order_.end(), shells_[shell].begin(), shells_[shell].end());
        for (std::size_t at = 0; at < order_.size(); ++at) {
            if (at % look_every == 0 && observer_.should_stop()) throw Stopped();
            std::swap(order_[at],
                      order_[at + static_cast<std::size_t>(random_.next() % (order_.size() - at))]);
            if (touch(order_[at], which, gamma)) return true;
        }
        hindrance_ = reached_ ? Hindrance::too_compact : Hindrance::too_open;
        return false;
    }

    // Puts the sphere into contact with sphere i where that is possible without overlap.
    bool touch(std::int32_t i, std::size_t which, double gamma) {
        const double radius = pending_[which];
        const double contact = contact_of(static_cast<std::size_t>(i), radius);
        const Vec<3> candidate = store_.spheres[static_cast<std::size_t>(i)].centre;
        const Vec<3> off = candidate - statistics_.centre();
        const double away = norm(off);
        if (away + contact < gamma) return false;
        reached_ = true;
        ++work_;
        if (gamma + contact < away || away + gamma < contact || away < 1e-9) return false;
        const Frame frame = Frame::around(off * (1 / away));
        const double along = (away * away + gamma * gamma - contact * contact) / (2 * away);
        const double wide = std::sqrt(std::max(0.0, gamma * gamma - along * along));
        const Vec<3> middle = statistics_.centre() + frame.axis * along;
        arcs_.clear();
        bool free = true;
        index_.visit_near(store_, candidate, contact + radius, [&](std::int32_t id, const Sphere<3>& other) {
            if (id == i || !free) return;
            const Vec<3> to = other.centre - middle;
            const double limit = growth_.sintering * (radius + static_cast<double>(other.radius));
            const double x = dot(to, frame.first), y = dot(to, frame.second);
            const double off_square = dot(to, to) + wide * wide - limit * limit;
            const double across = 2 * wide * std::sqrt(x * x + y * y);
            if (off_square >= across) return;
            if (off_square <= -across)
                free = false;
            else
                arcs_.block(std::atan2(y, x), std::acos(off_square / across));
        });
        if (!free) return false;
        const auto angle = arcs_.choose(random_);
        if (!angle) return false;
        return add(middle + frame.at(wide * std::cos(*angle), wide * std::sin(*angle), 0), take(which), i);
    }

    double take(std::size_t which) {
        std::swap(pending_[which], pending_.back());
        const double radius = pending_.back();
        pending_.pop_back();
        return radius;
    }

    bool add(const Vec<3>& centre, double radius, std::int32_t parent) {
        const double from_origin = norm(centre);
        const double extent = from_origin + 2 * radius;
        if (extent > index_.half_side()) index_.grow(store_, 1.26 * extent, observer_);
        store_.spheres.push_back({centre, static_cast<float>(radius), -1});
        store_.parents.push_back(parent);
        const auto id = static_cast<std::int32_t>(store_.size()) - 1;
        index_.add(store_, id);
        const auto shell = static_cast<std::size_t>(from_origin / shell_width);
        if (shells_.size() <= shell) shells_.resize(shell + 1);
        shells_[shell].push_back(id);
        statistics_.add(centre, radius);
        largest_ = std::max(largest_, radius);
        const double rg = statistics_.radius_of_gyration();
        bulk_ = {bulk_.mass + radius * radius * radius, rg * rg};
        return true;
    }

    double contact_of(std::size_t i, double radius) const {
        return growth_.sintering * (radius + static_cast<double>(store_.spheres[i].radius));
    }

    Body body() const {
        Body body;
        body.bulk = bulk_;
        for (std::size_t i = 0; i < store_.size(); ++i) {
            body.centres.push_back(store_.spheres[i].centre - statistics_.centre());
            body.radii.push_back(static_cast<double>(store_.spheres[i].radius));
            body.parents.push_back(store_.parents[i]);
        }
        return body;
    }

    const ParticleGrowth& growth_;
    Random& random_;
    Observer& observer_;
    std::vector<double> pending_;  // the next one last
    bool unequal_;
    SphereStore<3> store_;
    OccupancyIndex<3> index_;
    GrowthStatistics<3> statistics_;
    Bulk bulk_;
    double largest_ = 0;
    std::vector<std::vector<std::int32_t>> shells_;  // by the distance from the first sphere
    std::vector<std::int32_t> order_;
    FreeArcs arcs_;
    double work_ = 0;
    bool reached_ = false;  // some sphere was near enough
    Hindrance hindrance_ = Hindrance::none;
};

}  // namespace

GrownBody grow_by_particles(std::span<const double> radii, const ParticleGrowth& growth, Random& random,
                            Observer& observer, bool report) {
    return Growth(radii, growth, random, observer).run(report);
}

}  // namespace assistd::simulation
