// The part of RemoteServer that is about what a server offers: listing it, calling it, telling of it.

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"
#include "base/pause.h"
#include "tools/mcp/remote_server.h"
#include "tools/mcp/results.h"
#include "tools/results.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

using namespace std::chrono_literals;
using core::ToolErrorType;

// Of a list; a server that takes longer is no use.
constexpr Limits listing_limits{60s, 60s};
constexpr Limits for_ever{24h * 365, 24h * 365};
// Servers often change several things one after the other.
constexpr std::chrono::milliseconds settling{100};
constexpr std::chrono::milliseconds first_listen_pause = 1s, longest_listen_pause = 60s;

// For saying that it is there.
constexpr std::chrono::milliseconds hang_limit = 10s;

constexpr int header_mismatch = -32020;
constexpr const char* tools_changed = "notifications/tools/list_changed";
// From now on changes are told; one since the tools were listed was told to nobody.
constexpr const char* told_from_now_on = "notifications/subscriptions/acknowledged";

}  // namespace

std::vector<OfferedTool> RemoteServer::tools() const {
    const std::lock_guard lock(mutex_);
    return tools_;
}

core::PluginStatus RemoteServer::status() const {
    core::PluginStatus status;
    status.id = id();
    // The arguments of a program may hold a key.
    status.file = settings_.config.url.empty() ? settings_.config.command : settings_.config.url;
    const std::lock_guard lock(mutex_);
    status.version = version_;
    for (const OfferedTool& tool : tools_) status.tools.push_back(tool.spec->name);
    if (settings_.left_out) {
        status.state = "left_out";
        status.reason = "It is left out: in safe mode (--safe-mode) no MCP server is started.";
        return status;
    }
    const std::string last = last_error_ ? with_full_stop(std::string("It ") + last_error_->what()) : "";
    if (connection_) {
        status.state = "ready";
        for (const std::string& refusal : refusals_)
            status.reason += (status.reason.empty() ? "" : " ") + refusal;
    } else if (const auto alone = quarantine_at(Clock::now())) {
        status.state = "quarantined";
        status.reason = alone->reason + " " + last;
    } else if (!last_error_) {
        status.state = "starting";
        status.reason = "It has not answered yet.";
    } else {
        status.state = connecting_ ? "starting" : "failed";
        const char* again = !tools_.empty()                      ? " It is tried again with the next call."
                            : wants_a_person(last_error_->fault) ? " It is tried again every five minutes."
                                                                 : " It is tried again.";
        status.reason = last + again;
    }
    return status;
}

std::optional<Quarantine> RemoteServer::quarantine() const {
    const std::lock_guard lock(mutex_);
    return quarantine_at(Clock::now());
}

std::optional<Quarantine> RemoteServer::quarantine_at(Clock::time_point now) const {
    const auto left = reconnects_.quarantine(now);
    if (!left || connection_) return std::nullopt;
    return Quarantine{"The MCP server " + settings_.config.name + " crashed " +
                          std::to_string(reconnects_.crashes_in_a_row()) +
                          " times in a row and is left alone for " + std::to_string(left->count()) +
                          " s more (assistctl plugins release " + id() + " ends that).",
                      *left};
}

Task<void> RemoteServer::list_tools(ConnectionPtr connection) {
    const Peer& peer = connection->peer;
    std::vector<Json> listed;
    const std::string method = "tools/list", key = "tools";
    if (peer.has("tools"))
        listed = co_await list_all(connection->link, method, key, listing_limits, stop_.get_token());
    Offering offering;
    offering.server = settings_.config.name;
    offering.prefix = settings_.config.prefix;
    offering.version = peer.version;
    offering.patterns = settings_.config.tools;
    offering.time_limit = settings_.config.timeout;
    offering.modern = peer.era.modern;
    offering.has_resources = peer.has("resources");
    offering.has_prompts = peer.has("prompts");
    offering.instance = peer.instance;
    offering.own_instance = instance_;
    OfferedTools offered = offered_tools(listed, offering, names_, tools());
    const std::lock_guard lock(mutex_);
    tools_ = std::move(offered.tools);
    refusals_ = std::move(offered.refusals);
    version_ = peer.version;
}

void RemoteServer::notified(const std::string& method) {
    if (method != tools_changed && method != told_from_now_on) return;
    const std::lock_guard lock(mutex_);
    if (stop_.stop_requested()) return;
    if (std::exchange(refreshing_, true)) {
        refresh_again_ = true;
        return;
    }
    // Not at once, should this be the strand: the mutex is held.
    asio::post(strand_,
               [self = shared_from_this()] { asio::co_spawn(self->strand_, refresh(self), asio::detached); });
}

