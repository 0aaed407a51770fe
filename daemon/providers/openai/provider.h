#pragma once
// Model servers that speak OpenAI's chat completions: OpenAI itself, vLLM, llama-server, LM Studio,
// OpenRouter, Groq and many more.

#include <memory>
#include <string>

#include "providers/model_provider.h"
#include "providers/openai/chat_request.h"

namespace assistd::providers {

struct OpenAiSettings : ServerSettings {
    ChatDialect dialect;
};

std::shared_ptr<core::Provider> make_provider(const OpenAiSettings& settings,
                                              std::shared_ptr<HttpClient> client,
                                              std::shared_ptr<core::Artifacts> artifacts = nullptr);

// "https://host" and "https://host/v1/" alike give "https://host/v1/chat/completions".
std::string chat_completions_url(const std::string& base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> openai_model_list(const OpenAiSettings& settings,
                                                     std::shared_ptr<HttpClient> client);

}  // namespace assistd::providers
