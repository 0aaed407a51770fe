#include "tools/mcp/remote_server.h"

#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "base/pause.h"
#include "tools/mcp/http_link.h"
#include "tools/mcp/stdio_link.h"
#include "tools/sentence_text.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

// Nothing but a person makes a key good, or names another server.
constexpr std::chrono::minutes pause_for_a_person{5};

std::vector<std::string> header_lines(const ServerSettings& settings) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : settings.config.headers) lines.push_back(name + ": " + value);
    if (!settings.api_key.empty()) lines.push_back("Authorization: Bearer " + settings.api_key);
    return lines;
}

// Whatever the configuration gives a server may be a key.
std::vector<std::string> secret_lines(const ServerSettings& settings) {
    std::vector<std::string> lines = header_lines(settings);
    for (const auto& [name, value] : settings.config.environment) lines.push_back(name + ": " + value);
    return lines;
}

}  // namespace

RemoteServer::RemoteServer(asio::io_context& context, std::shared_ptr<HttpClient> client,
                           core::Artifacts& artifacts, ServerSettings settings, std::string instance,
                           std::function<void()> changed)
    : context_(context),
      strand_(asio::make_strand(context)),
      client_(std::move(client)),
      artifacts_(artifacts),
      settings_(std::move(settings)),
      instance_(std::move(instance)),
      changed_(std::move(changed)),
      log_(std::make_shared<PluginLog>(id())),
      secrets_(settings_.api_key, secret_lines(settings_)),
      names_(settings_.config.prefix) {}

void RemoteServer::start() {
    if (settings_.left_out)
        log::warn("The MCP server {} is left out: in safe mode (--safe-mode) none is started.",
                  settings_.config.name);
    const std::lock_guard lock(mutex_);
    begin_connecting();
}

void RemoteServer::begin_connecting() {
    if (settings_.left_out || connecting_ || connection_ || stop_.stop_requested()) return;
    connecting_ = true;
    // Not at once, should this be the strand: the mutex is held.
    asio::post(strand_,
               [self = shared_from_this()] { asio::co_spawn(self->strand_, connect(self), asio::detached); });
}

void RemoteServer::wake(const std::optional<McpError>& error) {
    for (const auto& one : std::exchange(waiting_, {})) one.set(error);
}

Task<RemoteServer::ConnectionPtr> RemoteServer::connection(Clock::time_point until, std::stop_token stop) {
    const OneShot<std::optional<McpError>> ready;
    {
        const std::lock_guard lock(mutex_);
        if (stop_.stop_requested())
            throw McpError(Fault::gone, "is not asked any more: the daemon is shutting down");
        if (connection_) co_return connection_;
        if (reconnects_.quarantine(Clock::now())) throw McpError(Fault::left_alone, "kept crashing");
        waiting_.push_back(ready);
        begin_connecting();
    }
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer timer(here, until);
    timer.async_wait([ready](const boost::system::error_code& error) {
        if (!error) ready.set(McpError(Fault::timeout, "did not come up in time"));
    });
    std::optional<McpError> error;
    {
        const std::stop_callback on_stop(stop, [ready] {
            ready.set(McpError(Fault::cancelled, "was not asked: the call was cancelled"));
        });
        error = co_await ready.wait();
    }
    timer.cancel();
    if (error) throw McpError(*error);
    const std::lock_guard lock(mutex_);
    if (!connection_) throw McpError(Fault::gone, "went away again");
    co_return connection_;
}

Task<void> RemoteServer::connect(std::shared_ptr<RemoteServer> self) {
    std::chrono::milliseconds wait{0};
    {
        const std::lock_guard lock(self->mutex_);
        wait = self->reconnects_.pause(Clock::now());
    }
    if (wait.count() > 0) co_await pause(wait, self->stop_.get_token());
    while (true) {
        std::shared_ptr<Link> link;
        ConnectionPtr connection;
        std::optional<McpError> error;
        try {
            link = self->make_link();
            connection = co_await self->open(link);
        } catch (const McpError& failed) {
            error = failed;
        } catch (const Error& failed) {
            error = McpError(Fault::gone, std::string("could not be started: ") + failed.what());
        }
        if (!error) co_return self->admit(std::move(connection));
        if (link) co_await link->close();
        // Some older servers end themselves at a question that comes before the greeting.
        const bool may_be_the_probe = error->fault == Fault::crashed && !self->died_of_probe_;
        self->died_of_probe_ = self->died_of_probe_ || error->fault == Fault::crashed;
        // Or it ended for another reason, and knows nothing but the newer era.
        if (error->fault == Fault::refused) self->died_of_probe_ = false;
        if (!may_be_the_probe || self->stop_.stop_requested()) co_return self->fail(*error);
    }
}

