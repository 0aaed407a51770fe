#include "knowledge/fusion.h"

#include <algorithm>
#include <unordered_map>

namespace assistd::knowledge {
namespace {

constexpr double smoothing = 60;

struct Fused {
    Key chunk = 0;
    double sum = 0;
    double likeness = 0;
};

bool is_better(const Fused& left, const Fused& right) {
    if (left.sum != right.sum) return left.sum > right.sum;
    return left.chunk < right.chunk;
}

}  // namespace

std::vector<Scored> fuse(const std::vector<std::vector<Scored>>& rankings) {
    std::unordered_map<Key, Fused> by_chunk;
    for (const auto& ranking : rankings) {
        for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
            const Scored& one = ranking[rank];
            Fused& fused = by_chunk[one.chunk];
            fused.chunk = one.chunk;
            fused.sum += 1 / (smoothing + 1 + static_cast<double>(rank));
            fused.likeness = std::max(fused.likeness, std::min(1.0, one.score));
        }
    }
    std::vector<Fused> order;
    order.reserve(by_chunk.size());
    for (const auto& [chunk, fused] : by_chunk) order.push_back(fused);
    std::ranges::sort(order, is_better);
    std::vector<Scored> scored(order.size());
    double least = 0;
    for (std::size_t i = order.size(); i-- > 0;) {
        least = std::max(least, order[i].likeness);
        scored[i] = {order[i].chunk, least};
    }
    return scored;
}

}  // namespace assistd::knowledge
