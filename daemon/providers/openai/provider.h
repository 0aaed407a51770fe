#pragma once
// A model server that speaks OpenAI's chat completions: OpenAI itself, vLLM, llama-server, LM Studio,
// OpenRouter, Groq and many more. Shared by all turns, usable from any thread.

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/ports.h"
#include "providers/http_client.h"
#include "providers/openai/chat_request.h"
#include "providers/upstream_error.h"

namespace assistd::providers {

struct OpenAiSettings {
    std::string name;                  // as the config calls it; error messages name it
    std::string base_url;              // with or without a path such as /v1
    std::string api_key;               // empty: none is sent
    std::vector<std::string> headers;  // more of them, "Name: value"
    std::string proxy;
    HttpTimeLimits limits;
    ChatDialect dialect;
};

// "https://host" and "https://host/v1/" alike give "https://host/v1/chat/completions".
std::string chat_completions_url(std::string base_url);

class OpenAiProvider : public core::Provider {
  public:
    OpenAiProvider(OpenAiSettings settings, std::shared_ptr<HttpClient> client);

    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    Task<core::ProviderReply> ask(const core::ProviderRequest& request, core::TextSink sink);
    HttpRequest http_request(const core::ProviderRequest& request);
    Error error_for(const UpstreamError& failure) const;

    const OpenAiSettings settings_;
    const std::string url_;
    const std::shared_ptr<const HttpHeaders> headers_;
    const std::shared_ptr<HttpClient> client_;
    ChatToolsCache tools_;
};

}  // namespace assistd::providers
