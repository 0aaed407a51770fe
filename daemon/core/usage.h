#pragma once
// What was spent on models: one entry for each turn and for each request that the daemon makes on its own,
// and their sums. Entries outlive the conversations that they were made for. Value types.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "core/conversation.h"
#include "core/message.h"

namespace assistd::core {

// What was spent by what is not stored: a title, or a turn of which nothing is kept. The store writes the
// entries of the turns that it has itself.
struct UsageEntry {
    Owner owner;
    Timestamp at;
    std::string purpose;  // "title", or "completion": a turn
    std::string provider;
    std::string model;
    Usage usage;
    std::string outcome;  // of a turn: the name of its state
    std::int64_t requests = 1;
    std::int64_t tool_calls = 0;
    std::optional<std::chrono::microseconds> duration;  // of a turn
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
