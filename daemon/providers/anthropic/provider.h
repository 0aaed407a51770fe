#pragma once
// Model servers that speak Anthropic's Messages.

#include <memory>
#include <string>

#include "providers/model_provider.h"

namespace assistd::providers {

struct AnthropicSettings : ServerSettings {};

std::shared_ptr<core::Provider> make_provider(const AnthropicSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts = nullptr);

// "https://host", "https://host/v1" and "https://host/v1/messages" alike give "https://host/v1/messages".
std::string messages_url(const std::string& base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> anthropic_model_list(const AnthropicSettings& settings,
                                                        std::shared_ptr<HttpClient> client);

}  // namespace assistd::providers
