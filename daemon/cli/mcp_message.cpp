#include "cli/mcp_message.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json_depth.h"

namespace assistd::cli {
namespace {

constexpr const char* version_key = "io.modelcontextprotocol/protocolVersion";

std::string text_at(const Json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_string()) return {};
    return found->get<std::string>();
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What a header cannot hold is wrapped, and so is what looks wrapped.
std::string header_value(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }) &&
                       !text.starts_with(' ') && !text.ends_with(' ') && !text.starts_with("=?base64?");
    return plain ? text : "=?base64?" + to_base64(text) + "?=";
}

void read_params(const Json& params, McpMessage& message) {
    if (params.contains("_meta")) message.revision = text_at(params.at("_meta"), version_key);
    if (message.method == "tools/call" || message.method == "prompts/get")
        message.name = text_at(params, "name");
    if (message.method == "resources/read") message.name = text_at(params, "uri");
    if (message.method == "notifications/cancelled" && params.contains("requestId"))
        message.cancelled = dumped(params.at("requestId"));
}

}  // namespace

std::optional<McpMessage> read_mcp_message(std::string line) {
    if (is_nested_too_deeply(line)) return std::nullopt;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    McpMessage message;
    message.text = std::move(line);
    message.method = text_at(json, "method");
    if (json.contains("id")) message.id = dumped(json.at("id"));
    const auto params = json.find("params");
    if (params != json.end() && params->is_object()) read_params(*params, message);
    return message;
}

std::vector<std::string> mcp_headers(const McpMessage& message) {
    std::vector<std::string> headers = {"MCP-Protocol-Version: " + header_value(message.revision)};
    if (!message.method.empty()) headers.push_back("Mcp-Method: " + header_value(message.method));
    if (!message.name.empty()) headers.push_back("Mcp-Name: " + header_value(message.name));
    return headers;
}

bool is_mcp_response(const std::string& text, const std::string& id) {
    const Json json = Json::parse(text, nullptr, false);
    return json.is_object() && !json.contains("method") && json.contains("id") && dumped(json.at("id")) == id;
}

std::string mcp_error(const std::string& id, int code, const std::string& sentence) {
    const Json error = {{"code", code}, {"message", sentence}};
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":)" + dumped(error) + "}";
}

}  // namespace assistd::cli
