#pragma once
// The MCP servers of the configuration, as the tools' folder takes them. Reads their keys.

#include "base/config.h"
#include "tools/mcp/mcp_source.h"

namespace assistd::app {

// In safe mode they are told of and not started. Throws Error{validation} when a key cannot be read.
std::vector<tools::mcp::ServerSettings> mcp_servers_of(const Config& config);

}  // namespace assistd::app
