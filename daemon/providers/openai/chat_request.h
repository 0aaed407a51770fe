#pragma once
// A ProviderRequest written as the body of a chat completions request. Pure functions.

#include <string>
#include <string_view>

#include "core/ports.h"
#include "providers/images.h"
#include "providers/model_settings.h"

namespace assistd::providers {

// Where OpenAI-compatible servers differ.
struct ChatDialect {
    std::string max_tokens_key = "max_tokens";  // newer OpenAI models want max_completion_tokens
};

struct ChatRequestParts {
    std::string_view tools = {};  // what render_function_tools() gave; it is copied in as it is
    Wishes wishes = {};
    const Images* images = nullptr;
    std::string_view provider = {};  // whose thoughts are sent back
    ChatDialect dialect = {};
};

std::string render_chat_request(const core::ProviderRequest& request, const ChatRequestParts& parts);

}  // namespace assistd::providers
