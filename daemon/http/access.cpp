#include "http/access.h"

#include <algorithm>

#include "base/error.h"
#include "base/logging.h"
#include "http/text.h"

namespace assistd::http {
namespace {

namespace ip = boost::asio::ip;

bool is_loopback_name(std::string_view host) {
    if (equal_ignoring_case(host, "localhost")) return true;
    constexpr std::string_view suffix = ".localhost";
    if (host.size() > suffix.size() && equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix))
        return true;
    boost::system::error_code problem;
    const auto address = ip::make_address(std::string(host), problem);
    return !problem && address.is_loopback();
}

bool is_port(std::string_view text) {
    constexpr std::size_t most_digits = 5;
    return !text.empty() && text.size() <= most_digits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What proxies write: "1.2.3.4", "1.2.3.4:5555", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443". Empty:
// something else.
std::string address_of_hop(std::string_view hop) {
    std::string_view address = hop;
    if (hop.starts_with('[')) {
        const std::size_t end = hop.find(']');
        const std::string_view rest = end == std::string_view::npos ? hop : hop.substr(end + 1);
        if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1)))) return {};
        address = hop.substr(1, end - 1);
    } else if (const std::size_t colon = hop.find(':');
               colon != std::string_view::npos && colon == hop.rfind(':')) {
        if (!is_port(hop.substr(colon + 1))) return {};
        address = hop.substr(0, colon);
    }
    boost::system::error_code problem;
    const auto parsed = ip::make_address(std::string(address), problem);
    const bool bracketed_v4 = hop.starts_with('[') && parsed.is_v4();
    return problem || bracketed_v4 ? std::string() : parsed.to_string();
}

// "host:8080" -> "host", "[::1]:8080" -> "::1"
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& item) { return equal_ignoring_case(item, text); });
}

std::string_view first_value(const Headers& headers, std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool changes_something(Method method) {
    return method != Method::get && method != Method::head && method != Method::options;
}

bool is_allowed_header(std::string_view name) {
    for (const std::string_view known : {"Authorization",
                                         "Content-Type",
                                         "Idempotency-Key",
                                         "Last-Event-ID",
                                         "X-Conversation-ID",
                                         "X-Request-ID",
                                         "X-Correlation-ID",
                                         "OpenAI-Beta",
                                         "OpenAI-Organization",
                                         "OpenAI-Project",
                                         "X-API-Key",
                                         "Anthropic-Version",
                                         "Anthropic-Beta",
                                         "Anthropic-Dangerous-Direct-Browser-Access",
                                         "Mcp-Session-Id",
                                         "Mcp-Protocol-Version",
                                         "Mcp-Method",
                                         "Mcp-Name",
                                         "Accept",
                                         "Cache-Control",
                                         "If-None-Match",
                                         "If-Match",
                                         "Range",
                                         "X-Requested-With"})
        if (equal_ignoring_case(name, known)) return true;
    constexpr std::string_view family = "X-Stainless-";  // what the openai packages send about themselves
    return equal_ignoring_case(name.substr(0, family.size()), family) && is_token(name);
}

}  // namespace

AccessRules::AccessRules(const ServerOptions& options) : origins_(options.cors_origins) {
    loopback_only_ = is_loopback_name(without_port(options.address)) || options.address == "::1";
    for (const std::string& text : options.trusted_proxies) {
        const auto network = Network::read(text);
        if (!network)
            throw Error(ErrorCode::invalid_request,
                        "The trusted proxy \"" + text + "\" is no address and no network.");
        trusted_.push_back(*network);
    }
}

bool AccessRules::is_trusted(std::string_view text) const {
    if (trusted_.empty()) return false;
    const auto address = read_address(std::string(text));
    return address && std::any_of(trusted_.begin(), trusted_.end(),
                                  [&](const Network& network) { return network.contains(*address); });
}

