#include "api/mcp/wire.h"

#include "base/json_depth.h"

namespace assistd::api::mcp {
namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_method = 200;

bool is_id(const Json& id) {
    return id.is_number_integer() ||
           (id.is_string() && id.get_ref<const std::string&>().size() <= longest_id);
}

[[noreturn]] void refuse(const std::string& sentence) {
    throw RpcError(code::invalid_request, sentence);
}

void read_request(const Json& json, Message& message) {
    const Json& method = json.at("method");
    if (!method.is_string() || method.get_ref<const std::string&>().size() > longest_method)
        refuse("The method must be a text of at most 200 bytes.");
    message.method = method.get<std::string>();
    message.kind = json.contains("id") ? Message::Kind::request : Message::Kind::notification;
    if (message.kind == Message::Kind::request && !is_id(message.id))
        refuse("The id must be a whole number or a text of at most 200 bytes.");
    const Json& params = member(json, "params");
    if (!params.is_null() && !params.is_object()) refuse("The params must be an object.");
    if (params.is_object()) message.params = params;
}

}  // namespace

const Json& member(const Json& object, const char* name) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

Message read_message(const std::string& body) {
    if (body.empty())
        throw RpcError(code::parse_error, "The body is empty; it must be one JSON-RPC message.");
    if (is_nested_too_deeply(body))
        throw RpcError(code::parse_error, "The message is nested more than 64 levels deep.");
    const Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded()) throw RpcError(code::parse_error, "The body is no JSON.");
    if (json.is_array()) refuse("Batches of messages are not part of the protocol; send one at a time.");
    if (!json.is_object() || member(json, "jsonrpc") != "2.0")
        refuse("The body must be one JSON-RPC 2.0 message.");
    Message message;
    message.id = member(json, "id");
    if (json.contains("method")) {
        read_request(json, message);
    } else if (json.contains("result") || json.contains("error")) {
        if (!is_id(message.id)) refuse("A response must name the id of its request.");
        message.kind = Message::Kind::response;
        message.result = member(json, "result");
    } else {
        refuse("The message has no method, no result and no error.");
    }
    return message;
}

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json result_message(const Json& id, Json result) {
    Json message = {{"jsonrpc", "2.0"}, {"id", id}};
    message["result"] = std::move(result);
    return message;
}

Json error_message(const Json& id, const RpcError& error) {
    Json message = {{"jsonrpc", "2.0"}, {"id", id}};
    message["error"] = {{"code", error.code()}, {"message", error.what()}};
    if (!error.data().is_null()) message["error"]["data"] = error.data();
    return message;
}

Json notification(const char* method, Json params) {
    Json message = {{"jsonrpc", "2.0"}, {"method", method}};
    if (!params.is_null()) message["params"] = std::move(params);
    return message;
}

Json request(const Json& id, const char* method, Json params) {
    Json message = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}};
    message["params"] = std::move(params);
    return message;
}

}  // namespace assistd::api::mcp
