#include "algorithms/tunable_merge.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assistd::simulation {

namespace {

constexpr double work_of_a_try = 200;  // beside the spheres

// A unit vector across `axis`, every one alike.
Vec<3> across(const Frame& frame, Random& random) {
    const Vec<2> turn = random.direction<2>();
    return frame.first * turn[0] + frame.second * turn[1];
}

// A point at `from_origin` from the origin and `from_centre` from `centre`, which is `away` from the origin.
Vec<3> meeting_point(const Vec<3>& centre, double away, double from_origin, double from_centre,
                     Random& random) {
    const Frame frame = Frame::around(centre * (1 / away));
    const double along = (away * away + from_origin * from_origin - from_centre * from_centre) / (2 * away);
    const double wide = std::sqrt(std::max(0.0, from_origin * from_origin - along * along));
    return frame.axis * along + across(frame, random) * wide;
}

}  // namespace

void TunableMerge::prepare(const Body& one, const Body& other, double gamma) {
    first_off_.clear();
    for (const Vec<3>& centre : one.centres) first_off_.push_back(norm(centre));
    std::vector<double> off;
    for (const Vec<3>& centre : other.centres) off.push_back(norm(centre));
    second_order_.resize(other.size());
    std::iota(second_order_.begin(), second_order_.end(), std::size_t{0});
    std::sort(second_order_.begin(), second_order_.end(),
              [&](std::size_t i, std::size_t j) { return off[i] < off[j] || (off[i] == off[j] && i < j); });
    second_off_.clear();
    for (const std::size_t i : second_order_) second_off_.push_back(off[i]);
    largest_first_ = *std::max_element(one.radii.begin(), one.radii.end());
    largest_second_ = *std::max_element(other.radii.begin(), other.radii.end());
    extent_ = second_off_.back();
    candidates_.clear();
    for (std::size_t i = 0; i < one.size(); ++i)
        if (first_off_[i] + extent_ + sintering_ * (one.radii[i] + largest_second_) >= gamma)
            candidates_.push_back(i);
}

// Centres of mass, spheres and their distances make a chain of four bars that closes when the longest is not
// longer than the others together.
bool TunableMerge::draw_contact(const Body& one, const Body& other, double gamma, Contact& contact) {
    contact.first = candidates_[static_cast<std::size_t>(random_.next() % candidates_.size())];
    const double first_off = first_off_[contact.first];
    const double most = sintering_ * (one.radii[contact.first] + largest_second_);
    const auto low = std::lower_bound(second_off_.begin(), second_off_.end(),
                                      std::max(gamma - first_off, first_off - gamma) - most);
    const auto high = std::upper_bound(low, second_off_.end(), gamma + first_off + most);
    if (low == high) return false;
    const auto at = static_cast<std::size_t>(low - second_off_.begin()) +
                    static_cast<std::size_t>(random_.next() % static_cast<std::uint64_t>(high - low));
    contact.second = second_order_[at];
    const double second_off = second_off_[at];
    const double touching = sintering_ * (one.radii[contact.first] + other.radii[contact.second]);
    const double least = std::max(std::abs(gamma - second_off), std::abs(first_off - touching));
    const double greatest = std::min(gamma + second_off, first_off + touching);
    if (least >= greatest) return false;
    // How far the second sphere is from the first centre of mass: evenly on the sphere of contact.
    const double away = std::sqrt(random_.uniform(least * least, greatest * greatest));
    if (away < 1e-9) return false;
    const Vec<3> second = first_off < 1e-9
                              ? random_.direction<3>() * away
                              : meeting_point(one.centres[contact.first], first_off, away, touching, random_);
    if (!second_is_free(one, other, contact, second)) return false;
    contact.centre = meeting_point(second, away, gamma, second_off, random_);
    const Vec<3> axis =
        second_off < 1e-9 ? random_.direction<3>() : (second - contact.centre) * (1 / second_off);
    contact.frame = Frame::around(axis * (1 / norm(axis)));
    own_ = Frame::around(second_off < 1e-9 ? random_.direction<3>()
                                           : other.centres[contact.second] * (1 / second_off));
    return true;
}

// The sphere on the axis does not turn away from anything, so it is looked at first.
bool TunableMerge::second_is_free(const Body& one, const Body& other, const Contact& contact,
                                  const Vec<3>& place) const {
    const double radius = other.radii[contact.second];
    for (std::size_t i = 0; i < one.size(); ++i) {
        const double limit = sintering_ * (one.radii[i] + radius);
        const Vec<3> off = one.centres[i] - place;
        if (dot(off, off) < limit * limit && i != contact.first) return false;
    }
    return true;
}

// Into cells of the half plane (along, across) that are as wide as the largest contact.
void TunableMerge::sort_turning(const Body& other, const Contact& contact) {
    cell_ = sintering_ * (largest_first_ + largest_second_);
    // No more cells than a few for each sphere.
    cell_ = std::max(cell_, extent_ / std::sqrt(static_cast<double>(other.size()) + 1));
    cells_along_ = static_cast<int>(2 * extent_ / cell_) + 1;
    cells_across_ = static_cast<int>(extent_ / cell_) + 1;
    const auto cell_of = [&](const Turning& each) {
        const int along = std::clamp(static_cast<int>((each.along + extent_) / cell_), 0, cells_along_ - 1);
        const int across_cell = std::clamp(static_cast<int>(each.across / cell_), 0, cells_across_ - 1);
        return static_cast<std::size_t>(along * cells_across_ + across_cell);
    };
    std::vector<Turning> unsorted;
    unsorted.reserve(other.size());
    cell_begin_.assign(static_cast<std::size_t>(cells_along_ * cells_across_) + 1, 0);
    for (std::size_t i = 0; i < other.size(); ++i) {
        Turning each;
        each.along = dot(other.centres[i], own_.axis);
        each.x = dot(other.centres[i], own_.first);
        each.y = dot(other.centres[i], own_.second);
        each.across = std::sqrt(each.x * each.x + each.y * each.y);
        each.radius = other.radii[i];
        if (i == contact.second) continue;
        ++cell_begin_[cell_of(each) + 1];
        unsorted.push_back(each);
    }
    std::partial_sum(cell_begin_.begin(), cell_begin_.end(), cell_begin_.begin());
    turning_.resize(unsorted.size());
    std::vector<std::uint32_t> next(cell_begin_.begin(), cell_begin_.end() - 1);
    for (const Turning& each : unsorted) turning_[next[cell_of(each)]++] = each;
}

