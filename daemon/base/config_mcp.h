#pragma once
// The part of the configuration that is about the Model Context Protocol. Values; any thread.

namespace assistd {

struct ConfigValue;

struct McpConfig {
    bool serve = true;  // the daemon's tools at /mcp
};

// Reads and checks the section `mcp`. Throws Error{validation}.
McpConfig read_mcp(const ConfigValue& section);

}  // namespace assistd
