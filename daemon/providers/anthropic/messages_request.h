#pragma once
// A ProviderRequest written as the body of a request to Anthropic's Messages. Pure functions.
//
// The API is strict: roles alternate and begin with the user, all results of one reply stand first in one
// user message, no text is blank, thoughts come back exactly as they were sealed. And it caches what it is
// told to: the tools, the system prompt and the conversation up to its newest user messages are marked.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ports.h"
#include "providers/images.h"
#include "providers/model_settings.h"

namespace assistd::providers {

struct MessagesRequestParts {
    std::string_view tools = {};  // what render_messages_tools() gave
    Wishes wishes = {};
    std::int64_t default_max_tokens = 8'192;  // the API insists on a number
    const Images* images = nullptr;
    std::string_view provider = {};  // whose thoughts are sent back
    std::string_view paused =
        {};  // blocks of the reply so far, as JSON with commas between; the model goes on
};

std::string render_messages_request(const core::ProviderRequest& request, const MessagesRequestParts& parts);

// The value of "tools"; empty for a set without any.
std::string render_messages_tools(const core::ToolSet& tools);

// How a model is told to think: newer ones decide for themselves how much, older ones and other makers' want
// a number of tokens.
bool thinks_adaptively(std::string_view model);

}  // namespace assistd::providers
