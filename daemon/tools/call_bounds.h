#pragma once
// How much a call may take: what its plugin asks for, or less where the administrator says so, and how that
// is told. Value type and functions without state.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

// The administrator's; 0: as much as is asked for.
struct CallBounds {
    std::int64_t memory_mib = 0;
    std::chrono::seconds time{0};

    bool operator==(const CallBounds&) const = default;
};

using ToolSpecs = std::vector<std::shared_ptr<const core::ToolSpec>>;

// The tools, none of which gets more than that.
ToolSpecs within(const CallBounds& bounds, const ToolSpecs& tools);
// What such tools were denied: "Its tools ask for up to 600 s and 4096 MiB a call, and the administrator
// allows 60 s (plugins.max_time_s) and 512 MiB (plugins.max_memory_mib)."; empty: nothing.
std::string told_denials(const ToolSpecs& tools);

// The end of a sentence about a call that took too long: "5 s, its time limit", or whose limit it was.
std::string time_limit_of(const core::ToolSpec& tool);
// What follows the sentence about a call that may have ended for want of memory: empty, or that the
// administrator allows less than was asked for.
std::string memory_denial_of(const core::ToolSpec& tool);

}  // namespace assistd::tools
