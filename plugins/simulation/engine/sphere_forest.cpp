#include "engine/sphere_forest.h"

#include <algorithm>

namespace assistd::simulation {

namespace {
// Bounding spheres are this part too large, so that rounding never makes one too small.
constexpr double padding = 1 + 1e-12;
// So many steps take about a millisecond.
constexpr std::uint64_t poll_every = 1 << 16;
}  // namespace

template <int D>
void SphereForest<D>::poll() {
    if (work_ - polled_at_ < poll_every) return;
    polled_at_ = work_;
    if (observer_.should_stop()) throw Stopped();
}

template <int D>
std::int32_t SphereForest<D>::add(const Vec<D>& centre, double radius) {
    nodes_.push_back({centre, radius, -1, -1});
    return static_cast<std::int32_t>(spheres_++);
}

// The smallest sphere around two spheres.
template <int D>
void SphereForest<D>::enclose(Node& node, const Node& one, const Node& other) const {
    const Vec<D> apart = other.centre - one.centre;
    const double gap = norm(apart);
    if (gap + other.radius <= one.radius || gap + one.radius <= other.radius) {
        const Node& outer = one.radius >= other.radius ? one : other;
        node.centre = outer.centre;
        node.radius = outer.radius;
        return;
    }
    const double radius = 0.5 * (gap + one.radius + other.radius);
    node.centre = one.centre + apart * ((radius - one.radius) / gap);
    node.radius = radius * padding;
}

template <int D>
std::int32_t SphereForest<D>::make(std::int32_t left, std::int32_t right) {
    Node node;
    enclose(node, at(left), at(right));
    node.left = left;
    node.right = right;
    if (free_ < 0) {
        nodes_.push_back(node);
        return static_cast<std::int32_t>(nodes_.size()) - 1;
    }
    const std::int32_t made = free_;
    free_ = at(made).right;
    at(made) = node;
    return made;
}

template <int D>
std::int32_t SphereForest<D>::join(std::int32_t large, std::int32_t small) {
    const Node added = at(small);
    std::int32_t above = -1, here = large;
    // Down to where it fits by its size, always to the nearer child; what is on the way has to hold it.
    while (at(here).left >= 0 && at(here).radius > 2 * added.radius) {
        Node& node = at(here);
        Node wider;
        enclose(wider, node, added);
        node.centre = wider.centre;
        node.radius = wider.radius;
        const auto reach = [&](std::int32_t child) {
            return distance(at(child).centre, added.centre) - at(child).radius;
        };
        above = here;
        here = reach(node.left) <= reach(node.right) ? node.left : node.right;
        ++work_;
    }
    const std::int32_t made = make(here, small);
    if (above < 0) return made;
    (at(above).left == here ? at(above).left : at(above).right) = made;
    return large;
}

template <int D>
template <typename Act>
void SphereForest<D>::for_each_node(std::int32_t root, Act&& act) {
    open_.assign(1, root);
    while (!open_.empty()) {
        const std::int32_t here = open_.back();
        open_.pop_back();
        if ((++work_ & 0xfff) == 0) poll();
        if (at(here).left >= 0) {
            open_.push_back(at(here).left);
            open_.push_back(at(here).right);
        }
        act(here);
    }
}

template <int D>
void SphereForest<D>::translate(std::int32_t root, const Vec<D>& shift) {
    for_each_node(root, [&](std::int32_t node) { at(node).centre += shift; });
}

template <int D>
void SphereForest<D>::rotate(std::int32_t root, const Rotation<D>& rotation) {
    for_each_node(root, [&](std::int32_t node) { at(node).centre = rotation(at(node).centre); });
}

template <int D>
std::int32_t SphereForest<D>::rebuild(std::int32_t root) {
    leaves_.clear();
    for_each_node(root, [&](std::int32_t node) {
        if (at(node).left < 0) {
            leaves_.push_back(node);
        } else {
            at(node).right = free_;
            at(node).left = -1;
            free_ = node;
        }
    });
    // The order of the leaves, and so the tree, depends on the cluster alone.
    std::sort(leaves_.begin(), leaves_.end());
    return build(leaves_.data(), leaves_.data() + leaves_.size());
}

// Halves along the longest axis of the box around the centres.
template <int D>
std::int32_t SphereForest<D>::build(std::int32_t* first, std::int32_t* last) {
    if (last - first == 1) return *first;
    work_ += static_cast<std::uint64_t>(last - first);
    poll();
    Vec<D> low = at(*first).centre, high = low;
    for (const std::int32_t* leaf = first; leaf != last; ++leaf) {
        for (int axis = 0; axis < D; ++axis) {
            low[axis] = std::min(low[axis], at(*leaf).centre[axis]);
            high[axis] = std::max(high[axis], at(*leaf).centre[axis]);
        }
    }
    int longest = 0;
    for (int axis = 1; axis < D; ++axis)
        if (high[axis] - low[axis] > high[longest] - low[longest]) longest = axis;
    const Vec<D> middle = (low + high) * 0.5;
    double radius = 0;
    for (const std::int32_t* leaf = first; leaf != last; ++leaf)
        radius = std::max(radius, distance(at(*leaf).centre, middle) + at(*leaf).radius);
    std::int32_t* half = first + (last - first) / 2;
    std::nth_element(first, half, last, [&](std::int32_t one, std::int32_t other) {
        const double a = at(one).centre[longest], b = at(other).centre[longest];
        return a < b || (a == b && one < other);
    });
    const std::int32_t left = build(first, half);
    const std::int32_t right = build(half, last);
    const std::int32_t made = make(left, right);
    if (radius * padding < at(made).radius) {
        at(made).centre = middle;
        at(made).radius = radius * padding;
    }
    return made;
}

template <int D>
Contact SphereForest<D>::first_contact(std::int32_t moving, std::int32_t resting, const Vec<D>& offset,
                                       const Vec<D>& direction, double factor, double limit) {
    Contact best;
    best.path = limit;
    // How far until the bounding spheres meet.
    const auto path = [&](const Node& one, const Node& other) {
        const Vec<D> apart = other.centre - one.centre - offset;
        const double reach = one.radius + other.radius;
        if (dot(apart, apart) <= reach * reach) return 0.0;
        return path_to_contact(apart, direction, reach);
    };
    const auto push = [&](std::int32_t one, std::int32_t other) {
        const double start = path(at(one), at(other));
        if (start < best.path) pairs_.push_back({one, other, start});
    };
    pairs_.clear();
    push(moving, resting);
    while (!pairs_.empty()) {
        const Pair pair = pairs_.back();
        pairs_.pop_back();
        ++work_;
        if (pair.path >= best.path) continue;
        const Node& one = at(pair.moving);
        const Node& other = at(pair.resting);
        if (one.left < 0 && other.left < 0) {
            const double found = path_to_contact(other.centre - one.centre - offset, direction,
                                                 factor * (one.radius + other.radius));
            if (found < best.path) best = {found, pair.moving, pair.resting};
            continue;
        }
        // The larger one is opened; what meets sooner is looked at sooner.
        const std::size_t before = pairs_.size();
        if (other.left < 0 || (one.left >= 0 && one.radius > other.radius)) {
            push(one.left, pair.resting);
            push(one.right, pair.resting);
        } else {
            push(pair.moving, other.left);
            push(pair.moving, other.right);
        }
        if (pairs_.size() == before + 2 && pairs_[before].path < pairs_[before + 1].path)
            std::swap(pairs_[before], pairs_[before + 1]);
        if ((work_ & 0xfff) == 0) poll();
    }
    if (!best.found()) best.path = never;
    return best;
}

template <int D>
bool SphereForest<D>::overlap(std::int32_t moving, std::int32_t resting, const Rotation<D>& turn,
                              const Vec<D>& offset, double factor) {
    const auto push = [&](std::int32_t one, std::int32_t other) {
        const Vec<D> apart = at(other).centre - turn(at(one).centre) - offset;
        const bool spheres = at(one).left < 0 && at(other).left < 0;
        const double reach = (spheres ? factor : 1) * (at(one).radius + at(other).radius);
        if (dot(apart, apart) < reach * reach) pairs_.push_back({one, other, 0});
    };
    pairs_.clear();
    push(moving, resting);
    while (!pairs_.empty()) {
        const Pair pair = pairs_.back();
        pairs_.pop_back();
        if ((++work_ & 0xfff) == 0) poll();
        const Node& one = at(pair.moving);
        const Node& other = at(pair.resting);
        if (one.left < 0 && other.left < 0) return true;
        if (other.left < 0 || (one.left >= 0 && one.radius > other.radius)) {
            push(one.left, pair.resting);
            push(one.right, pair.resting);
        } else {
            push(pair.moving, other.left);
            push(pair.moving, other.right);
        }
    }
    return false;
}

template class SphereForest<2>;
template class SphereForest<3>;

}  // namespace assistd::simulation
