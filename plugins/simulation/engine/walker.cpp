#include "engine/walker.h"

#include <algorithm>
#include <cmath>

#include "engine/poisson_kernel.h"

namespace assistd::simulation {

namespace {
// Below this free distance, in walker radii, the index gives way to the exact search ...
constexpr double search_below = 1;
// ... which looks this far, and is repeated when less than the second part of it is left.
constexpr double search_reach = 2.5;
constexpr double search_again_below = 0.5;

template <int D>
double power(double base) {
    return D == 2 ? base * base : base * base * base;
}
}  // namespace

template <int D>
Arrival<D> Walker<D>::walk(double radius, double sintering, double launch_radius) {
    radius_ = radius;
    sintering_ = sintering;
    launch_radius_ = launch_radius;
    at_ = random_.direction<D>() * launch_radius_;
    level_ = std::min(level_, index_.levels() - 1);
    Arrival<D> arrival;
    for (;;) {
        count_step();
        if (come_back()) continue;
        // A sphere of radius r_i is met at sintering * (r_i + radius), not later than at r_i + sintering *
        // radius.
        const double free = index_.clearance(at_, level_) - sintering_ * radius_;
        if (free > search_below * radius_) {
            at_ += random_.direction<D>() * free;
        } else if (approach(arrival)) {
            return arrival;
        }
    }
}

template <int D>
void Walker<D>::count_step() {
    if ((++steps_ & 0xfff) == 0 && observer_.should_stop()) throw Stopped();
}

// From outside the launch sphere to its surface; true when it was outside.
template <int D>
bool Walker<D>::come_back() {
    const double square = dot(at_, at_);
    if (square <= launch_radius_ * launch_radius_ * (1 + 1e-12)) return false;
    const double far = std::sqrt(square);
    const double kappa = launch_radius_ / far;
    if (D == 3 && random_.uniform() >= kappa)
        at_ = random_.direction<D>() * launch_radius_;
    else
        at_ = poisson_direction<D>(random_, at_ * (1 / far), kappa) * launch_radius_;
    return true;
}

template <int D>
void Walker<D>::gather() {
    near_.clear();
    gathered_at_ = at_;
    horizon_ = search_reach * radius_;
    const double reach = sintering_ * radius_ + horizon_;
    index_.visit_near(store_, at_, reach, [&](std::int32_t id, const Sphere<D>& sphere) {
        const double contact = sintering_ * (radius_ + static_cast<double>(sphere.radius));
        const Vec<D> off = sphere.centre - at_;
        const double limit = contact + horizon_;
        if (dot(off, off) < limit * limit) near_.push_back({sphere.centre, contact, id});
    });
}

template <int D>
typename Walker<D>::Closest Walker<D>::closest() const {
    const double unseen = horizon_ - distance(at_, gathered_at_);
    Closest found{nullptr, unseen, unseen};
    for (const Near& each : near_) {
        const double gap = distance(each.centre, at_) - each.contact;
        if (gap < found.first_gap) {
            found.second_gap = found.first_gap;
            found.first_gap = gap;
            found.first = &each;
        } else if (gap < found.second_gap) {
            found.second_gap = gap;
        }
    }
    return found;
}

// Walks on near the cluster until it touches for good (true) or is far again.
template <int D>
bool Walker<D>::approach(Arrival<D>& arrival) {
    gather();
    for (;;) {
        const Closest found = closest();
        if (!found.first) {
            if (found.first_gap < search_again_below * radius_) {
                gather();
                continue;
            }
            at_ += random_.direction<D>() * found.first_gap;
            return false;
        }
        count_step();
        if (step_around(found) == Outcome::touching && sticks_or_reflects(*found.first)) {
            arrival = {at_, found.first->id};
            return true;
        }
        if (horizon_ - distance(at_, gathered_at_) < search_again_below * radius_) return false;
        if (dot(at_, at_) > launch_radius_ * launch_radius_) return false;
    }
}

// One exact step from a place whose closest particle is known.
template <int D>
typename Walker<D>::Outcome Walker<D>::step_around(const Closest& at) {
    const Near& near = *at.first;
    const Vec<D> off = at_ - near.centre;
    const double far = norm(off);
    const double contact = near.contact;
    const Vec<D> axis = off * (1 / far);
    if (at.first_gap < touching * radius_) {
        at_ = near.centre + axis * contact;
        return Outcome::touching;
    }
    // The largest ball orthogonal to the contact sphere, centred on the axis, that stays within second_gap of
    // the walker: centre at `middle` from the particle, middle^2 = contact^2 + lens_radius^2.
    const double free = at.second_gap;
    const double widest = std::sqrt(far * far - contact * contact);
    double lens_radius;
    if (free >= widest) {
        const double sum = free + far;
        lens_radius = (sum * sum - contact * contact) / (2 * sum);
    } else {
        const double rest = far - free;
        lens_radius = (contact * contact - rest * rest) / (2 * rest);
    }
    const double middle = std::sqrt(contact * contact + lens_radius * lens_radius);
    // Worth it only when the walker is well inside; else the plain sphere around it is as good.
    if (std::abs(far - middle) < 0.75 * lens_radius) return leave_lens(near, axis, far, middle, lens_radius);
    at_ += random_.direction<D>() * at.first_gap;
    return Outcome::free;
}

// The first exit from the ball less the contact sphere; see the head of walker.h. Places are relative to the
// particle.
template <int D>
typename Walker<D>::Outcome Walker<D>::leave_lens(const Near& near, const Vec<D>& axis, double far,
                                                  double middle, double lens_radius) {
    const double contact = near.contact;
    const Vec<D> start = axis * far;
    const Vec<D> centre = axis * middle;
    const double shift = far - middle;
    const double hit_mass =
        D == 2 ? 1 : contact / far;  // the chance ever to meet the contact sphere, were it alone
    for (;;) {
        if (random_.uniform() * (1 + hit_mass) < hit_mass) {
            const Vec<D> place = poisson_direction<D>(random_, axis, contact / far) * contact;
            const Vec<D> image = axis * (lens_radius * lens_radius) + (centre - place) * shift;
            const double ratio =
                lens_radius * std::sqrt(dot(start - place, start - place) / dot(image, image));
            if (ratio < 1 && random_.uniform() >= power<D>(ratio)) {
                at_ = near.centre + place * (contact / norm(place));  // to the last bit
                return Outcome::touching;
            }
        } else {
            const Vec<D> place =
                centre + poisson_direction<D>(random_, axis, shift / lens_radius) * lens_radius;
            const Vec<D> image = axis * (contact * contact) - place * far;
            const double ratio = contact * std::sqrt(dot(start - place, start - place) / dot(image, image));
            if (ratio < 1 && random_.uniform() >= power<D>(ratio)) {
                at_ = near.centre + place;
                return Outcome::free;
            }
        }
    }
}

// At a contact: true when the walker stays there, else it has been moved off along the normal.
template <int D>
bool Walker<D>::sticks_or_reflects(const Near& near) {
    if (rules_.sticking_probability >= 1 || random_.uniform() < rules_.sticking_probability) return true;
    const Vec<D> normal = (at_ - near.centre) * (1 / near.contact);
    double height = rules_.reflection_height * radius_;
    // All that could be in the way must be known; `near` is not used from here on.
    if (horizon_ - distance(at_, gathered_at_) < height) gather();
    Vec<D> lifted = at_ + normal * height;
    while (overlaps(lifted)) {
        height *= 0.5;
        lifted = at_ + normal * height;
    }
    at_ = lifted;
    return false;
}

template <int D>
bool Walker<D>::overlaps(const Vec<D>& point) const {
    return std::any_of(near_.begin(), near_.end(),
                       [&](const Near& each) { return distance(each.centre, point) < each.contact; });
}

template class Walker<2>;
template class Walker<3>;

}  // namespace assistd::simulation
