#include "render/contacts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace assistd::exporting {
namespace {

constexpr double tolerance = 1e-6;
constexpr int bits = 21;  // of a cell's place along one axis
constexpr std::int64_t row = std::int64_t{1} << bits;
constexpr std::int64_t layer = row << bits;

struct Entry {
    std::int64_t cell;
    std::uint32_t particle;
};

// The particles by their cells, which are as wide as the largest distance of a contact. Cells along x have
// neighbouring numbers.
class Cells {
  public:
    Cells(std::span<const Particle> particles, double margin) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        std::array<double, 3> least{infinity, infinity, infinity};
        double most = -infinity, radius = 0;
        for (const Particle& each : particles) {
            least = {std::min(least[0], each.x), std::min(least[1], each.y), std::min(least[2], each.z)};
            radius = std::max(radius, each.radius);
        }
        for (const Particle& each : particles)
            most = std::max({most, each.x - least[0], each.y - least[1], each.z - least[2]});
        // No more cells along an axis than the number of a cell has place for.
        const double width = std::max(2 * radius + margin, most / (row / 2));
        entries_.reserve(particles.size());
        for (std::size_t i = 0; i < particles.size(); ++i) {
            const Particle& each = particles[i];
            // From 1 on, so that the neighbours of the first cell are numbers of no other row.
            const auto place = [&](double at, int axis) {
                return static_cast<std::int64_t>((at - least[static_cast<std::size_t>(axis)]) / width) + 1;
            };
            entries_.push_back({place(each.z, 2) * layer + place(each.y, 1) * row + place(each.x, 0),
                                static_cast<std::uint32_t>(i)});
        }
        std::sort(entries_.begin(), entries_.end(),
                  [](const Entry& a, const Entry& b) { return a.cell < b.cell; });
    }

    const std::vector<Entry>& entries() const { return entries_; }

  private:
    std::vector<Entry> entries_;
};

}  // namespace

std::vector<int> contacts_of(std::span<const Particle> particles, Call& call) {
    double sum = 0;
    for (const Particle& each : particles) sum += each.radius;
    const double margin = tolerance * sum / static_cast<double>(particles.size());
    const Cells cells(particles, margin);
    const std::vector<Entry>& entries = cells.entries();

    std::vector<int> counts(particles.size(), 0);
    const auto touch = [&](const Particle& a, const Particle& b) {
        const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
        const double reach = a.radius + b.radius + margin;
        return dx * dx + dy * dy + dz * dz <= reach * reach;
    };
    // Of the nine rows around a cell those that come later, and its own: each pair is met once. The cells
    // come in their order, so the first candidate in each row only moves on.
    constexpr std::array<std::int64_t, 5> rows{0, row, layer - row, layer, layer + row};
    std::array<std::size_t, 5> first{};
    Steps steps = call.steps(entries.size(), "finding contacts", 0, 0.05);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        steps.at(i);
        const Particle& own = particles[entries[i].particle];
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const std::int64_t middle = entries[i].cell + rows[k];
            while (first[k] < entries.size() && entries[first[k]].cell < middle - 1) ++first[k];
            for (std::size_t j = k == 0 ? i + 1 : first[k];
                 j < entries.size() && entries[j].cell <= middle + 1; ++j) {
                if (!touch(own, particles[entries[j].particle])) continue;
                ++counts[entries[i].particle];
                ++counts[entries[j].particle];
            }
        }
    }
    return counts;
}

}  // namespace assistd::exporting
