#pragma once
// JSON-RPC messages as MCP has them, read and written. Values and pure functions; any thread.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::tools::mcp {

using Json = nlohmann::json;

// No message, and no line of one, may be longer.
inline constexpr std::size_t longest_message = 16u << 20;

struct Incoming {
    enum class Kind { result, error, request, notification };
    Kind kind = Kind::notification;
    Json id;             // of all but a notification
    std::string method;  // of a request or a notification
    Json body;           // the result, the error's data, or the parameters
    int code = 0;        // of an error
    std::string text;    // so too
};

// The message in `text`, or those of a batch, which servers of 2025-03-26 may send. Empty when that is none.
std::vector<Incoming> read_messages(std::string_view text);

std::string request_text(std::int64_t id, const std::string& method, const Json& params);
std::string notification_text(const std::string& method, const Json& params);
std::string result_text(const Json& id, const Json& result);
std::string error_text(const Json& id, int code, const std::string& message);

inline constexpr int invalid_params = -32602;
inline constexpr int method_not_found = -32601;

// A member that is text; empty when there is none.
std::string text_in(const Json& object, const char* name);
// A member of an object; null when there is none.
const Json& member(const Json& object, const char* name);

}  // namespace assistd::tools::mcp
