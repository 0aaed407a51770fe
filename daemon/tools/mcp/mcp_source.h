#pragma once
// The tools of the MCP servers that the configuration names: each server by itself, as if it were a plugin
// with the id mcp.NAME. Made by app; thread-safe.

#include <functional>
#include <memory>
#include <vector>

#include "tools/mcp/remote_server.h"
#include "tools/source.h"

namespace assistd::tools::mcp {

struct McpSourceOptions {
    std::vector<ServerSettings> servers;
    std::shared_ptr<HttpClient> client;
};

class McpSource : public ToolSource {
  public:
    McpSource(asio::io_context& context, core::Artifacts& artifacts, McpSourceOptions options);

    // Connects to every server, in the background. `changed` is called whenever other tools are offered.
    void start(std::function<void()> changed);
    // Ends every connection and every program; returns when they are gone.
    Task<void> stop();

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override;
    std::vector<core::PluginStatus> plugins() const override;
    bool release_plugin(const std::string& id) override;
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    // Told of changes by servers that may outlive this.
    struct Listener {
        std::mutex mutex;
        std::function<void()> changed;
    };

    const std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
    std::vector<std::shared_ptr<RemoteServer>> servers_;
};

}  // namespace assistd::tools::mcp