std::shared_ptr<Link> RemoteServer::make_link() {
    const McpServerConfig& config = settings_.config;
    LinkEvents events;
    const std::weak_ptr<RemoteServer> weak = weak_from_this();
    const auto own = std::make_shared<std::weak_ptr<Link>>();
    events.notified = [weak](const std::string& method, const Json&) {
        if (const auto self = weak.lock()) self->notified(method);
    };
    events.ended = [weak, own](const McpError& why) {
        const auto self = weak.lock();
        const auto link = own->lock();
        if (self && link) self->ended(link.get(), why);
    };
    std::shared_ptr<Link> link;
    if (config.url.empty()) {
        ChildPlan plan;
        plan.keeper = settings_.keeper;
        plan.command = config.command;
        plan.arguments = config.arguments;
        plan.environment = config.environment;
        plan.folder = config.folder;
        link = StdioLink::open(context_, plan, log_, secrets_, own, std::move(events));
    } else {
        HttpPlan plan;
        plan.url = config.url;
        plan.headers = header_lines(settings_);
        plan.secrets = secrets_;
        link = std::make_shared<HttpLink>(context_, client_, std::move(plan), std::move(events));
        *own = link;
    }
    const std::lock_guard lock(mutex_);
    opening_ = link;
    return link;
}

Task<RemoteServer::ConnectionPtr> RemoteServer::open(std::shared_ptr<Link> link) {
    HandshakePlan plan;
    plan.probe = !died_of_probe_;
    plan.silence_is_old = settings_.config.url.empty();
    plan.stop = stop_.get_token();
    auto connection = std::make_shared<Connection>();
    connection->link = link;
    connection->peer = co_await shake_hands(link, plan);
    if (!instance_.empty() && connection->peer.instance == instance_)
        throw McpError(Fault::itself, "is this daemon itself, whose tools are here already");
    co_await list_tools(connection);
    co_return connection;
}

void RemoteServer::admit(ConnectionPtr connection) {
    {
        const std::lock_guard lock(mutex_);
        connecting_ = false;
        opening_.reset();
        connection_ = connection;
        last_error_.reset();
        reconnects_.connected();
        wake(std::nullopt);
        log::info("MCP server {}: {} {} speaks {} and offers {}", settings_.config.name,
                  connection->peer.name, connection->peer.version, connection->peer.era.version,
                  counted(tools_.size(), "tool"));
        for (const std::string& refusal : refusals_)
            log::warn("MCP server {}: {}", settings_.config.name, refusal);
    }
    connection->link->listen();
    if (connection->peer.era.modern && connection->peer.tells_of_changes("tools"))
        asio::co_spawn(strand_, listen(shared_from_this(), connection), asio::detached);
    changed_();
}

void RemoteServer::fail(const McpError& error) {
    const std::lock_guard lock(mutex_);
    connecting_ = false;
    opening_.reset();
    if (stop_.stop_requested()) return wake(error);
    const auto now = Clock::now();
    reconnects_.failed(error.fault == Fault::crashed, now);
    const bool is_new = !last_error_ || std::string_view(last_error_->what()) != error.what();
    last_error_ = error;
    if (is_new) log::warn("The MCP server {} {}", settings_.config.name, with_full_stop(error.what()));
    wake(error);
    // Nobody can call what has never been listed.
    if (!tools_.empty()) return;
    std::chrono::milliseconds wait = reconnects_.pause(now);
    if (const auto alone = reconnects_.quarantine(now))
        wait = std::max<std::chrono::milliseconds>(wait, *alone);
    if (wants_a_person(error.fault)) wait = pause_for_a_person;
    asio::co_spawn(strand_, connect_later(shared_from_this(), wait), asio::detached);
}

Task<void> RemoteServer::connect_later(std::shared_ptr<RemoteServer> self, std::chrono::milliseconds time) {
    co_await pause(time, self->stop_.get_token());
    self->start();
}

void RemoteServer::ended(const Link* link, const McpError& why) {
    ConnectionPtr connection;
    {
        const std::lock_guard lock(mutex_);
        if (!connection_ || connection_->link.get() != link) return;
        connection = connection_;
    }
    lose(connection, why);
    // It may have become another one, with other tools.
    if (why.fault == Fault::session_lost) start();
}

void RemoteServer::lose(const ConnectionPtr& connection, const McpError& why) {
    const std::lock_guard lock(mutex_);
    if (connection_ != connection) return;
    connection_.reset();
    if (why.fault == Fault::session_lost || stop_.stop_requested()) return;
    reconnects_.failed(why.fault == Fault::crashed, Clock::now());
    last_error_ = why;
    log::warn("The MCP server {} {}", settings_.config.name, with_full_stop(why.what()));
}

void RemoteServer::release() {
    const std::lock_guard lock(mutex_);
    reconnects_.release();
    if (tools_.empty()) begin_connecting();
}

Task<void> RemoteServer::stop() {
    std::vector<std::shared_ptr<Link>> links;
    stop_.request_stop();  // what is called by it may want the mutex
    {
        const std::lock_guard lock(mutex_);
        if (connection_) links.push_back(connection_->link);
        if (opening_) links.push_back(opening_);
        connection_.reset();
        wake(McpError(Fault::gone, "is not asked any more: the daemon is shutting down"));
    }
    for (const auto& link : links) co_await link->close();
}

}  // namespace assistd::tools::mcp
