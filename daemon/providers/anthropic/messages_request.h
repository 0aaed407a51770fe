#pragma once
// A ProviderRequest written as the body of a request to Anthropic's Messages. Pure functions.
//
// The API is strict: roles alternate and begin with the user, all results of one reply stand first in one
// user message, no text is blank, thoughts come back exactly as they were sealed. And it caches what it is
// told to: the tools, the system prompt and the conversation up to its newest user messages are marked.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports.h"
#include "providers/request_parts.h"

namespace assistd::providers {

// How long a reply may get, in tokens; the API insists on a number.
struct ReplyLimits {
    std::int64_t answer = 8'192;    // where neither the request nor the config says
    std::int64_t most = INT64_MAX;  // that the model can give, thoughts and answer together
};
ReplyLimits reply_limits(const ModelSettings& model);

// What is asked for by a request that does not say itself how long the answer may be.
std::int64_t most_reply_tokens(const ModelSettings& model, std::optional<std::int64_t> max_tokens);

struct MessagesRequestParts : RequestParts {  // tools: what render_messages_tools() gave
    ReplyLimits limits = {};
};

std::string render_messages_request(const core::ProviderRequest& request, const MessagesRequestParts& parts);

// The value of "tools"; empty for a set without any.
std::string render_messages_tools(const core::ToolSet& tools);

// How a model is told to think: newer ones decide for themselves how much, older ones and other makers' want
// a number of tokens.
bool thinks_adaptively(std::string_view model);

}  // namespace assistd::providers
