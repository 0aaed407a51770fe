#pragma once
// What one user may do with one tool: whether it may be called, and what is left of the limits that it is
// under. Value types.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/tool.h"

namespace assistd::core {

// One limit on a user's calls, and how much of it is used.
struct QuotaStatus {
    std::string per;                 // minute, day or at_once
    std::vector<std::string> tools;  // that share it, as the configuration names them; empty: of all plugins
    std::int64_t limit = 0;
    std::int64_t used = 0;
    std::optional<Timestamp> free_at;  // of a limit that is used up, when that is known
};

struct ToolAccess {
    std::shared_ptr<const ToolSpec> tool;  // needs_approval is as it is for this user
    bool allowed = true;
    std::string reason;  // a sentence when it is not
    std::vector<QuotaStatus> quotas;
};

}  // namespace assistd::core
