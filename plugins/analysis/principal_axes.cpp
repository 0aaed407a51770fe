#include "principal_axes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace assistd::analysis {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

// Off-diagonal parts of the gyration tensor below this fraction of its trace are rounding, not a direction.
constexpr double no_direction = 1e-9;

double weight(const Particle& particle, int dimensions) {
    return std::pow(particle.radius, dimensions);
}

Vector centre_of_mass(std::span<const Particle> particles, int dimensions) {
    Vector sum{};
    double total = 0;
    for (const Particle& particle : particles) {
        const double w = weight(particle, dimensions);
        total += w;
        sum[0] += w * particle.x;
        sum[1] += w * particle.y;
        sum[2] += w * particle.z;
    }
    for (double& value : sum) value /= total;
    return sum;
}

Vector from_centre(const Particle& particle, const Vector& centre, int dimensions) {
    return {particle.x - centre[0], particle.y - centre[1], dimensions == 3 ? particle.z - centre[2] : 0};
}

Matrix gyration_tensor(std::span<const Particle> particles, const Vector& centre, int dimensions) {
    Matrix tensor{};
    double total = 0;
    for (const Particle& particle : particles) {
        const Vector at = from_centre(particle, centre, dimensions);
        const double w = weight(particle, dimensions);
        total += w;
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j) tensor[i][j] += w * at[i] * at[j];
    }
    for (Vector& row : tensor)
        for (double& value : row) value /= total;
    return tensor;
}

// Jacobi's method: turns `tensor` diagonal and returns the axes as rows.
Matrix diagonalise(Matrix& tensor) {
    Matrix axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    const double rounding = no_direction * (tensor[0][0] + tensor[1][1] + tensor[2][2]);
    for (int sweep = 0; sweep < 50; ++sweep) {
        bool turned = false;
        for (const auto& [p, q] : {std::pair{0, 1}, std::pair{0, 2}, std::pair{1, 2}}) {
            if (std::abs(tensor[p][q]) <= rounding) continue;
            turned = true;
            const double angle = 0.5 * std::atan2(2 * tensor[p][q], tensor[p][p] - tensor[q][q]);
            const double c = std::cos(angle), s = std::sin(angle);
            for (int k = 0; k < 3; ++k) {  // columns, then rows
                const double first = tensor[k][p], second = tensor[k][q];
                tensor[k][p] = c * first + s * second;
                tensor[k][q] = c * second - s * first;
            }
            for (int k = 0; k < 3; ++k) {
                const double first = tensor[p][k], second = tensor[q][k];
                tensor[p][k] = c * first + s * second;
                tensor[q][k] = c * second - s * first;
                const double from = axes[p][k], to = axes[q][k];
                axes[p][k] = c * from + s * to;
                axes[q][k] = c * to - s * from;
            }
        }
        if (!turned) break;
    }
    return axes;
}

double along(const Vector& axis, const Vector& at) {
    return axis[0] * at[0] + axis[1] * at[1] + axis[2] * at[2];
}

}  // namespace

std::vector<Particle> along_principal_axes(std::vector<Particle> particles, int dimensions) {
    if (particles.empty()) return particles;
    const Vector centre = centre_of_mass(particles, dimensions);
    Matrix tensor = gyration_tensor(particles, centre, dimensions);
    const Matrix found = diagonalise(tensor);

    std::array<int, 3> order{0, 1, 2};
    std::stable_sort(order.begin(), order.begin() + dimensions, [&](int first, int second) {
        return tensor[first][first] > tensor[second][second] * (1 + no_direction);
    });
    Matrix axes{};
    for (int axis = 0; axis < 3; ++axis) axes[axis] = found[order[axis]];

    Vector third_moment{};
    for (const Particle& particle : particles)
        for (int axis = 0; axis < 3; ++axis)
            third_moment[axis] += weight(particle, dimensions) *
                                  std::pow(along(axes[axis], from_centre(particle, centre, dimensions)), 3);
    const double scale = std::pow(tensor[0][0] + tensor[1][1] + tensor[2][2], 1.5) *
                         weight(particles.front(), dimensions) * static_cast<double>(particles.size());
    for (int axis = 0; axis < 3; ++axis)
        if (third_moment[axis] < -no_direction * scale)
            for (double& value : axes[axis]) value = -value;

    for (Particle& particle : particles) {
        const Vector at = from_centre(particle, centre, dimensions);
        particle.x = along(axes[0], at);
        particle.y = along(axes[1], at);
        particle.z = along(axes[2], at);
    }
    return particles;
}

}  // namespace assistd::analysis