Task<void> RemoteServer::refresh(std::shared_ptr<RemoteServer> self) {
    bool again = true;
    while (again) {
        co_await pause(settling, self->stop_.get_token());
        if (self->stop_.stop_requested()) co_return;
        ConnectionPtr connection;
        {
            const std::lock_guard lock(self->mutex_);
            self->refresh_again_ = false;
            connection = self->connection_;
        }
        try {
            if (connection) co_await self->list_tools(connection);
        } catch (const McpError& error) {
            log::warn("The MCP server {} says that its tools have changed, and then {}",
                      self->settings_.config.name, with_full_stop(error.what()));
        }
        if (connection) self->changed_();
        const std::lock_guard lock(self->mutex_);
        again = self->refresh_again_ && !self->stop_.stop_requested();
        if (!again) self->refreshing_ = false;
    }
}

// In the modern era, changes come as long as they are asked for.
Task<void> RemoteServer::listen(std::shared_ptr<RemoteServer> self, ConnectionPtr connection) {
    std::chrono::milliseconds wait = first_listen_pause;
    const std::stop_token stop = self->stop_.get_token();
    while (!stop.stop_requested()) {
        const auto began = Clock::now();
        try {
            Ask ask;
            ask.method = "subscriptions/listen";
            ask.params = {{"notifications", {{"toolsListChanged", true}}}};
            ask.limits = for_ever;
            ask.stop = stop;
            co_await connection->link->ask(std::move(ask));
        } catch (const McpError& error) {
            if (error.fault == Fault::refused) co_return;
        }
        wait = Clock::now() - began > 10s ? first_listen_pause : std::min(wait * 2, longest_listen_pause);
        co_await pause(wait, stop);
        {
            const std::lock_guard lock(self->mutex_);
            if (self->connection_ != connection) co_return;
        }
        self->notified(tools_changed);  // what was missed meanwhile
    }
}

Limits RemoteServer::limits_until(Clock::time_point until) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    Limits limits;
    limits.total = std::max(left, 1ms);
    limits.idle = std::min(settings_.config.idle_timeout, limits.total);
    return limits;
}

Task<SourceResult> RemoteServer::call(SourceCall call, core::ProgressSink progress) {
    const auto until = Clock::now() + call.spec->time_limit;
    std::optional<OfferedTool> tool;
    for (OfferedTool& one : tools())
        if (one.spec->name == call.spec->name) tool = std::move(one);
    if (!tool)
        co_return failed(
            ToolErrorType::ToolNotFoundError,
            "The MCP server " + settings_.config.name + " does not offer " + call.spec->name + " any more.",
            false);
    co_return co_await ask(std::move(*tool), std::move(call), std::move(progress), until);
}

Task<SourceResult> RemoteServer::ask(OfferedTool tool, SourceCall call, core::ProgressSink progress,
                                     Clock::time_point until) {
    const std::stop_token stop = call.call.stop;
    const Json arguments = Json::parse(call.call.arguments, nullptr, false);
    std::optional<McpError> error;
    for (int attempt = 0; attempt < 2; ++attempt) {
        ConnectionPtr connection;
        error.reset();
        const auto began = Clock::now();
        try {
            connection = co_await this->connection(until, stop);
            const Limits limits = limits_until(until);
            SourceResult result = co_await run(connection, tool, arguments, progress, limits, stop);
            const std::lock_guard lock(mutex_);
            reconnects_.worked(began);
            co_return result;
        } catch (const McpError& failed) {
            error = failed;
        }
        if (error->fault == Fault::refused && connection) {
            const std::lock_guard lock(mutex_);
            reconnects_.worked(began);
        }
        const bool lost = error->fault == Fault::session_lost;
        if (connection) look_after(connection, *error);
        // A session that is not known any more was not asked to do anything.
        if (!lost) break;
    }
    co_return failure_of(*error, *call.spec);
}

// What a failed call says of the server.
void RemoteServer::look_after(const ConnectionPtr& connection, const McpError& error) {
    if (error.fault == Fault::session_lost || error.fault == Fault::gone) lose(connection, error);
    // Its tool wants other headers than were listed.
    if (error.code == header_mismatch) notified(tools_changed);
    const bool is_program = settings_.config.url.empty();
    if (error.fault != Fault::timeout || !is_program) return;
    const std::lock_guard lock(mutex_);
    if (!std::exchange(looking_after_, true))
        asio::post(strand_, [self = shared_from_this(), connection] {
            asio::co_spawn(self->strand_, end_if_it_hangs(self, connection), asio::detached);
        });
}

