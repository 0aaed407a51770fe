#include "algorithms/ballistic_cc.h"

#include "engine/cluster_mass.h"
#include "engine/contact_tree.h"
#include "engine/merge_record.h"

namespace assistd::simulation {

namespace {

constexpr std::size_t progress_every = 64;
// Smaller trees are as good as they come.
constexpr std::size_t rebuilt_from = 32;

template <int D>
class Growth {
  public:
    Growth(const GrowthParameters& parameters, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(parameters.seed),
          forest_(observer),
          record_(parameters.n_particles) {
        forest_.reserve(parameters.n_particles);
        contacts_.reserve(parameters.n_particles);
    }

    Cluster run() {
        for (std::size_t i = 0; i < parameters_.n_particles; ++i)
            forest_.add({}, parameters_.sizes.draw(random_));
        if (observer_.should_stop()) throw Stopped();
        const Part whole = grow(parameters_.n_particles);
        Cluster cluster;
        cluster.dimensions = D;
        cluster.growth = record_.evolution(whole.mass.particles, whole.mass.radius_of_gyration());
        cluster.growth_bytes_per_particle =
            static_cast<double>(forest_.bytes() + contacts_.capacity() * sizeof(ContactList::value_type)) /
            static_cast<double>(parameters_.n_particles);
        cluster.walker_steps = forest_.work();
        cluster.particles =
            ordered_particles<D>(forest_, whole.root, contacts_, whole.mass.centre, observer_);
        return cluster;
    }

  private:
    struct Part {
        std::int32_t root = -1;
        ClusterMass<D> mass;
    };

    Part grow(std::size_t count) {
        if (count == 1) {
            const std::int32_t leaf = next_++;
            const Part one{leaf, ClusterMass<D>::of_sphere(forest_[leaf].centre, forest_[leaf].radius)};
            record_.add(1, one.mass.radius_of_gyration());
            return one;
        }
        const Part target = grow(count - count / 2);
        const Part missile = grow(count / 2);
        return collide(target, missile);
    }

    // Shoots until they meet: each time with a new direction, impact parameter and orientation.
    Part collide(const Part& target, Part missile) {
        const double factor = parameters_.sintering.draw(random_);
        for (;;) {
            const Rotation<D> turn = random_rotation<D>(random_);
            forest_.rotate(missile.root, turn);
            missile.mass.centre = turn(missile.mass.centre);
            const auto& aim = forest_[target.root];
            const auto& shot = forest_[missile.root];
            const double reach = aim.radius + shot.radius;
            const Vec<D> direction = random_.template direction<D>();
            const Vec<D> aside = impact_parameter<D>(random_, direction, reach);
            // The bounding spheres begin just apart.
            const Vec<D> start = aim.centre - shot.centre + aside - direction * (1.001 * reach);
            const Contact contact =
                forest_.first_contact(missile.root, target.root, start, direction, factor, never);
            if (!contact.found()) continue;
            contacts_.emplace_back(contact.resting, contact.moving);
            return joined(target, missile, start + direction * contact.path);
        }
    }

    Part joined(const Part& target, Part missile, const Vec<D>& offset) {
        forest_.translate(missile.root, offset);
        missile.mass.centre += offset;
        Part whole{forest_.join(target.root, missile.root), merged(target.mass, missile.mass)};
        if (whole.mass.particles >= rebuilt_from) whole.root = forest_.rebuild(whole.root);
        record_.add(whole.mass.particles, whole.mass.radius_of_gyration());
        if (contacts_.size() % progress_every == 0) observer_.on_progress(contacts_.size(), 0);
        return whole;
    }

    const GrowthParameters& parameters_;
    Observer& observer_;
    Random random_;
    SphereForest<D> forest_;
    MergeRecord record_;
    ContactList contacts_;
    std::int32_t next_ = 0;  // the next sphere that has no cluster yet
};

}  // namespace

Cluster grow_ballistic_cc(const GrowthParameters& parameters, Observer& observer) {
    if (parameters.dimensions == 2) return Growth<2>(parameters, observer).run();
    return Growth<3>(parameters, observer).run();
}

}  // namespace assistd::simulation
