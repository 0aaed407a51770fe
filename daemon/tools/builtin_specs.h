#pragma once
// What the daemon's own tools are called, take and are asked for with. Pure functions; any thread.

#include <memory>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> builtin_specs();

}  // namespace assistd::tools
