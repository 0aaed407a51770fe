#include "engine/contact_tree.h"

#include <limits>

namespace assistd::simulation {

namespace {

// Who touches whom, all in one array: those of i stand at begin[i] .. begin[i + 1].
struct Adjacency {
    std::vector<std::int32_t> begin;
    std::vector<std::int32_t> others;

    Adjacency(std::size_t spheres, const ContactList& contacts)
        : begin(spheres + 2, 0), others(2 * contacts.size()) {
        for (const auto& [one, other] : contacts) {
            ++begin[static_cast<std::size_t>(one) + 2];
            ++begin[static_cast<std::size_t>(other) + 2];
        }
        for (std::size_t i = 2; i < begin.size(); ++i) begin[i] += begin[i - 1];
        for (const auto& [one, other] : contacts) {
            others[static_cast<std::size_t>(begin[static_cast<std::size_t>(one) + 1]++)] = other;
            others[static_cast<std::size_t>(begin[static_cast<std::size_t>(other) + 1]++)] = one;
        }
    }
};

}  // namespace

template <int D>
std::vector<Particle> ordered_particles(const SphereForest<D>& forest, std::int32_t root,
                                        const ContactList& contacts, const Vec<D>& middle,
                                        Observer& observer) {
    if (observer.should_stop()) throw Stopped();
    const Adjacency touching(forest.spheres(), contacts);
    std::int32_t first = -1;
    double nearest = std::numeric_limits<double>::infinity();
    forest.visit_spheres(root, [&](std::int32_t leaf) {
        const Vec<D> off = forest[leaf].centre - middle;
        const double square = dot(off, off);
        if (square < nearest || (square == nearest && leaf < first)) {
            nearest = square;
            first = leaf;
        }
    });
    if (observer.should_stop()) throw Stopped();
    std::vector<Particle> particles;
    std::vector<std::pair<std::int32_t, std::int32_t>> order{{first, -1}};  // sphere, its parent's place
    for (std::size_t place = 0; place < order.size(); ++place) {
        if ((place & 0xffff) == 0 && observer.should_stop()) throw Stopped();
        const auto [leaf, parent] = order[place];
        const Vec<D> at = forest[leaf].centre - middle;
        particles.push_back({at[0], at[1], D == 3 ? at[D - 1] : 0, forest[leaf].radius, parent});
        const std::int32_t before = parent < 0 ? -1 : order[static_cast<std::size_t>(parent)].first;
        for (std::int32_t i = touching.begin[static_cast<std::size_t>(leaf)];
             i < touching.begin[static_cast<std::size_t>(leaf) + 1]; ++i) {
            const std::int32_t other = touching.others[static_cast<std::size_t>(i)];
            if (other != before) order.emplace_back(other, static_cast<std::int32_t>(place));
        }
    }
    return particles;
}

template std::vector<Particle> ordered_particles<2>(const SphereForest<2>&, std::int32_t, const ContactList&,
                                                    const Vec<2>&, Observer&);
template std::vector<Particle> ordered_particles<3>(const SphereForest<3>&, std::int32_t, const ContactList&,
                                                    const Vec<3>&, Observer&);

}  // namespace assistd::simulation
