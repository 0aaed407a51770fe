#include "tools/mcp/handshake.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/mcp_origin.h"
#include "upstream/quoted_text.h"

namespace assistd::tools::mcp {
namespace {

constexpr const char* modern_version = "2026-07-28";
constexpr const char* newest_old_version = "2025-11-25";
constexpr std::array old_versions = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};
constexpr int unsupported_version = -32022;
// More than any model can be told of.
constexpr std::size_t most_listed = 1'000;

bool is_old(const std::string& version) {
    return std::find(old_versions.begin(), old_versions.end(), version) != old_versions.end();
}

bool lists(const Json& versions, const std::string& wanted) {
    return versions.is_array() && std::find(versions.begin(), versions.end(), wanted) != versions.end();
}

void take_info(Peer& peer, const Json& info) {
    peer.name = excerpt(text_in(info, "name"), 100);
    peer.version = excerpt(text_in(info, "version"), 60);
}

std::string instance_in(const Json& result) {
    return text_in(member(result, "_meta"), mcp_instance_key);
}

Ask discovery(const HandshakePlan& plan) {
    Ask ask;
    ask.method = "server/discover";
    ask.era = Era{true, modern_version};
    ask.limits.idle = ask.limits.total =
        plan.silence_is_old ? std::min(plan.probe_limit, plan.limit) : plan.limit;
    ask.stop = plan.stop;
    return ask;
}

// What an answer to the question says: nothing, when it is none of the modern era.
std::optional<Peer> modern_peer(const Json& result) {
    if (!lists(member(result, "supportedVersions"), modern_version)) return std::nullopt;
    Peer peer;
    peer.era = {true, modern_version};
    take_info(peer, member(member(result, "_meta"), "io.modelcontextprotocol/serverInfo"));
    if (peer.name.empty()) take_info(peer, member(result, "serverInfo"));
    peer.instance = instance_in(result);
    peer.capabilities = member(result, "capabilities");
    return peer;
}

// Whether an error still leaves the older greeting to try.
bool may_be_old(const McpError& error, const HandshakePlan& plan) {
    switch (error.fault) {
        case Fault::refused:
            break;
        case Fault::timeout:
            return plan.silence_is_old;
        case Fault::broken:
            return true;
        case Fault::gone:
            return error.http_status >= 500;  // servers that fall over at what they do not know
        default:
            return false;
    }
    if (error.code != unsupported_version) return true;
    const Json& supported = member(error.data, "supported");
    return !supported.is_array() || std::any_of(supported.begin(), supported.end(), [](const Json& one) {
        return one.is_string() && is_old(one.get<std::string>());
    });
}

Task<Peer> greet(std::shared_ptr<Link> link, HandshakePlan plan) {
    Ask ask;
    ask.method = "initialize";
    ask.params = {{"protocolVersion", newest_old_version},
                  {"capabilities", Json::object()},
                  {"clientInfo", {{"name", "assistd"}, {"version", ASSISTD_VERSION}}}};
    ask.era = Era{};
    ask.limits.idle = ask.limits.total = plan.limit;
    ask.stop = plan.stop;
    const Json result = co_await link->ask(std::move(ask));
    Peer peer;
    peer.era.version = text_in(result, "protocolVersion");
    if (!is_old(peer.era.version))
        throw McpError(Fault::broken, "speaks the revision \"" + excerpt(peer.era.version, 40) +
                                          "\" of MCP, which assistd does not know");
    take_info(peer, member(result, "serverInfo"));
    peer.instance = instance_in(result);
    peer.capabilities = member(result, "capabilities");
    link->use(peer.era);
    const std::string initialized = "notifications/initialized";
    co_await link->tell(initialized, Json());
    co_return peer;
}

}  // namespace

Task<Peer> shake_hands(std::shared_ptr<Link> link, HandshakePlan plan) {
    if (!plan.probe) co_return co_await greet(link, plan);
    std::optional<McpError> error;
    try {
        Ask ask = discovery(plan);
        const Json result = co_await link->ask(std::move(ask));
        if (std::optional<Peer> peer = modern_peer(result)) {
            link->use(peer->era);
            co_return *peer;
        }
    } catch (const McpError& refused) {
        error = refused;
    }
    if (error && !may_be_old(*error, plan)) throw McpError(*error);
    const bool was_silent = error && error->fault == Fault::timeout;
    try {
        co_return co_await greet(link, plan);
    } catch (const McpError& refused) {
        error = refused;
    }
    if (!was_silent || error->fault != Fault::refused) throw McpError(*error);
    // It was only slow to start, and knows nothing but the modern era.
    plan.probe_limit = plan.limit;
    Ask ask = discovery(plan);
    const Json result = co_await link->ask(std::move(ask));
    const std::optional<Peer> peer = modern_peer(result);
    if (!peer) throw McpError(*error);
    link->use(peer->era);
    co_return *peer;
}

Task<std::vector<Json>> list_all(std::shared_ptr<Link> link, std::string method, std::string key,
                                 Limits limits, std::stop_token stop) {
    std::vector<Json> all;
    std::set<std::string> cursors;
    std::string cursor;
    do {
        Ask ask;
        ask.method = method;
        if (!cursor.empty()) ask.params["cursor"] = cursor;
        ask.limits = limits;
        ask.stop = stop;
        Json page = co_await link->ask(std::move(ask));
        if (!member(page, key.c_str()).is_array())
            throw McpError(Fault::broken, "answered " + method + " without a list of " + key);
        for (Json& one : page[key]) all.push_back(std::move(one));
        if (all.size() > most_listed)
            throw McpError(Fault::broken, "lists more than " + std::to_string(most_listed) + " " + key);
        cursor = text_in(page, "nextCursor");
        if (!cursor.empty() && !cursors.insert(cursor).second)
            throw McpError(Fault::broken, "lists the same page of " + key + " again and again");
    } while (!cursor.empty());
    co_return all;
}

}  // namespace assistd::tools::mcp
