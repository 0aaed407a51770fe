#include "engine/free_surface.h"

#include <algorithm>

namespace assistd::simulation {

namespace {

// A point at the edge of a cap counts as free within this.
constexpr double tolerance = 1e-12;

// The points y of the unit sphere with dot(y, axis) > height are taken.
template <int D>
struct Cap {
    Vec<D> axis;
    double height = 0;
};

template <int D>
bool is_free(const Vec<D>& point, const std::vector<Cap<D>>& caps) {
    return std::none_of(caps.begin(), caps.end(),
                        [&](const Cap<D>& cap) { return dot(point, cap.axis) > cap.height + tolerance; });
}

Vec<3> cross(const Vec<3>& a, const Vec<3>& b) {
    return {{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}};
}

// Any point of a cap's edge.
Vec<3> edge_point(const Cap<3>& cap) {
    const Vec<3> other = std::abs(cap.axis[0]) < 0.5 ? Vec<3>{{1, 0, 0}} : Vec<3>{{0, 1, 0}};
    Vec<3> across = cross(cap.axis, other);
    across *= 1 / norm(across);
    return cap.axis * cap.height + across * std::sqrt(1 - cap.height * cap.height);
}

bool edges_leave_room(const std::vector<Cap<2>>& caps) {
    for (const Cap<2>& cap : caps) {
        const double sine = std::sqrt(1 - cap.height * cap.height);
        for (const double side : {sine, -sine}) {
            const Vec<2> across{{-cap.axis[1], cap.axis[0]}};
            if (is_free(cap.axis * cap.height + across * side, caps)) return true;
        }
    }
    return false;
}

bool edges_leave_room(const std::vector<Cap<3>>& caps) {
    for (std::size_t i = 0; i < caps.size(); ++i) {
        if (is_free(edge_point(caps[i]), caps)) return true;
        for (std::size_t j = 0; j < i; ++j) {
            const double cosine = dot(caps[i].axis, caps[j].axis);
            const double square = 1 - cosine * cosine;
            if (square < 1e-14) continue;
            const double a = (caps[i].height - caps[j].height * cosine) / square;
            const double b = (caps[j].height - caps[i].height * cosine) / square;
            const Vec<3> foot = caps[i].axis * a + caps[j].axis * b;
            const double rest = 1 - dot(foot, foot);
            if (rest < 0) continue;
            const Vec<3> along = cross(caps[i].axis, caps[j].axis) * std::sqrt(rest / square);
            if (is_free(foot + along, caps) || is_free(foot - along, caps)) return true;
        }
    }
    return false;
}

}  // namespace

template <int D>
bool has_room(const Vec<D>& centre, double contact, const std::vector<Obstacle<D>>& obstacles) {
    std::vector<Cap<D>> caps;
    for (const Obstacle<D>& each : obstacles) {
        const Vec<D> apart = each.centre - centre;
        const double gap = norm(apart);
        if (gap >= contact + each.distance) continue;
        // The law of cosines.
        const double height =
            (contact * contact + gap * gap - each.distance * each.distance) / (2 * contact * gap);
        if (height <= -1) return false;
        if (height < 1) caps.push_back({apart * (1 / gap), height});
    }
    return caps.empty() || edges_leave_room(caps);
}

template bool has_room<2>(const Vec<2>&, double, const std::vector<Obstacle<2>>&);
template bool has_room<3>(const Vec<3>&, double, const std::vector<Obstacle<3>>&);

}  // namespace assistd::simulation
