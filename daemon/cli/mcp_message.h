#pragma once
// One message of the Model Context Protocol as it stands on a line, and what HTTP has to be told of it
// beside. Values and pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace assistd::cli {

using Json = nlohmann::ordered_json;

struct McpMessage {
    std::string text;    // on one line
    std::string id;      // its JSON text; empty: a notification
    std::string method;  // empty: a response
    // Of the revision that the message says itself that it is made for; empty: the one that was agreed on.
    std::string revision;
    std::string name;       // of what it is about, where HTTP repeats that
    std::string cancelled;  // of notifications/cancelled: the request's id in JSON
    bool is_request() const { return !id.empty() && !method.empty(); }
};

// Nothing when the line is no JSON object.
std::optional<McpMessage> read_mcp_message(std::string line);

// The headers of a message that stands for itself.
std::vector<std::string> mcp_headers(const McpMessage& message);

// Whether the text is a response to the request with this id.
bool is_mcp_response(const std::string& text, const std::string& id);

// An error response; `id` is JSON text.
std::string mcp_error(const std::string& id, int code, const std::string& sentence);

}  // namespace assistd::cli
