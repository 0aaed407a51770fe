#pragma once
// The part of the configuration that is about MCP. For config.cpp alone; any thread.

#include <map>
#include <string>

#include "base/config_endpoint.h"
#include "base/config_value.h"
#include "base/mcp_config.h"

namespace assistd {

// Reads and checks the section `mcp`, also that each key can be found: `environment` has the variables that
// api_key_env may name. Throws Error{validation}.
McpConfig read_mcp(const ConfigValue& mcp, const KeySources& keys);

}  // namespace assistd