// A program that hears nothing any more would fail every call from now on. One that is only busy with a call
// answers.
Task<void> RemoteServer::end_if_it_hangs(std::shared_ptr<RemoteServer> self, ConnectionPtr connection) {
    bool hangs = false;
    try {
        Ask ask;
        ask.method = connection->peer.era.modern ? "server/discover" : "ping";
        ask.limits = {hang_limit, hang_limit};
        ask.stop = self->stop_.get_token();
        co_await connection->link->ask(std::move(ask));
    } catch (const McpError& error) {
        hangs = error.fault == Fault::timeout;
    }
    {
        const std::lock_guard lock(self->mutex_);
        self->looking_after_ = false;
    }
    if (!hangs) co_return;
    const McpError why(Fault::crashed, "did not even answer a ping and was ended");
    self->lose(connection, why);
    co_await connection->link->close(why);
}

Task<SourceResult> RemoteServer::run(ConnectionPtr connection, OfferedTool tool, Json arguments,
                                     core::ProgressSink progress, Limits limits, std::stop_token stop) {
    const std::shared_ptr<Link> link = connection->link;
    const bool modern = connection->peer.era.modern;
    Ask ask;
    ask.limits = limits;
    ask.stop = stop;
    std::string name;
    switch (tool.kind) {
        case OfferedTool::Kind::list_resources:
        case OfferedTool::Kind::list_prompts: {
            const bool resources = tool.kind == OfferedTool::Kind::list_resources;
            const std::string key = resources ? "resources" : "prompts";
            std::vector<std::pair<std::string, std::vector<Json>>> lists;
            const std::string method = key + "/list";
            std::vector<Json> listed = co_await list_all(link, method, key, limits, stop);
            lists.emplace_back(key, std::move(listed));
            if (resources) {
                const std::string templates = "resourceTemplates", list = "resources/templates/list";
                std::optional<McpError> error;
                try {
                    listed = co_await list_all(link, list, templates, limits, stop);
                    lists.emplace_back("templates", std::move(listed));
                } catch (const McpError& none) {
                    error = none;
                }
                if (error && error->fault != Fault::refused) throw McpError(*error);
            }
            co_return list_result(lists);
        }
        case OfferedTool::Kind::read_resource:
            ask.method = "resources/read";
            ask.params = {{"uri", member(arguments, "uri")}};
            name = text_in(arguments, "uri");
            break;
        case OfferedTool::Kind::get_prompt:
            ask.method = "prompts/get";
            ask.params = {{"name", member(arguments, "name")}, {"arguments", member(arguments, "arguments")}};
            name = text_in(arguments, "name");
            break;
        case OfferedTool::Kind::own:
            ask.method = "tools/call";
            ask.params = {{"name", tool.own_name}, {"arguments", arguments}};
            ask.progress = progress;
            name = tool.own_name;
            break;
    }
    if (modern) ask.headers = headers_for(name, tool.header_arguments, arguments);
    const Json result = co_await link->ask(std::move(ask));
    if (text_in(result, "resultType") == "input_required")
        throw McpError(Fault::refused,
                       "wants to ask something in the middle of the call, which assistd does not offer");
    if (tool.kind == OfferedTool::Kind::read_resource) co_return resource_result(result, artifacts_);
    if (tool.kind == OfferedTool::Kind::get_prompt)
        co_return prompt_result(result, artifacts_, settings_.config.prefix);
    // The tool that reads links is there when the server has resources.
    const std::string prefix = connection->peer.has("resources") ? settings_.config.prefix : "";
    co_return call_result(result, artifacts_, prefix);
}

SourceResult RemoteServer::failure_of(const McpError& error, const core::ToolSpec& spec) const {
    const std::string sentence =
        with_full_stop("The MCP server " + settings_.config.name + " " + error.what());
    switch (error.fault) {
        case Fault::refused:
            return failed(
                error.code == invalid_params ? ToolErrorType::ValidationError : ToolErrorType::InternalError,
                sentence, true);
        case Fault::timeout:
            return failed(ToolErrorType::TimeoutError, sentence, true);
        case Fault::cancelled:
            return failed(ToolErrorType::CancelledError, spec.name + " was cancelled.", true);
        case Fault::crashed:
            return failed(ToolErrorType::PluginCrashedError, sentence, true);
        case Fault::left_alone:
            // It may have come free at this very moment.
            return refused_by(quarantine().value_or(Quarantine{sentence, std::chrono::seconds(1)}));
        default:
            return failed(ToolErrorType::InternalError, sentence, error.fault == Fault::gone);
    }
}

}  // namespace assistd::tools::mcp
