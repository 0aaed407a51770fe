#pragma once
// The tools that one turn's model is told of: the daemon's that are offered to the user and that the turn's
// options let through, and the client's own. Pure functions.

#include <memory>

#include "core/tool.h"
#include "core/turn_options.h"

namespace assistd::core {

// `offered` itself when the options change nothing about it. The same tools have the same version.
std::shared_ptr<const ToolSet> tools_of_turn(std::shared_ptr<const ToolSet> offered,
                                             const TurnOptions& options);

}  // namespace assistd::core
