#pragma once
// How well tools and models' servers did: how many calls succeeded, what became of the others, and how long
// they took. Implemented in store/, from what the audit log and the usage book say; any thread. Value types.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/time.h"
#include "core/conversation.h"

namespace assistd::core {

struct ReliabilityQuery {
    Owner owner;
    Timestamp from;          // the first moment that counts
    Timestamp to;            // the first one that does not
    bool everybody = false;  // whoever the owner is
};

// Of one tool: its calls. Of one provider: its turns.
struct ReliabilityRow {
    std::string name;
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
    std::int64_t refused = 0;    // before it ran: arguments, rules, limits, a person
    std::int64_t cancelled = 0;  // by whoever had asked
    // The half of those that ran took at most as long as the first, all but a twentieth as the second.
    // Nothing: none ran, or nobody knows.
    std::optional<std::chrono::microseconds> median;
    std::optional<std::chrono::microseconds> slow;

    std::int64_t calls() const { return succeeded + failed + refused + cancelled; }
    // Of those that ran to an end of their own.
    std::optional<double> success_rate() const {
        if (succeeded + failed == 0) return std::nullopt;
        return static_cast<double>(succeeded) / static_cast<double>(succeeded + failed);
    }
};

class Reliability {
  public:
    virtual ~Reliability() = default;
    // In the order of names. A call that went on as a job counts once, as it ended.
    virtual Task<std::vector<ReliabilityRow>> of_tools(ReliabilityQuery query) = 0;
    virtual Task<std::vector<ReliabilityRow>> of_providers(ReliabilityQuery query) = 0;
};

}  // namespace assistd::core
