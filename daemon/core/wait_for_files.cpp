#include "core/wait_for_files.h"

#include <algorithm>

#include "base/error.h"
#include "base/pause.h"

namespace assistd::core {
namespace {

using Clock = std::chrono::steady_clock;

// Most files are indexed in less than the first pause; large ones are not asked for often.
constexpr std::chrono::milliseconds first_pause{20};
constexpr std::chrono::milliseconds longest_pause{500};

// False for a store that was deleted meanwhile: there is nothing to wait for.
Task<bool> is_indexing(Knowledge& knowledge, Owner owner, VectorStoreId id) {
    try {
        const VectorStore store = co_await knowledge.store(std::move(owner), id);
        co_return store.counts.in_progress > 0;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return false;
}

}  // namespace

Task<void> wait_for_files(Knowledge& knowledge, const Turn& turn, std::chrono::milliseconds patience,
                          std::stop_token stop) {
    const Clock::time_point end = Clock::now() + patience;
    std::chrono::milliseconds next = first_pause;
    for (const VectorStoreId store : turn.options->vector_stores) {
        while (co_await is_indexing(knowledge, turn.owner, store)) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
            if (left <= std::chrono::milliseconds(0)) co_return;
            co_await pause(std::min(next, left), stop);
            if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "The turn was stopped.");
            next = std::min(2 * next, longest_pause);
        }
    }
}

}  // namespace assistd::core
