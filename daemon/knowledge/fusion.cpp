#include "knowledge/fusion.h"

#include <algorithm>
#include <unordered_map>

namespace assistd::knowledge {
namespace {

constexpr double smoothing = 60;

bool is_better(const Scored& left, const Scored& right) {
    if (left.score != right.score) return left.score > right.score;
    return left.chunk < right.chunk;
}

}  // namespace

std::vector<Scored> fuse(const std::vector<std::vector<Scored>>& rankings) {
    std::unordered_map<Key, double> sums;
    for (const auto& ranking : rankings)
        for (std::size_t rank = 0; rank < ranking.size(); ++rank)
            sums[ranking[rank].chunk] += 1 / (smoothing + 1 + static_cast<double>(rank));
    const double most = static_cast<double>(rankings.size()) / (smoothing + 1);
    std::vector<Scored> fused;
    fused.reserve(sums.size());
    for (const auto& [chunk, sum] : sums) fused.push_back({chunk, std::min(1.0, sum / most)});
    std::ranges::sort(fused, is_better);
    return fused;
}

}  // namespace assistd::knowledge
