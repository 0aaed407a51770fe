#include "tools/mcp/mcp_source.h"

#include <algorithm>

#include "base/logging.h"
#include "tools/results.h"

namespace assistd::tools::mcp {
namespace {

Task<bool> stop_one(std::shared_ptr<RemoteServer> server) {
    co_await server->stop();
    co_return true;
}

}  // namespace

struct McpSource::Use {
    Use(asio::io_context& io, std::shared_ptr<RemoteServer> one) : context(io), server(std::move(one)) {}
    ~Use() {
        if (!is_stopped) asio::co_spawn(asio::make_strand(context), stop_one(server), asio::detached);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    asio::io_context& context;
    const std::shared_ptr<RemoteServer> server;
    std::atomic<bool> is_stopped = false;  // or stopping
};

McpSource::McpSource(asio::io_context& context, core::Artifacts& artifacts, McpSourceOptions options)

    : context_(context),
      artifacts_(artifacts),
      client_(std::move(options.client)),
      instance_(std::move(options.instance)) {
    for (ServerSettings& settings : options.servers) servers_.push_back(make(std::move(settings)));
}

McpSource::UsePtr McpSource::make(ServerSettings settings) {
    const auto changed = [listener = listener_] {
        std::function<void()> tell;
        {
            const std::lock_guard lock(listener->mutex);
            tell = listener->changed;
        }
        if (tell) tell();
    };
    return std::make_shared<Use>(
        context_, std::make_shared<RemoteServer>(context_, client_, artifacts_, std::move(settings),
                                                 instance_, changed));
}

void McpSource::start(std::function<void()> changed) {
    {
        const std::lock_guard lock(listener_->mutex);
        listener_->changed = std::move(changed);
    }
    for (const UsePtr& one : servers()) one->server->start();
}

void McpSource::change(std::vector<ServerSettings> settings) {
    std::vector<UsePtr> next;
    std::vector<UsePtr> gone = servers();
    for (ServerSettings& wanted : settings) {
        const auto same = std::find_if(gone.begin(), gone.end(), [&](const UsePtr& one) {
            return one && one->server->settings() == wanted;
        });
        if (same != gone.end()) {
            next.push_back(std::exchange(*same, nullptr));
            continue;
        }
        next.push_back(make(std::move(wanted)));
        next.back()->server->start();
    }
    {
        const std::lock_guard lock(mutex_);
        servers_ = std::move(next);
        std::erase_if(leaving_, [](const auto& one) { return one.expired(); });
        for (const UsePtr& one : gone)
            if (one) leaving_.push_back(one);
    }
    for (const UsePtr& one : gone)
        if (one) log::info("MCP server {} is not used any more", one->server->settings().config.name);
}

Task<void> McpSource::stop() {
    {
        const std::lock_guard lock(listener_->mutex);
        listener_->changed = nullptr;
    }
    std::vector<UsePtr> all = servers();
    {
        const std::lock_guard lock(mutex_);
        for (const auto& weak : leaving_)
            if (UsePtr one = weak.lock()) all.push_back(std::move(one));
    }
    std::vector<Task<bool>> stops;
    for (const UsePtr& one : all) {
        one->is_stopped = true;
        stops.push_back(stop_one(one->server));
    }
    co_await when_all(std::move(stops));
}

std::vector<McpSource::UsePtr> McpSource::servers() const {
    const std::lock_guard lock(mutex_);
    return servers_;
}

std::vector<std::shared_ptr<const core::ToolSpec>> McpSource::tools() const {
    std::vector<std::shared_ptr<const core::ToolSpec>> all;
    for (const UsePtr& one : servers())
        for (const OfferedTool& tool : one->server->tools()) all.push_back(tool.spec);
    return all;
}

// What a server would offer is not known while it is left out, but how its tools' names begin.
std::vector<core::WaitingTool> McpSource::waiting() const {
    std::vector<core::WaitingTool> all;
    for (const UsePtr& one : servers()) {
        const ServerSettings& settings = one->server->settings();
        if (!settings.left_out) continue;
        const std::string& prefix = settings.config.prefix;
        all.push_back({prefix,
                       (prefix.empty() ? "Tools of the MCP server " + settings.config.name
                                       : "Tools whose names begin with " + prefix) +
                           " are not offered: in safe mode (--safe-mode) the MCP server " +
                           settings.config.name + " is left out.",
                       true});
    }
    return all;
}

std::optional<Quarantine> McpSource::quarantine(const core::ToolSpec& tool, bool /*background*/) const {
    const UsePtr found = find(tool.plugin);
    return found ? found->server->quarantine() : std::nullopt;
}

std::vector<core::PluginStatus> McpSource::plugins() const {
    std::vector<core::PluginStatus> all;
    for (const UsePtr& one : servers()) all.push_back(one->server->status());
    return all;
}

McpSource::UsePtr McpSource::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(servers_.begin(), servers_.end(),
                                    [&](const UsePtr& one) { return one->server->id() == id; });
    return found == servers_.end() ? nullptr : *found;
}

bool McpSource::release_plugin(const std::string& id) {
    const UsePtr found = find(id);
    if (found) found->server->release();
    return found != nullptr;
}

Task<SourceResult> McpSource::call(SourceCall call, core::ProgressSink progress) {
    const UsePtr in_use = find(call.spec->plugin);
    if (in_use) co_return co_await in_use->server->call(std::move(call), std::move(progress));
    co_return failed(core::ToolErrorType::ToolNotFoundError,
                     "The MCP server behind " + call.spec->name + " is not configured any more.", false);
}

}  // namespace assistd::tools::mcp
