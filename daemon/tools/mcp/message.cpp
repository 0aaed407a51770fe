#include "tools/mcp/message.h"

#include "base/json_depth.h"
#include "base/json_text.h"

namespace assistd::tools::mcp {
namespace {

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool read_one(Json& json, Incoming& message) {
    if (!json.is_object() || text_in(json, "jsonrpc") != "2.0") return false;
    message.id = member(json, "id");
    message.method = text_in(json, "method");
    if (!message.method.empty()) {
        message.kind = message.id.is_null() ? Incoming::Kind::notification : Incoming::Kind::request;
        if (json.contains("params")) message.body = std::move(json["params"]);
        return true;
    }
    if (json.contains("result")) {
        message.kind = Incoming::Kind::result;
        message.body = std::move(json["result"]);
        return true;
    }
    const Json& error = member(json, "error");
    message.kind = Incoming::Kind::error;
    // Against the protocol, and clear all the same.
    if (error.is_string()) {
        message.text = error.get<std::string>();
        return true;
    }
    if (!error.is_object()) return false;
    const Json& code = member(error, "code");
    message.code = code.is_number_integer() ? code.get<int>() : 0;
    message.text = text_in(error, "message");
    message.body = member(error, "data");
    return true;
}

// Of a reply that is nested too deeply, its id is all that is read: somebody waits for it.
std::optional<Incoming> failed_reply(std::string_view text) {
    const auto outermost = [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
        return depth <= 1;
    };
    const Json json = Json::parse(text, outermost, false);
    Incoming failed;
    failed.id = member(json, "id");
    if (failed.id.is_null() || !text_in(json, "method").empty()) return std::nullopt;
    failed.kind = Incoming::Kind::error;
    failed.text = "its answer is nested more than " + std::to_string(deepest_json) + " levels deep";
    return failed;
}

}  // namespace

std::vector<Incoming> read_messages(std::string_view text) {
    std::vector<Incoming> messages;
    if (is_nested_too_deeply(text)) {
        if (auto failed = failed_reply(text)) messages.push_back(std::move(*failed));
        return messages;
    }
    Json json = Json::parse(text, nullptr, false);
    // Half of a surrogate pair, or bytes that are no UTF-8, where the rest is good.
    if (json.is_discarded()) json = Json::parse(repair_json(text), nullptr, false);
    if (!json.is_array()) json = Json::array({std::move(json)});
    for (Json& one : json) {
        Incoming message;
        if (read_one(one, message)) messages.push_back(std::move(message));
    }
    return messages;
}

std::string request_text(std::int64_t id, const std::string& method, const Json& params) {
    Json message = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}};
    if (!params.is_null()) message["params"] = params;
    return to_text(message);
}

std::string notification_text(const std::string& method, const Json& params) {
    Json message = {{"jsonrpc", "2.0"}, {"method", method}};
    if (!params.is_null()) message["params"] = params;
    return to_text(message);
}

std::string result_text(const Json& id, const Json& result) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

std::string error_text(const Json& id, int code, const std::string& message) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
}

std::string text_in(const Json& object, const char* name) {
    const Json& found = member(object, name);
    return found.is_string() ? found.get<std::string>() : std::string();
}

const Json& member(const Json& object, const char* name) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

}  // namespace assistd::tools::mcp
