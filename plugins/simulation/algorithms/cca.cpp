#include "algorithms/cca.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "algorithms/filled_box.h"
#include "engine/cluster_mass.h"
#include "engine/contact_tree.h"
#include "engine/joined_sets.h"
#include "engine/merge_record.h"
#include "engine/periodic_space.h"
#include "engine/rate_classes.h"

namespace assistd::simulation {

namespace {

constexpr double shortest_step = 1;
// A step is this part of the free space around a cluster; it looks around so many steps far, which lets the
// next step be up to a fifth longer.
constexpr double boldness = 0.75;
constexpr double sight = 2.6;
// After so many the box is taken as too crowded for a cluster to come anywhere but by its own path.
constexpr int most_blocked = 100;
constexpr std::uint64_t poll_every = 256;
constexpr std::size_t progress_every = 64;

template <int D>
class Growth {
  public:
    Growth(const CcaParameters& parameters, Random random, const FilledBox<D>& box, Observer& observer)
        : parameters_(parameters),
          observer_(observer),
          random_(random),
          forest_(observer),
          space_(box.side, box.radii.size()),
          rates_(box.radii.size()),
          record_(box.radii.size()),
          filling_(box.filling),
          joined_(box.radii.size()) {
        forest_.reserve(box.radii.size());
        clusters_.reserve(box.radii.size());
        contacts_.reserve(box.radii.size());
        // The largest one comes first.
        largest_radius_ = box.radii[0];
        deepening_ = 2 * box.radii[0] * (parameters.sintering.largest() - parameters.sintering.smallest());
        take_over(box);
    }

    Population run() {
        left_ = clusters_.size();
        while (left_ > parameters_.clusters_left) {
            if (++events_ % poll_every == 0 && observer_.should_stop()) throw Stopped();
            if (parameters_.sticking_probability <= reaction_limit && blocked_ < most_blocked)
                try_contact();
            else
                step(rates_.draw(random_));
        }
        return result();
    }

  private:
    struct Body {
        std::int32_t root = -1;
        Vec<D> origin;  // of its frame, in the box or beside it
        ClusterMass<D> mass;
        double step = shortest_step;
        std::size_t tree_of = 1;  // particles when its tree was last rebuilt
    };
    struct Near {
        std::int32_t body = -1;
        Vec<D> apart;      // the shortest vector from the moving ball's centre to this one's
        double reach = 0;  // sum of both radii
        double gap() const { return norm(apart) - reach; }
    };

    Body& body(std::int32_t id) { return clusters_[static_cast<std::size_t>(id)]; }
    const auto& ball(const Body& of) const { return forest_[of.root]; }
    Vec<D> middle(const Body& of) const { return of.origin + ball(of).centre; }

    void take_over(const FilledBox<D>& box);
    void gather(const Vec<D>& from, double radius, std::int32_t id, double within);
    void step(std::int32_t id);
    template <typename Visit>
    void visit_images(const Vec<D>& own, const Near& near, double within, Visit&& visit);
    bool fits(std::int32_t id, std::int32_t other, const Rotation<D>& turn, const Vec<D>& offset);
    void try_contact();
    std::optional<Contact> collision(const Body& moving, const Vec<D>& direction, double length);
    void settle(std::int32_t id, double horizon, const Vec<D>& moved);
    void set_step(std::int32_t id, double free);
    void stick(std::int32_t id, const Vec<D>& direction, const Contact& contact);
    void merge(std::int32_t id, std::int32_t other, const Vec<D>& offset);
    Population result();

