#include "engine/periodic_space.h"

#include <algorithm>
#include <cmath>

namespace assistd::simulation {

template <int D>
PeriodicSpace<D>::PeriodicSpace(double side, std::size_t balls)
    : side_(side), inverse_side_(1 / side), balls_(balls) {}

template <int D>
Vec<D> PeriodicSpace<D>::wrapped(Vec<D> place) const {
    for (int axis = 0; axis < D; ++axis) place[axis] -= side_ * std::floor(place[axis] * inverse_side_);
    return place;
}

template <int D>
std::int32_t PeriodicSpace<D>::class_for(double radius) {
    int number = 0;
    std::frexp(radius * (1 - 1e-12), &number);
    const auto found = std::find_if(classes_.begin(), classes_.end(),
                                    [&](const auto& each) { return each.number == number; });
    if (found != classes_.end()) return static_cast<std::int32_t>(found - classes_.begin());
    SizeClass made;
    made.number = number;
    made.largest = std::ldexp(1.0, number);
    // Cells of about two radii; never many more cells than balls.
    const double most = std::pow(2.0 * static_cast<double>(balls_.size()), 1.0 / D);
    made.cells = std::max(1, static_cast<int>(std::min(side_ / (2 * made.largest), most)));
    made.inverse_cell = made.cells * inverse_side_;
    made.first.assign(
        static_cast<std::size_t>(D == 3 ? made.cells * made.cells * made.cells : made.cells * made.cells),
        -1);
    classes_.push_back(made);
    return static_cast<std::int32_t>(classes_.size()) - 1;
}

template <int D>
std::int32_t PeriodicSpace<D>::cell_of(const SizeClass& sizes, const Vec<D>& place) const {
    const Vec<D> inside = wrapped(place);
    std::int32_t cell = 0;
    for (int axis = D - 1; axis >= 0; --axis) {
        const int at = static_cast<int>(inside[axis] * sizes.inverse_cell);
        cell = cell * sizes.cells + std::clamp(at, 0, sizes.cells - 1);
    }
    return cell;
}

template <int D>
void PeriodicSpace<D>::add(std::int32_t ball, const Vec<D>& centre, double radius) {
    const std::int32_t number = class_for(radius);
    balls_[static_cast<std::size_t>(ball)].size_class = number;
    SizeClass& sizes = classes_[static_cast<std::size_t>(number)];
    balls_[static_cast<std::size_t>(ball)].place = static_cast<std::int32_t>(sizes.members.size());
    sizes.members.push_back(ball);
    link(ball, cell_of(sizes, centre));
}

template <int D>
void PeriodicSpace<D>::remove(std::int32_t ball) {
    unlink(ball);
    const Ball& gone = balls_[static_cast<std::size_t>(ball)];
    std::vector<std::int32_t>& members = classes_[static_cast<std::size_t>(gone.size_class)].members;
    const std::int32_t last = members.back();
    members[static_cast<std::size_t>(gone.place)] = last;
    balls_[static_cast<std::size_t>(last)].place = gone.place;
    members.pop_back();
}

template <int D>
void PeriodicSpace<D>::move(std::int32_t ball, const Vec<D>& centre) {
    const Ball& moved = balls_[static_cast<std::size_t>(ball)];
    const std::int32_t cell = cell_of(classes_[static_cast<std::size_t>(moved.size_class)], centre);
    if (cell == moved.cell) return;
    unlink(ball);
    link(ball, cell);
}

template <int D>
void PeriodicSpace<D>::link(std::int32_t ball, std::int32_t cell) {
    Ball& added = balls_[static_cast<std::size_t>(ball)];
    std::int32_t& first =
        classes_[static_cast<std::size_t>(added.size_class)].first[static_cast<std::size_t>(cell)];
    added.cell = cell;
    added.previous = -1;
    added.next = first;
    if (first >= 0) balls_[static_cast<std::size_t>(first)].previous = ball;
    first = ball;
}

template <int D>
void PeriodicSpace<D>::unlink(std::int32_t ball) {
    const Ball& taken = balls_[static_cast<std::size_t>(ball)];
    if (taken.next >= 0) balls_[static_cast<std::size_t>(taken.next)].previous = taken.previous;
    if (taken.previous >= 0)
        balls_[static_cast<std::size_t>(taken.previous)].next = taken.next;
    else
        classes_[static_cast<std::size_t>(taken.size_class)].first[static_cast<std::size_t>(taken.cell)] =
            taken.next;
}

template <int D>
std::size_t PeriodicSpace<D>::bytes() const {
    std::size_t sum = balls_.capacity() * sizeof(Ball);
    for (const SizeClass& sizes : classes_)
        sum += (sizes.first.capacity() + sizes.members.capacity()) * sizeof(std::int32_t);
    return sum;
}

template class PeriodicSpace<2>;
template class PeriodicSpace<3>;

}  // namespace assistd::simulation
