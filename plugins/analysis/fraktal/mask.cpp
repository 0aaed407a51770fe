#include "fraktal/mask.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assistd::analysis {
namespace {

// A row's stretch of object pixels, first..last.
struct Run {
    int y;
    int first;
    int last;
};

std::vector<Run> runs_of(const Mask& mask) {
    std::vector<Run> runs;
    for (int y = 0; y < mask.height; ++y) {
        const std::uint8_t* row = mask.row(y);
        for (int x = 0; x < mask.width; ++x) {
            if (!row[x]) continue;
            const int first = x;
            while (x + 1 < mask.width && row[x + 1]) ++x;
            runs.push_back({y, first, x});
        }
    }
    return runs;
}

// Which runs hang together, as a forest of parents.
class Groups {
  public:
    explicit Groups(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0u); }

    std::uint32_t root(std::uint32_t of) {
        while (parent_[of] != of) of = parent_[of] = parent_[parent_[of]];
        return of;
    }
    // The earlier one stays the root, so that the result does not depend on the order of joining.
    void join(std::uint32_t one, std::uint32_t other) {
        const std::uint32_t a = root(one), b = root(other);
        parent_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<std::uint32_t> parent_;
};

Groups connected(const std::vector<Run>& runs) {
    Groups groups(runs.size());
    std::uint32_t above = 0;  // the first run of the row above that may still touch
    for (std::uint32_t i = 0; i < runs.size(); ++i) {
        while (above < i && runs[above].y < runs[i].y - 1) ++above;
        while (above < i && runs[above].y == runs[i].y - 1 && runs[above].last + 1 < runs[i].first) ++above;
        for (std::uint32_t j = above;
             j < i && runs[j].y == runs[i].y - 1 && runs[j].first <= runs[i].last + 1; ++j)
            groups.join(i, j);
    }
    return groups;
}

}  // namespace

std::uint64_t object_pixels(const Mask& mask) {
    std::uint64_t count = 0;
    for (const std::uint8_t pixel : mask.pixels) count += pixel;
    return count;
}

bool touches_border(const Mask& mask) {
    for (int x = 0; x < mask.width; ++x)
        if (mask.row(0)[x] || mask.row(mask.height - 1)[x]) return true;
    for (int y = 0; y < mask.height; ++y)
        if (mask.row(y)[0] || mask.row(y)[mask.width - 1]) return true;
    return false;
}

Silhouette measured(const Mask& mask, double pixel) {
    // Whole numbers, exact in a double's 53 bits for what an image may hold, summed per row.
    double count = 0, x_sum = 0, y_sum = 0, squares = 0;
    for (int y = 0; y < mask.height; ++y) {
        const std::uint8_t* row = mask.row(y);
        std::uint64_t in_row = 0, x_in_row = 0, squares_in_row = 0;
        for (int x = 0; x < mask.width; ++x) {
            const std::uint64_t at = static_cast<std::uint64_t>(x);
            in_row += row[x];
            x_in_row += row[x] * at;
            squares_in_row += row[x] * at * at;
        }
        const double found = static_cast<double>(in_row);
        count += found;
        x_sum += static_cast<double>(x_in_row);
        y_sum += found * y;
        squares += static_cast<double>(squares_in_row) + found * y * y;
    }
    const double x_mean = x_sum / count, y_mean = y_sum / count;
    const double rg2 = std::max(squares / count - x_mean * x_mean - y_mean * y_mean, 0.0);
    return {count * pixel * pixel, std::sqrt(rg2) * pixel, pixel};
}

Separation keep_largest(Mask& mask) {
    const std::vector<Run> runs = runs_of(mask);
    Groups groups = connected(runs);
    std::vector<std::uint64_t> sizes(runs.size());
    std::uint64_t all = 0;
    Separation separation;
    for (std::uint32_t i = 0; i < runs.size(); ++i) {
        const auto length = static_cast<std::uint64_t>(runs[i].last - runs[i].first + 1);
        sizes[groups.root(i)] += length;
        all += length;
        separation.objects += groups.root(i) == i;
    }
    if (runs.empty()) return separation;
    const auto largest =
        static_cast<std::uint32_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
    for (std::uint32_t i = 0; i < runs.size(); ++i)
        if (groups.root(i) != largest)
            std::fill_n(mask.row(runs[i].y) + runs[i].first, runs[i].last - runs[i].first + 1,
                        std::uint8_t{0});
    separation.dropped_pixels = all - sizes[largest];
    return separation;
}

}  // namespace assistd::analysis