// False as soon as it is known that no angle is left.
bool TunableMerge::block_arcs(const Body& one, const Contact& contact) {
    arcs_.clear();
    const double reach = extent_ + sintering_ * (largest_first_ + largest_second_);
    const auto fixed_at = [&](std::size_t i) {
        const Vec<3> off = one.centres[i] - contact.centre;
        if (dot(off, off) > reach * reach) return true;
        Turning fixed;
        fixed.along = dot(off, contact.frame.axis);
        fixed.x = dot(off, contact.frame.first);
        fixed.y = dot(off, contact.frame.second);
        fixed.across = std::sqrt(fixed.x * fixed.x + fixed.y * fixed.y);
        fixed.radius = one.radii[i];
        return block_against(fixed);
    };
    for (std::size_t i = 0; i < one.size(); ++i)
        if (!fixed_at(i)) return false;
    return true;
}

bool TunableMerge::block_against(const Turning& fixed) {
    const double most = sintering_ * (fixed.radius + largest_second_);
    const auto cell = [&](double at) { return static_cast<int>(std::floor(at / cell_)); };
    const int along_last = std::min(cells_along_ - 1, cell(fixed.along + most + extent_));
    const int across_first = std::max(0, cell(fixed.across - most));
    const int across_last = std::min(cells_across_ - 1, cell(fixed.across + most));
    for (int along = std::max(0, cell(fixed.along - most + extent_)); along <= along_last; ++along) {
        if (across_first > across_last) continue;
        const std::uint32_t end =
            cell_begin_[static_cast<std::size_t>(along * cells_across_ + across_last) + 1];
        std::uint32_t at = cell_begin_[static_cast<std::size_t>(along * cells_across_ + across_first)];
        for (; at < end; ++at) {
            const Turning& turning = turning_[at];
            const double limit = sintering_ * (fixed.radius + turning.radius);
            const double up = fixed.along - turning.along;
            const double off_square =
                up * up + fixed.across * fixed.across + turning.across * turning.across - limit * limit;
            const double product = 2 * fixed.across * turning.across;
            if (off_square >= product) continue;
            if (off_square <= -product) return false;
            const double middle = std::atan2(turning.x * fixed.y - turning.y * fixed.x,
                                             turning.x * fixed.x + turning.y * fixed.y);
            arcs_.block(middle, std::acos(off_square / product));
            if (arcs_.surely_none()) return false;
        }
    }
    return true;
}

void TunableMerge::append(Body& one, const Body& other, const Contact& contact, double angle,
                          const Frame& own) {
    const auto before = static_cast<std::int32_t>(one.size());
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double distance = norm(contact.centre);
    const Bulk together = one.bulk.joined(other.bulk, distance);
    for (std::size_t i = 0; i < other.size(); ++i) {
        const double x = dot(other.centres[i], own.first), y = dot(other.centres[i], own.second);
        const Vec<3> turned =
            contact.frame.at(x * cosine - y * sine, x * sine + y * cosine, dot(other.centres[i], own.axis));
        one.centres.push_back(contact.centre + turned);
        one.radii.push_back(other.radii[i]);
        const std::int32_t parent = other.parents[i];
        one.parents.push_back(parent < 0 ? -1 : parent + before);
    }
    // The other cluster hangs on its sphere of contact from now on.
    auto parent = static_cast<std::int32_t>(contact.first);
    for (auto at = before + static_cast<std::int32_t>(contact.second); at >= 0;) {
        const std::int32_t next = one.parents[static_cast<std::size_t>(at)];
        one.parents[static_cast<std::size_t>(at)] = parent;
        parent = at;
        at = next;
    }
    const Vec<3> shift = contact.centre * (other.bulk.mass / together.mass);
    for (Vec<3>& centre : one.centres) centre -= shift;
    one.bulk = together;
}

Hindrance TunableMerge::join(Body& one, const Body& other, double gamma, int tries) {
    prepare(one, other, gamma);
    if (candidates_.empty()) return Hindrance::too_open;
    for (int at = 0; at < tries; ++at) {
        if (observer_.should_stop()) throw Stopped();
        work_ += static_cast<double>(one.size() + other.size()) + work_of_a_try;
        Contact contact;
        // Pairs that cannot meet cost little, so they do not count.
        bool drawn = false;
        for (int draw = 0; draw < 64 && !drawn; ++draw) drawn = draw_contact(one, other, gamma, contact);
        if (!drawn) continue;
        sort_turning(other, contact);
        if (!block_arcs(one, contact)) continue;
        const auto angle = arcs_.choose(random_);
        if (!angle) continue;
        append(one, other, contact, *angle, own_);
        return Hindrance::none;
    }
    return Hindrance::too_compact;
}

}  // namespace assistd::simulation
