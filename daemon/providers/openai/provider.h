#pragma once
// A model server that speaks OpenAI's chat completions: OpenAI itself, vLLM, llama-server, LM Studio,
// OpenRouter, Groq and many more. Shared by all turns, usable from any thread.

#include <memory>
#include <string>

#include "core/ports.h"
#include "providers/http_client.h"
#include "providers/model_server.h"
#include "providers/openai/chat_request.h"
#include "providers/wire_tools.h"

namespace assistd::providers {

struct OpenAiSettings : ServerSettings {
    ChatDialect dialect;
};

// "https://host" and "https://host/v1/" alike give "https://host/v1/chat/completions".
std::string chat_completions_url(const std::string& base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> openai_model_list(const OpenAiSettings& settings,
                                                     std::shared_ptr<HttpClient> client);

class OpenAiProvider : public core::Provider {
  public:
    // `artifacts` has the pictures of messages; without it none is shown.
    OpenAiProvider(OpenAiSettings settings, std::shared_ptr<HttpClient> client,
                   std::shared_ptr<core::Artifacts> artifacts = nullptr);

    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    Task<core::ProviderReply> ask(const core::ProviderRequest& request, core::TextSink sink);

    const ChatDialect dialect_;
    const ModelServer server_;
    const std::shared_ptr<core::Artifacts> artifacts_;
    WireToolsCache tools_{render_function_tools};
};

}  // namespace assistd::providers
