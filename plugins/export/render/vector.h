#pragma once
// Points and directions in the camera's coordinates: x to the right, y up, z away from the viewer. Values.

#include <cmath>

namespace assistd::exporting {

struct Vector {
    float x = 0, y = 0, z = 0;
};

inline Vector operator+(const Vector& a, const Vector& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vector operator-(const Vector& a, const Vector& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vector operator*(float factor, const Vector& a) {
    return {factor * a.x, factor * a.y, factor * a.z};
}
inline float dot(const Vector& a, const Vector& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vector cross(const Vector& a, const Vector& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vector unit(const Vector& a) {
    return 1 / std::sqrt(dot(a, a)) * a;
}

}  // namespace assistd::exporting
