#pragma once
// Tools as tools/list shows them. Pure functions; any thread.

#include <string>

#include "api/mcp/wire.h"
#include "core/tool.h"

namespace assistd::api::mcp {

// {"tools": […], "nextCursor"?}. Throws RpcError for a cursor that is none.
Json tool_list(const core::ToolSet& tools, const Json& cursor);

// Whether results of the tool promise to fit its output schema.
bool tells_output(const core::ToolSpec& tool);

// Whether the call's project has to come among the arguments, because the tool wants one and has no argument
// of that name.
bool takes_project(const core::ToolSpec& tool);

}  // namespace assistd::api::mcp
