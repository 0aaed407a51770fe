#include "app/mcp_servers.h"

#include <algorithm>

#include "app/plugin_places.h"
#include "base/secret.h"

namespace assistd::app {

tools::mcp::McpSourceOptions mcp_options(const Config& config, std::shared_ptr<HttpClient> client) {
    tools::mcp::McpSourceOptions options;
    options.client = std::move(client);
    for (const McpServerConfig& server : config.mcp.servers) {
        if (!server.enabled) continue;
        tools::mcp::ServerSettings settings;
        settings.config = server;
        settings.api_key = read_key("MCP server \"" + server.name + "\"",
                                    {server.api_key_env, server.api_key_file, server.api_key_credential});
        settings.keeper = keeper();
        options.servers.push_back(std::move(settings));
    }
    return options;
}

bool may_be_of_mcp(const Config& config, const std::string& tool) {
    const auto& servers = config.mcp.servers;
    return std::any_of(servers.begin(), servers.end(),
                       [&](const McpServerConfig& server) { return tool.starts_with(server.prefix); });
}

}  // namespace assistd::app
