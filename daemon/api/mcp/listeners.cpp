#include "api/mcp/listeners.h"

#include <algorithm>

#include "api/mcp/server_info.h"

namespace assistd::api::mcp {
namespace {

constexpr std::ptrdiff_t most_of_one_user = 64;

Json tagged(const Json& id) {
    return {{"io.modelcontextprotocol/subscriptionId", id}};
}

}  // namespace

std::shared_ptr<EventLog> Listeners::add(const core::Owner& owner, const Json& id, bool to_tools,
                                         std::uint64_t version) {
    const auto log = std::make_shared<EventLog>(32);
    Json honoured = Json::object();
    if (to_tools) honoured["toolsListChanged"] = true;
    Json params;
    params["notifications"] = std::move(honoured);
    params["_meta"] = tagged(id);
    log->push(to_text(notification("notifications/subscriptions/acknowledged", std::move(params))));
    const std::lock_guard lock(mutex_);
    const auto count = std::count_if(listeners_.begin(), listeners_.end(),
                                     [&](const Listener& listener) { return listener.owner == owner; });
    if (count >= most_of_one_user)
        throw RpcError(code::internal_error, "You have too many open subscriptions; end one of them.", 503);
    listeners_.push_back({owner, id, to_tools, version, log});
    return log;
}

void Listeners::remove(const std::shared_ptr<EventLog>& log) {
    const std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [&](const Listener& listener) { return listener.log == log; });
}

void Listeners::tools_changed(const std::function<std::uint64_t(const core::Owner&)>& version_for) {
    const std::lock_guard lock(mutex_);
    for (Listener& listener : listeners_) {
        if (!listener.to_tools) continue;
        const std::uint64_t version = version_for(listener.owner);
        if (version == std::exchange(listener.version, version)) continue;
        Json params;
        params["_meta"] = tagged(listener.id);
        listener.log->push(to_text(notification("notifications/tools/list_changed", std::move(params))));
    }
}

void Listeners::end_all() {
    std::vector<Listener> listeners;
    {
        const std::lock_guard lock(mutex_);
        listeners.swap(listeners_);
    }
    for (const Listener& listener : listeners) {
        Json result;
        result["_meta"] = tagged(listener.id);
        listener.log->push(to_text(result_message(listener.id, modern_result(std::move(result)))));
        listener.log->end();
    }
}

}  // namespace assistd::api::mcp
