#pragma once
// What a chat completion asks for. Pure functions.

#include <string>

#include "api/openai/chat_messages.h"
#include "core/turn_options.h"
#include "http/request.h"

namespace assistd::api::openai {

struct ChatRequest {
    std::string model;
    core::TurnOptions options;  // without the daemon's own tools: these are the door's to add
    ChatMessages said;
    bool stream = false;
    bool stream_usage = false;
    std::string conversation;  // in which the exchange is kept, as it was given; empty: nowhere
};

// Throws Error{invalid_request | validation}.
ChatRequest read_chat_request(const http::Request& request, const HandedOut& handed_out);

// The fields that chat completions and runs of assistants share: temperature, top_p, response_format,
// reasoning_effort, tool_choice and parallel_tool_calls.
core::ModelWishes read_wishes(const Fields& body);
// A tool of the type "function".
core::ClientTool read_function(const Fields& tool);

}  // namespace assistd::api::openai
