#pragma once
// One MCP server of the configuration: connects to it, in the background and again when that is needed, keeps
// the list of what it offers, and calls it. What it offered stays offered while it is away: the next call
// brings it back, after a pause that grows while it keeps failing. Owned by McpSource, shared with its
// coroutines; any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "base/mcp_config.h"
#include "core/ports.h"
#include "tools/mcp/handshake.h"
#include "tools/mcp/offered_tool.h"
#include "tools/mcp/reconnects.h"
#include "tools/plugins/plugin_log.h"
#include "tools/source.h"
#include "upstream/http_client.h"
#include "upstream/secrets.h"

namespace assistd::tools::mcp {

struct ServerSettings {
    McpServerConfig config;
    std::string api_key;
    std::filesystem::path keeper;  // assistd-keeper
    bool left_out = false;         // it is only told of: the daemon is in safe mode

    bool operator==(const ServerSettings&) const = default;
};

class RemoteServer : public std::enable_shared_from_this<RemoteServer> {
  public:
    // `instance` is the daemon's own id. `changed` is called, on any thread, whenever other tools are offered
    // than before.
    RemoteServer(asio::io_context& context, std::shared_ptr<HttpClient> client, core::Artifacts& artifacts,
                 ServerSettings settings, std::string instance, std::function<void()> changed);

    void start();  // connects, in the background
    std::vector<OfferedTool> tools() const;
    core::PluginStatus status() const;
    const ServerSettings& settings() const { return settings_; }
    std::string id() const { return "mcp." + settings_.config.name; }
    std::optional<Quarantine> quarantine() const;
    void release();  // may be asked again at once, however often it has failed
    Task<SourceResult> call(SourceCall call, core::ProgressSink progress);
    Task<void> stop();  // returns when nothing of it is left

  private:
    struct Connection {
        std::shared_ptr<Link> link;
        Peer peer;
    };
    using ConnectionPtr = std::shared_ptr<const Connection>;
    using Clock = std::chrono::steady_clock;

    // remote_server.cpp
    Task<ConnectionPtr> connection(Clock::time_point until, std::stop_token stop);
    static Task<void> connect(std::shared_ptr<RemoteServer> self);
    static Task<void> connect_later(std::shared_ptr<RemoteServer> self, std::chrono::milliseconds time);
    Task<ConnectionPtr> open(std::shared_ptr<Link> link);
    std::shared_ptr<Link> make_link();
    void admit(ConnectionPtr connection);
    void fail(const McpError& error);
    void ended(const Link* link, const McpError& why);
    void lose(const ConnectionPtr& connection, const McpError& why);
    void begin_connecting();                          // with mutex_ held
    void wake(const std::optional<McpError>& error);  // so too

    // remote_server_tools.cpp
    void notified(const std::string& method);
    static Task<void> refresh(std::shared_ptr<RemoteServer> self);
    static Task<void> listen(std::shared_ptr<RemoteServer> self, ConnectionPtr connection);
    Task<void> list_tools(ConnectionPtr connection);
    Task<SourceResult> ask(OfferedTool tool, SourceCall call, core::ProgressSink progress,
                           Clock::time_point until);
    Task<SourceResult> run(ConnectionPtr connection, OfferedTool tool, Json arguments,
                           core::ProgressSink progress, Limits limits, std::stop_token stop);
    void look_after(const ConnectionPtr& connection, const McpError& error);
    static Task<void> end_if_it_hangs(std::shared_ptr<RemoteServer> self, ConnectionPtr connection);
    SourceResult failure_of(const McpError& error, const core::ToolSpec& spec) const;
    std::optional<Quarantine> quarantine_at(Clock::time_point now) const;  // with mutex_ held
    Limits limits_until(Clock::time_point until) const;

    asio::io_context& context_;
    const asio::strand<asio::io_context::executor_type> strand_;
    const std::shared_ptr<HttpClient> client_;
    core::Artifacts& artifacts_;
    const ServerSettings settings_;
    const std::string instance_;
    const std::function<void()> changed_;
    const std::shared_ptr<PluginLog> log_;
    const Secrets secrets_;
    std::stop_source stop_;

    mutable std::mutex mutex_;
    ConnectionPtr connection_;
    std::shared_ptr<Link> opening_;  // while hands are shaken
    bool connecting_ = false;
    bool died_of_probe_ = false;
    std::vector<OneShot<std::optional<McpError>>> waiting_;  // for the connection, or why there is none
    Reconnects reconnects_;
    std::optional<McpError> last_error_;
    std::vector<OfferedTool> tools_;
    std::vector<std::string> refusals_;
    std::string version_;
    ToolNames names_;          // the coroutine that lists alone
    bool refreshing_ = false;  // or about to
    bool refresh_again_ = false;
    bool looking_after_ = false;
};

}  // namespace assistd::tools::mcp
