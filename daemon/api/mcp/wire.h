#pragma once
// JSON-RPC 2.0 as the Model Context Protocol uses it: one message in, one message out, and the errors that
// both revisions know. Pure functions and values; any thread.

#include <exception>
#include <string>

#include <nlohmann/json.hpp>

namespace assistd::api::mcp {

using Json = nlohmann::ordered_json;

namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int resource_not_found = -32002;   // until 2025-11-25
inline constexpr int header_mismatch = -32020;      // from 2026-07-28 on
inline constexpr int unsupported_version = -32022;  // so too
}  // namespace code

// What is wrong with a message. `status` is that of the HTTP reply, where the revision lets it say more than
// 200.
class RpcError : public std::exception {
  public:
    RpcError(int code, std::string sentence, int status = 400, Json data = nullptr)
        : code_(code), sentence_(std::move(sentence)), status_(status), data_(std::move(data)) {}

    int code() const { return code_; }
    int status() const { return status_; }
    const Json& data() const { return data_; }
    const char* what() const noexcept override { return sentence_.c_str(); }

  private:
    int code_;
    std::string sentence_;
    int status_;
    Json data_;
};

struct Message {
    enum class Kind { request, notification, response };

    Kind kind = Kind::request;
    Json id;  // a text or a number; null for a notification
    std::string method;
    Json params = Json::object();
    Json result;  // of a response that is good; else null
};

// Throws RpcError for what is no single message.
Message read_message(const std::string& body);

// The field of an object, or null; also when `object` is none.
const Json& member(const Json& object, const char* name);

// JSON text; what is no UTF-8 is replaced, since it may come from a tool.
std::string to_text(const Json& json);

Json result_message(const Json& id, Json result);
Json error_message(const Json& id, const RpcError& error);
Json notification(const char* method, Json params);
Json request(const Json& id, const char* method, Json params);

}  // namespace assistd::api::mcp