std::string AccessRules::client_address(const std::string& socket_peer, const Headers& headers) const {
    if (!is_trusted(socket_peer)) return socket_peer;
    std::vector<std::string> chain;
    const auto [begin, end] = headers.equal_range("X-Forwarded-For");
    for (auto it = begin; it != end; ++it)
        for_each_item(it->second, [&](std::string_view item) { chain.emplace_back(item); });
    // From the right: each proxy adds whom it heard from. The first that is none of ours is the client.
    std::string client = socket_peer;
    for (auto hop = chain.rbegin(); hop != chain.rend(); ++hop) {
        std::string address = address_of_hop(*hop);
        if (address.empty()) {
            tell_unreadable(*hop);
            break;
        }
        client = std::move(address);
        if (!is_trusted(client)) break;
    }
    return client;
}

// Once, since every request of that proxy has it.
void AccessRules::tell_unreadable(std::string_view hop) const {
    constexpr std::size_t most_shown = 64;
    if (is_told_->exchange(true)) return;
    log::warn(
        "A trusted proxy names a client in X-Forwarded-For that is no address: \"{}\". Its requests count as "
        "the proxy's, in limits and in this log. Have the proxy write addresses. This is said once.",
        hop.substr(0, most_shown));
}

bool AccessRules::allows_origin(std::string_view origin) const {
    return contains(origins_, "*") || contains(origins_, origin);
}

void AccessRules::check(const Head& head, const std::string& socket_peer) const {
    const bool proxied = is_trusted(socket_peer);
    if (loopback_only_ && !proxied && !head.host.empty() && !is_loopback_name(without_port(head.host)))
        throw Error(ErrorCode::forbidden,
                    "This server listens on a loopback address and does not answer to the host \"" +
                        head.host +
                        "\". If a reverse proxy passes that name on, add the proxy's address to "
                        "http.trusted_proxies.");
    if (changes_something(head.method)) check_origin(head, socket_peer);
}

void AccessRules::check_origin(const Head& head, const std::string& socket_peer) const {
    const bool proxied = is_trusted(socket_peer);
    const std::string_view origin = first_value(head.headers, "Origin");
    if (origin.empty() || allows_origin(origin)) return;
    std::string_view own = head.host;
    const std::string_view forwarded = first_value(head.headers, "X-Forwarded-Host");
    if (proxied && !forwarded.empty()) own = forwarded;
    const std::size_t scheme = origin.find("://");
    if (scheme != std::string_view::npos && equal_ignoring_case(origin.substr(scheme + 3), own)) return;
    throw Error(ErrorCode::forbidden,
                "Web pages of the origin \"" + std::string(origin) +
                    "\" may not use this server. Add it to http.cors_origins if they should.");
}

void AccessRules::fill_cors(const Headers& headers, ReplyContext& context) const {
    if (origins_.empty()) return;
    const bool any = contains(origins_, "*");
    context.vary_origin = !any;
    const std::string_view origin = first_value(headers, "Origin");
    if (!origin.empty() && allows_origin(origin)) context.allow_origin = any ? "*" : std::string(origin);
}

Reply AccessRules::options_reply(const Headers& headers, const ReplyContext& context,
                                 const std::string& allowed_methods) const {
    Reply reply = Reply::empty(204);
    reply.with("Allow", allowed_methods);
    if (context.allow_origin.empty() || headers.find("Access-Control-Request-Method") == headers.end())
        return reply;
    std::string allowed_headers =
        "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Conversation-ID, "
        "X-Request-ID, OpenAI-Beta";
    for_each_item(first_value(headers, "Access-Control-Request-Headers"), [&](std::string_view name) {
        if (is_allowed_header(name)) allowed_headers.append(", ").append(name);
    });
    reply.with("Access-Control-Allow-Methods", allowed_methods);
    reply.with("Access-Control-Allow-Headers", std::move(allowed_headers));
    reply.with("Access-Control-Max-Age", "600");
    return reply;
}

}  // namespace assistd::http
