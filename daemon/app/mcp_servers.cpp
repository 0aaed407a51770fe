#include "app/mcp_servers.h"

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

}  // namespace assistd::app
