#pragma once
// What was spent on models: one entry for each turn and for each request that the daemon makes on its own,
// and their sums. Entries outlive the conversations that they were made for. Value types.

#include <cstdint>
#include <string>

#include "base/time.h"
#include "core/conversation.h"
#include "core/message.h"

namespace assistd::core {

// A request that belongs to no turn; the store writes the turns' entries itself.
struct UsageEntry {
    Owner owner;
    Timestamp at;
    std::string purpose;  // "title"
    std::string provider;
    std::string model;
    Usage usage;
};

enum class UsageGroup { day, model, user };

struct UsageQuery {
    Owner owner;
    Timestamp from;  // the first moment that counts
    Timestamp to;    // the first one that does not
    UsageGroup group = UsageGroup::day;
    bool everybody = false;  // whoever the owner is
};

// The sums of one day, model or user.
struct UsageRow {
    std::string day;  // "2026-03-01", UTC; of groups by day
    std::string user;
    std::string provider;
    std::string model;

    std::int64_t turns = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
    std::int64_t requests = 0;  // answers of models: rounds of turns, titles
    std::int64_t tool_calls = 0;
    Usage usage;

    UsageRow& operator+=(const UsageRow& other) {
        turns += other.turns;
        completed += other.completed;
        failed += other.failed;
        cancelled += other.cancelled;
        requests += other.requests;
        tool_calls += other.tool_calls;
        usage += other.usage;
        return *this;
    }
};

}  // namespace assistd::core
