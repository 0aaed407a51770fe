#pragma once
// What the daemon's own tools are called, take and are asked for with. Pure functions; any thread.

#include <memory>
#include <string>
#include <vector>

#include "core/tool.h"

namespace assistd::tools {

std::vector<std::shared_ptr<const core::ToolSpec>> builtin_specs();

// One of the daemon's own tools: it reads, and may be repeated.
std::shared_ptr<core::ToolSpec> own_tool(std::string name, std::string title, std::string description,
                                         std::string input_schema, std::vector<std::string> phrases,
                                         std::vector<std::string> options = {});

}  // namespace assistd::tools
