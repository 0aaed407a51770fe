#include "app/mcp_servers.h"

#include "app/plugin_places.h"
#include "base/secret.h"

namespace assistd::app {

std::vector<tools::mcp::ServerSettings> mcp_servers_of(const Config& config) {
    std::vector<tools::mcp::ServerSettings> servers;
    for (const McpServerConfig& server : config.mcp.servers) {
        if (!server.enabled) continue;
        tools::mcp::ServerSettings settings;
        settings.config = server;
        settings.left_out = config.safe_mode;
        if (!settings.left_out)
            settings.api_key = read_key("MCP server \"" + server.name + "\"",
                                        {server.api_key_env, server.api_key_file, server.api_key_credential});
        settings.keeper = keeper();
        servers.push_back(std::move(settings));
    }
    return servers;
}

}  // namespace assistd::app