    const CcaParameters& parameters_;
    Observer& observer_;
    Random random_;
    SphereForest<D> forest_;
    PeriodicSpace<D> space_;
    RateClasses rates_;
    MergeRecord record_;
    double filling_;  // part of the box
    ContactList contacts_;
    std::vector<Body> clusters_;
    std::size_t left_ = 0;
    std::size_t largest_ = 1;
    std::uint64_t events_ = 0;
    double largest_radius_ = 1;
    JoinedSets joined_;       // the spheres, into clusters
    int blocked_ = 0;         // contacts in a row that fit but for other clusters
    double deepening_ = 0;    // how far a contact may be pushed in at most
    std::vector<Near> near_;  // of the moving one
    std::int32_t hit_ = -1;  // the cluster that `collision` found, and where the moving frame lies in its own
    Vec<D> hit_offset_;
};

template <int D>
void Growth<D>::take_over(const FilledBox<D>& box) {
    for (std::size_t i = 0; i < box.radii.size(); ++i) {
        if (i % poll_every == 0 && observer_.should_stop()) throw Stopped();
        const std::int32_t id = forest_.add(box.places[i], box.radii[i]);
        Body made;
        made.root = id;
        made.mass = ClusterMass<D>::of_sphere(box.places[i], box.radii[i]);
        clusters_.push_back(made);
        space_.add(id, box.places[i], box.radii[i]);
        record_.add(1, made.mass.radius_of_gyration());
        set_step(id, 0);
    }
}

template <int D>
void Growth<D>::set_step(std::int32_t id, double free) {
    Body& of = body(id);
    of.step = std::clamp(boldness * free, shortest_step, 0.125 * space_.side());
    rates_.set(id, 1 / (of.mass.radius_of_gyration() * of.step * of.step));
}

template <int D>
void Growth<D>::gather(const Vec<D>& from, double radius, std::int32_t id, double within) {
    near_.clear();
    space_.visit_near(from, radius, within, [&](std::int32_t other) {
        if (other == id) return;
        const Near found{other, space_.shortest(middle(body(other)) - from),
                         radius + ball(body(other)).radius};
        const double limit = found.reach + within;
        if (dot(found.apart, found.apart) < limit * limit) near_.push_back(found);
    });
}

template <int D>
void Growth<D>::step(std::int32_t id) {
    Body& moving = body(id);
    const double horizon = sight * moving.step;
    gather(middle(moving), ball(moving).radius, id, horizon + deepening_);
    double free = horizon;
    for (const Near& each : near_) free = std::min(free, each.gap());
    // Others may have come nearer since its step was set.
    const double length = std::max(shortest_step, std::min(moving.step, boldness * free));
    const Vec<D> direction = random_.template direction<D>();
    if (free < length) {
        if (const auto contact = collision(moving, direction, length)) {
            if (random_.uniform() < std::max(reaction_limit, parameters_.sticking_probability))
                stick(id, direction, *contact);
            else
                set_step(id, 0);
            return;
        }
    }
    moving.origin += direction * length;
    const Vec<D> inside = space_.wrapped(middle(moving));
    moving.origin = inside - ball(moving).centre;
    space_.move(id, inside);
    settle(id, horizon - length, direction * length);
}

// The step that fits the new place, and those of the others that it has come near to.
template <int D>
void Growth<D>::settle(std::int32_t id, double horizon, const Vec<D>& moved) {
    double free = horizon;
    for (const Near& each : near_) {
        const double gap = norm(each.apart - moved) - each.reach;
        free = std::min(free, gap);
        if (body(each.body).step > std::max(shortest_step, gap)) set_step(each.body, gap);
    }
    set_step(id, free);
}

// Calls visit(offset) for each image of a cluster whose ball is nearer than `within`: where the moving frame
// lies in the image's. `own`: the centre of the moving ball in its frame.
template <int D>
template <typename Visit>
void Growth<D>::visit_images(const Vec<D>& own, const Near& near, double within, Visit&& visit) {
    const double side = space_.side();
    const double wide = near.reach + within;
    const Vec<D> offset = ball(body(near.body)).centre - own - near.apart;
    std::array<int, 3> low{}, high{};
    for (int axis = 0; axis < D; ++axis) {
        low[static_cast<std::size_t>(axis)] = int(std::ceil((-wide - near.apart[axis]) / side));
        high[static_cast<std::size_t>(axis)] = int(std::floor((wide - near.apart[axis]) / side));
    }
    for (int k = low[2]; k <= high[2]; ++k)
        for (int j = low[1]; j <= high[1]; ++j)
            for (int i = low[0]; i <= high[0]; ++i) {
                Vec<D> image = offset;
                image[0] -= i * side;
                image[1] -= j * side;
                if constexpr (D == 3) image[2] -= k * side;
                visit(image);
            }
}

// The first contact on the path with any image of any cluster; where its frame lies goes to hit_offset_.
template <int D>
std::optional<Contact> Growth<D>::collision(const Body& moving, const Vec<D>& direction, double length) {
    Contact best;
    best.path = length;
    const double factor = parameters_.sintering.largest();
    for (const Near& each : near_) {
        if (each.gap() >= length) continue;
        visit_images(ball(moving).centre, each, length, [&](const Vec<D>& image) {
            const Contact found =
                forest_.first_contact(moving.root, body(each.body).root, image, direction, factor, best.path);
            if (!found.found()) return;
            best = found;
            hit_ = each.body;
            hit_offset_ = image;
        });
    }
    if (!best.found()) return std::nullopt;
    return best;
}

// Whether it is clear of the other one, and then of all, when it is turned and its frame lies at `offset` in
// the other's. Gathers those near it.
template <int D>
bool Growth<D>::fits(std::int32_t id, std::int32_t other, const Rotation<D>& turn, const Vec<D>& offset) {
    const Body &moving = body(id), &there = body(other);
    // What touches counts as clear, to the rounding of a place in the box.
    const double factor = parameters_.sintering.largest() * (1 - 1e-12 - 1e-15 * space_.side());
    if (forest_.overlap(moving.root, there.root, turn, offset, factor)) return false;
    const Vec<D> own = turn(ball(moving).centre);
    gather(there.origin + offset + own, ball(moving).radius, id, shortest_step + deepening_);
    bool clear = true;
    for (const Near& each : near_)
        visit_images(own, each, 0, [&](const Vec<D>& image) {
            clear = clear && !forest_.overlap(moving.root, body(each.body).root, turn, image, factor);
        });
    if (!clear) ++blocked_;
    return clear;
}

// In the reaction limit every configuration in which two clusters touch has the same chance, whatever their
// diffusivities: two spheres and the direction in which one touches the other are drawn, and the smaller
// one's orientation. What does not fit there is drawn anew altogether, so that pairs with more
// configurations join sooner.
template <int D>
void Growth<D>::try_contact() {
    const auto any_sphere = [&] {
        const double at = random_.uniform() * static_cast<double>(forest_.spheres());
        return static_cast<std::int32_t>(at);
    };
    std::int32_t moving = any_sphere(), resting = any_sphere();
    std::int32_t id = joined_.name_of(moving), other = joined_.name_of(resting);
    if (id == other) return;
    const double touching = forest_[moving].radius + forest_[resting].radius;
    // The places of contact are a sphere (2-D: a circle) as large as both together.
    const double part = touching / (2 * largest_radius_);
    if (part < 1 && random_.uniform() >= (D == 3 ? part * part : part)) return;
    if (body(id).mass.particles > body(other).mass.particles) {
        std::swap(moving, resting);
        std::swap(id, other);
    }
    const Rotation<D> turn = random_rotation<D>(random_);
    const Vec<D> outward = random_.template direction<D>();
    const Vec<D> offset = forest_[resting].centre - turn(forest_[moving].centre) +
                          outward * (parameters_.sintering.largest() * touching);
    if (!fits(id, other, turn, offset)) return;
    forest_.rotate(body(id).root, turn);
    body(id).mass.centre = turn(body(id).mass.centre);
    hit_ = other;
    hit_offset_ = offset;
    stick(id, outward * -1.0, {0, moving, resting});
}

// The contact is made as deep as it is to be: along the line of centres, until the first pair is so near.
template <int D>
void Growth<D>::stick(std::int32_t id, const Vec<D>& direction, const Contact& contact) {
    const Body& moving = body(id);
    const Body& there = body(hit_);
    Vec<D> offset = hit_offset_ + direction * contact.path;
    Contact deepest = contact;
    const std::int32_t other = hit_;
    if (parameters_.sintering.kind != SinteringLaw::Kind::fixed) {
        const double factor = parameters_.sintering.draw(random_);
        Vec<D> inward = forest_[contact.resting].centre - forest_[contact.moving].centre - offset;
        inward *= 1 / norm(inward);
        deepest = forest_.first_contact(moving.root, there.root, offset, inward, factor, never);
        // A third cluster in the way ends it.
        std::erase_if(near_, [&](const Near& each) { return each.body == other; });
        for (Near& each : near_) each.apart -= direction * contact.path;
        if (const auto third = collision(moving, inward, deepest.path)) {
            deepest = contact;
            deepest.path = third->path;
        }
        offset += inward * deepest.path;
    }
    contacts_.emplace_back(deepest.resting, deepest.moving);
    merge(id, other, offset);
}

// `offset`: where the frame of `id` lies in that of `other`. The smaller one moves into the larger one's
// frame.
template <int D>
void Growth<D>::merge(std::int32_t id, std::int32_t other, const Vec<D>& offset) {
    const bool smaller = body(id).mass.particles <= body(other).mass.particles;
    const std::int32_t kept = smaller ? other : id, gone = smaller ? id : other;
    Body& large = body(kept);
    Body& small = body(gone);
    const Vec<D> shift = smaller ? offset : offset * -1.0;
    forest_.translate(small.root, shift);
    small.mass.centre += shift;
    space_.remove(kept);
    space_.remove(gone);
    rates_.set(gone, 0);
    joined_.join(gone, kept);
    blocked_ = 0;
    large.root = forest_.join(large.root, small.root);
    large.mass = merged(large.mass, small.mass);
    if (large.mass.particles >= 2 * large.tree_of) {
        large.root = forest_.rebuild(large.root);
        large.tree_of = large.mass.particles;
    }
    // The resting one is where it was.
    if (!smaller) large.origin = small.origin + offset;
    large.origin = space_.wrapped(middle(large)) - ball(large).centre;
    space_.add(kept, middle(large), ball(large).radius);
    record_.add(large.mass.particles, large.mass.radius_of_gyration());
    largest_ = std::max(largest_, large.mass.particles);
    small.root = -1;
    --left_;
    set_step(kept, 0);
    if (contacts_.size() % progress_every == 0) observer_.on_progress(contacts_.size(), 0);
}

template <int D>
Population Growth<D>::result() {
    std::vector<const Body*> bodies;
    for (const Body& each : clusters_)
        if (each.root >= 0) bodies.push_back(&each);
    std::stable_sort(bodies.begin(), bodies.end(), [](const Body* one, const Body* other) {
        return one->mass.particles > other->mass.particles;
    });
    Population population;
    population.box_size = space_.side();
    population.volume_fraction = filling_;
    for (const Body* each : bodies)
        population.clusters.push_back({each->mass.particles, each->mass.radius_of_gyration()});
    const Body& first = *bodies.front();
    Cluster& cluster = population.largest;
    cluster.dimensions = D;
    cluster.growth = record_.evolution(first.mass.particles, first.mass.radius_of_gyration());
    cluster.walker_steps = events_;
    cluster.growth_bytes_per_particle =
        static_cast<double>(forest_.bytes() + space_.bytes() + rates_.bytes() +
                            clusters_.capacity() * sizeof(Body) + joined_.bytes() +
                            contacts_.capacity() * sizeof(ContactList::value_type)) /
        static_cast<double>(clusters_.size());
    cluster.particles = ordered_particles<D>(forest_, first.root, contacts_, first.mass.centre, observer_);
    return population;
}

}  // namespace

Population grow_cca(const CcaParameters& parameters, Observer& observer) {
    Random random(parameters.seed);
    if (parameters.dimensions == 2) {
        const FilledBox<2> box = fill_box<2>(parameters, random, observer);
        return Growth<2>(parameters, random, box, observer).run();
    }
    const FilledBox<3> box = fill_box<3>(parameters, random, observer);
    return Growth<3>(parameters, random, box, observer).run();
}

}  // namespace assistd::simulation
