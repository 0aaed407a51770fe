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
#include "providers/request_parts.h"

namespace assistd::providers {

struct MessagesRequestParts : RequestParts {  // tools: what render_messages_tools() gave
    std::int64_t default_max_tokens = 8'192;  // of the answer; the API insists on a number
    std::int64_t most_tokens = INT64_MAX;     // that the model can give, thoughts and answer together
};

std::string render_messages_request(const core::ProviderRequest& request, const MessagesRequestParts& parts);

// The value of "tools"; empty for a set without any.
std::string render_messages_tools(const core::ToolSet& tools);

// How a model is told to think: newer ones decide for themselves how much, older ones and other makers' want
// a number of tokens.
bool thinks_adaptively(std::string_view model);

}  // namespace assistd::providers
