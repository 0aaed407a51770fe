#pragma once
// A ProviderRequest written as the body of a chat completions request. Pure functions.

#include <string>

#include "core/ports.h"
#include "providers/request_parts.h"

namespace assistd::providers {

// Where OpenAI-compatible servers differ.
struct ChatDialect {
    std::string max_tokens_key = "max_tokens";  // newer OpenAI models want max_completion_tokens
};

struct ChatRequestParts : RequestParts {  // tools: what render_function_tools() gave
    ChatDialect dialect = {};
};

std::string render_chat_request(const core::ProviderRequest& request, const ChatRequestParts& parts);

}  // namespace assistd::providers
