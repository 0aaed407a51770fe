#include "api/mcp/revision.h"

#include <algorithm>
#include <array>

#include "base/base64.h"

namespace assistd::api::mcp {
namespace {

constexpr std::array<std::string_view, 4> legacy_revisions = {"2024-11-05", "2025-03-26", "2025-06-18",
                                                              "2025-11-25"};
constexpr const char* version_key = "io.modelcontextprotocol/protocolVersion";
constexpr const char* capabilities_key = "io.modelcontextprotocol/clientCapabilities";
constexpr const char* log_level_key = "io.modelcontextprotocol/logLevel";
constexpr const char* version_header = "MCP-Protocol-Version";

[[noreturn]] void mismatch(const std::string& sentence) {
    throw RpcError(code::header_mismatch, sentence);
}

std::string shown(const std::string& text) {
    return to_text(Json(text.substr(0, 80)));
}

// "=?base64?…?=" stands for what a header cannot hold.
std::string decoded(const std::string& value) {
    constexpr std::string_view prefix = "=?base64?";
    constexpr std::string_view suffix = "?=";
    if (!value.starts_with(prefix) || !value.ends_with(suffix) ||
        value.size() < prefix.size() + suffix.size())
        return value;
    const auto bytes = from_base64(
        std::string_view(value).substr(prefix.size(), value.size() - prefix.size() - suffix.size()));
    if (!bytes) mismatch("The header Mcp-Name is no valid base64.");
    return *bytes;
}

// What Mcp-Name must say; null for methods that have no such header.
const Json& named_by(const Message& message) {
    static const Json nothing;
    if (message.method == "tools/call" || message.method == "prompts/get")
        return member(message.params, "name");
    if (message.method == "resources/read") return member(message.params, "uri");
    return nothing;
}

void check_headers(const http::Request& request, const Message& message, const std::string& version) {
    const auto header = request.header(version_header);
    if (!header)
        mismatch("The header MCP-Protocol-Version is missing; the message's _meta says " + shown(version) +
                 ".");
    if (*header != version)
        mismatch("The header MCP-Protocol-Version says " + shown(*header) +
                 ", but the message's _meta says " + shown(version) + ".");
    if (version != modern_revision)
        throw RpcError(code::unsupported_version,
                       "Revision " + shown(version) + " of the protocol is not spoken here in this way.", 400,
                       {{"supported", {modern_revision}}, {"requested", version}});
    if (message.kind != Message::Kind::request) return;
    const auto method = request.header("Mcp-Method");
    if (!method) mismatch("The header Mcp-Method is missing; it must be " + shown(message.method) + ".");
    if (*method != message.method)
        mismatch("The header Mcp-Method says " + shown(*method) + ", but the message's method is " +
                 shown(message.method) + ".");
    const Json& name = named_by(message);
    if (!name.is_string()) return;
    const auto given = request.header("Mcp-Name");
    if (!given)
        mismatch("The header Mcp-Name is missing; it must be " + shown(name.get<std::string>()) + ".");
    if (decoded(*given) != name.get_ref<const std::string&>())
        mismatch("The header Mcp-Name says " + shown(*given) + ", but the message names " +
                 shown(name.get<std::string>()) + ".");
}

}  // namespace

std::string negotiated(std::string_view wanted) {
    return std::string(is_legacy_revision(wanted) ? wanted : legacy_revisions.back());
}

bool is_legacy_revision(std::string_view revision) {
    return std::find(legacy_revisions.begin(), legacy_revisions.end(), revision) != legacy_revisions.end();
}

bool primes_streams(std::string_view revision) {
    return revision >= "2025-11-25";  // older clients stumble over an event without data
}

bool is_modern(const http::Request& request, const Message& message) {
    if (member(member(message.params, "_meta"), version_key).is_string()) return true;
    return request.header(version_header) == modern_revision;
}

ModernMeta check_modern(const http::Request& request, const Message& message) {
    const Json& meta = member(message.params, "_meta");
    const Json& version = member(meta, version_key);
    const auto refuse = [](const std::string& what) {
        throw RpcError(code::invalid_params, "The params must have " + what + ".");
    };
    if (message.kind == Message::Kind::notification && !version.is_string()) return {};
    if (!meta.is_object()) refuse("an object _meta");
    if (!version.is_string()) refuse(std::string("a text ") + version_key + " in _meta");
    check_headers(request, message, version.get<std::string>());
    const Json& capabilities = member(meta, capabilities_key);
    if (message.kind == Message::Kind::request && !capabilities.is_object())
        refuse(std::string("an object ") + capabilities_key + " in _meta");
    const Json& level = member(meta, log_level_key);
    return {can_elicit(capabilities), level.is_string() ? level.get<std::string>() : ""};
}

bool can_elicit(const Json& capabilities) {
    const Json& elicitation = member(capabilities, "elicitation");
    // An empty object means forms, which came first; otherwise forms are named.
    return elicitation.is_object() && (elicitation.empty() || elicitation.contains("form"));
}

void check_legacy_version(const http::Request& request) {
    const auto header = request.header(version_header);
    if (!header || is_legacy_revision(*header)) return;
    throw RpcError(code::invalid_request, "Revision " + shown(*header) +
                                              " of the protocol, as the header MCP-Protocol-Version says, is "
                                              "not spoken here.");
}

}  // namespace assistd::api::mcp
