#pragma once
// Points in two and three dimensions. Plain values, usable from any thread.

#include <array>
#include <cmath>

namespace assistd::simulation {

template <int D>
struct Vec {
    std::array<double, D> at{};

    double operator[](int axis) const { return at[axis]; }
    double& operator[](int axis) { return at[axis]; }

    Vec& operator+=(const Vec& other) {
        for (int axis = 0; axis < D; ++axis) at[axis] += other.at[axis];
        return *this;
    }
    Vec& operator-=(const Vec& other) {
        for (int axis = 0; axis < D; ++axis) at[axis] -= other.at[axis];
        return *this;
    }
    Vec& operator*=(double factor) {
        for (int axis = 0; axis < D; ++axis) at[axis] *= factor;
        return *this;
    }
    friend Vec operator+(Vec left, const Vec& right) { return left += right; }
    friend Vec operator-(Vec left, const Vec& right) { return left -= right; }
    friend Vec operator*(Vec vector, double factor) { return vector *= factor; }
    friend bool operator==(const Vec&, const Vec&) = default;
};

template <int D>
double dot(const Vec<D>& left, const Vec<D>& right) {
    double sum = 0;
    for (int axis = 0; axis < D; ++axis) sum += left.at[axis] * right.at[axis];
    return sum;
}

template <int D>
double norm(const Vec<D>& vector) {
    return std::sqrt(dot(vector, vector));
}

template <int D>
double distance(const Vec<D>& left, const Vec<D>& right) {
    return norm(left - right);
}

}  // namespace assistd::simulation
