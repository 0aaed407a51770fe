#pragma once
// The tools of the MCP servers that the configuration names: each server by itself, as if it were a plugin
// with the id mcp.NAME. Made by app; thread-safe.

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "tools/mcp/remote_server.h"
#include "tools/source.h"

namespace assistd::tools::mcp {

struct McpSourceOptions {
    std::vector<ServerSettings> servers;
    std::shared_ptr<HttpClient> client;
    std::string instance;  // the daemon's own id (base/mcp_origin.h)
};

class McpSource : public ToolSource {
  public:
    McpSource(asio::io_context& context, core::Artifacts& artifacts, McpSourceOptions options);

    // Connects to every server, in the background. `changed` is called whenever other tools are offered.
    void start(std::function<void()> changed);
    // Servers with the settings that they have stay as they are; the others are connected anew, and those
    // that are gone end after the calls that they are running.
    void change(std::vector<ServerSettings> servers);
    // Ends every connection and every program; returns when they are gone.
    Task<void> stop();

    std::vector<std::shared_ptr<const core::ToolSpec>> tools() const override;
    std::vector<core::WaitingTool> waiting() const override;
    std::vector<core::PluginStatus> plugins() const override;
    std::optional<Quarantine> quarantine(const core::ToolSpec& tool, bool background) const override;
    bool release_plugin(const std::string& id) override;
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress) override;

  private:
    // Told of changes by servers that may outlive this.
    struct Listener {
        std::mutex mutex;
        std::function<void()> changed;
    };

    // One server, for as long as it is configured or runs a call.
    struct Use;
    using UsePtr = std::shared_ptr<Use>;

    std::vector<UsePtr> servers() const;
    UsePtr find(const std::string& id) const;  // null: there is none
    UsePtr make(ServerSettings settings);

    asio::io_context& context_;
    core::Artifacts& artifacts_;
    const std::shared_ptr<HttpClient> client_;
    const std::string instance_;
    const std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
    mutable std::mutex mutex_;
    std::vector<UsePtr> servers_;
    std::vector<std::weak_ptr<Use>> leaving_;  // that still run calls
};

}  // namespace assistd::tools::mcp
