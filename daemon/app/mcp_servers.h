#pragma once
// The MCP servers of the configuration, as the tools' folder takes them. Reads their keys.

#include "base/config.h"
#include "tools/mcp/mcp_source.h"

namespace assistd::app {

// Throws Error{validation} when a key cannot be read.
tools::mcp::McpSourceOptions mcp_options(const Config& config, std::shared_ptr<HttpClient> client);

}  // namespace assistd::app
