#include <algorithm>
#include <cmath>
#include <numbers>

#include "measure/shape.h"

namespace assistd::simulation {

namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

// Cyclic Jacobi: makes `m` diagonal and returns the turn, one eigenvector in each column.
Matrix diagonalise(Matrix& m) {
    Matrix turn{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (int sweep = 0; sweep < 50; ++sweep) {
        const double off = std::abs(m[0][1]) + std::abs(m[0][2]) + std::abs(m[1][2]);
        if (off <= 1e-15 * (m[0][0] + m[1][1] + m[2][2])) break;
        for (int p = 0; p < 2; ++p) {
            for (int q = p + 1; q < 3; ++q) {
                if (m[p][q] == 0) continue;
                const double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
                const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const double c = 1 / std::sqrt(t * t + 1);
                const double s = t * c;
                for (int k = 0; k < 3; ++k) {
                    const double kp = m[k][p], kq = m[k][q];
                    m[k][p] = c * kp - s * kq;
                    m[k][q] = s * kp + c * kq;
                }
                for (int k = 0; k < 3; ++k) {
                    const double pk = m[p][k], qk = m[q][k];
                    m[p][k] = c * pk - s * qk;
                    m[q][k] = s * pk + c * qk;
                }
                for (int k = 0; k < 3; ++k) {
                    const double kp = turn[k][p], kq = turn[k][q];
                    turn[k][p] = c * kp - s * kq;
                    turn[k][q] = s * kp + c * kq;
                }
            }
        }
    }
    return turn;
}

Matrix tensor(std::span<const Particle> particles) {
    double mass = 0;
    std::array<double, 3> centre{};
    for (const Particle& each : particles) {
        const double own = each.radius * each.radius * each.radius;
        mass += own;
        centre[0] += own * each.x;
        centre[1] += own * each.y;
        centre[2] += own * each.z;
    }
    for (double& at : centre) at /= mass;
    Matrix sum{};
    for (const Particle& each : particles) {
        const double own = each.radius * each.radius * each.radius;
        const std::array<double, 3> off{each.x - centre[0], each.y - centre[1], each.z - centre[2]};
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j) sum[i][j] += own * off[i] * off[j];
            sum[i][i] += 0.2 * own * each.radius * each.radius;
        }
    }
    for (auto& row : sum)
        for (double& entry : row) entry /= mass;
    return sum;
}

}  // namespace

Gyration gyration(std::span<const Particle> particles) {
    Gyration result;
    if (particles.empty()) return result;
    Matrix matrix = tensor(particles);
    const Matrix turn = diagonalise(matrix);
    std::array<int, 3> order{0, 1, 2};
    std::stable_sort(order.begin(), order.end(), [&](int i, int j) { return matrix[i][i] > matrix[j][j]; });
    for (int i = 0; i < 3; ++i) {
        result.moments[i] = matrix[order[i]][order[i]];
        for (int axis = 0; axis < 3; ++axis) result.axes[i][axis] = turn[axis][order[i]];
    }
    const auto& [m1, m2, m3] = result.moments;
    const double square = m1 + m2 + m3;
    result.radius = std::sqrt(square);
    // A regular body has none of either, and rounding is no shape.
    const auto beyond_rounding = [square](double value) {
        return std::abs(value) > 1e-12 * square ? value : 0;
    };
    result.asphericity = beyond_rounding(m1 - (m2 + m3) / 2);
    result.acylindricity = beyond_rounding(m2 - m3);
    result.anisotropy =
        (result.asphericity * result.asphericity + 0.75 * result.acylindricity * result.acylindricity) /
        (square * square);
    return result;
}

double porosity(std::span<const Particle> particles, double radius_of_gyration) {
    double cubes = 0;
    for (const Particle& each : particles) cubes += each.radius * each.radius * each.radius;
    const double wide = 2 * radius_of_gyration;
    return 1 - cubes / (wide * wide * wide);
}

}  // namespace assistd::simulation
