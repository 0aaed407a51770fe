#include "tools/mcp/mcp_source.h"

#include <algorithm>

#include "tools/results.h"

namespace assistd::tools::mcp {
namespace {

Task<bool> stop_one(std::shared_ptr<RemoteServer> server) {
    co_await server->stop();
    co_return true;
}

}  // namespace

McpSource::McpSource(asio::io_context& context, core::Artifacts& artifacts, McpSourceOptions options) {
    const auto changed = [listener = listener_] {
        std::function<void()> tell;
        {
            const std::lock_guard lock(listener->mutex);
            tell = listener->changed;
        }
        if (tell) tell();
    };
    for (ServerSettings& settings : options.servers)
        servers_.push_back(
            std::make_shared<RemoteServer>(context, options.client, artifacts, std::move(settings), changed));
}

void McpSource::start(std::function<void()> changed) {
    {
        const std::lock_guard lock(listener_->mutex);
        listener_->changed = std::move(changed);
    }
    for (const auto& server : servers_) server->start();
}

Task<void> McpSource::stop() {
    {
        const std::lock_guard lock(listener_->mutex);
        listener_->changed = nullptr;
    }
    std::vector<Task<bool>> all;
    for (const auto& server : servers_) all.push_back(stop_one(server));
    co_await when_all(std::move(all));
}

std::vector<std::shared_ptr<const core::ToolSpec>> McpSource::tools() const {
    std::vector<std::shared_ptr<const core::ToolSpec>> all;
    for (const auto& server : servers_)
        for (const OfferedTool& tool : server->tools()) all.push_back(tool.spec);
    return all;
}

std::vector<core::PluginStatus> McpSource::plugins() const {
    std::vector<core::PluginStatus> all;
    for (const auto& server : servers_) all.push_back(server->status());
    return all;
}

bool McpSource::release_plugin(const std::string& id) {
    const auto found = std::find_if(servers_.begin(), servers_.end(),
                                    [&](const auto& server) { return server->id() == id; });
    if (found == servers_.end()) return false;
    (*found)->release();
    return true;
}

Task<SourceResult> McpSource::call(SourceCall call, core::ProgressSink progress) {
    for (const auto& server : servers_) {
        if (server->id() != call.spec->plugin) continue;
        const std::shared_ptr<RemoteServer> found = server;
        co_return co_await found->call(std::move(call), std::move(progress));
    }
    co_return failed(core::ToolErrorType::ToolNotFoundError,
                     "The MCP server behind " + call.spec->name + " is not configured any more.", false);
}

}  // namespace assistd::tools::mcp
