#pragma once
// What those are told who watch over the daemon: whether it can work, how each part does, and its numbers.
// Implemented in app/, which knows all parts; any thread.

#include <chrono>
#include <string>
#include <vector>

#include "base/async.h"

namespace assistd::api::admin {

enum class Condition { ok, degraded, down };

struct PartHealth {
    std::string name;
    Condition condition = Condition::ok;
    std::string reason;   // a sentence, unless it is ok
    std::string details;  // a JSON object
};

struct Health {
    std::string version;
    std::chrono::seconds uptime{0};
    std::vector<PartHealth> parts;
};

class Watch {
  public:
    virtual ~Watch() = default;
    // Why no work should be sent here; empty: it can be.
    virtual Task<std::string> reason_not_ready() = 0;
    virtual Task<Health> health() = 0;
    virtual Task<std::string> metrics() = 0;  // in Prometheus' text format
};

}  // namespace assistd::api::admin
