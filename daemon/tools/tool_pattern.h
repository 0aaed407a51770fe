#pragma once
// Which tools a rule or limit is about. Pure functions; any thread.

#include <span>
#include <string>
#include <string_view>

#include "base/policy_config.h"
#include "core/tool.h"

namespace assistd::tools {

// `*` in the pattern stands for any text, also none.
bool fits(std::string_view pattern, std::string_view text);

bool is_about(const ToolPattern& pattern, const core::ToolSpec& tool);
bool is_about(std::span<const ToolPattern> patterns, const core::ToolSpec& tool);  // one of them

// The daemon's own tools.
bool is_built_in(const core::ToolSpec& tool);

}  // namespace assistd::tools
