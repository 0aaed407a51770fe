#pragma once
// A model server that speaks Ollama's own interface, which alone can set the context window. Shared by all
// turns, usable from any thread.

#include <memory>
#include <string>

#include "core/ports.h"
#include "providers/http_client.h"
#include "providers/model_server.h"
#include "providers/wire_tools.h"

namespace assistd::providers {

struct OllamaSettings : ServerSettings {
    std::string keep_alive;  // how long a model stays loaded; empty: the server's default
};

// "http://host:11434", with "/", "/v1" or "/api" behind it or without, gives "http://host:11434/api/chat".
std::string ollama_chat_url(std::string base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> ollama_model_list(const OllamaSettings& settings,
                                                     std::shared_ptr<HttpClient> client);

class OllamaProvider : public core::Provider {
  public:
    // `artifacts` has the pictures of messages; without it none is shown.
    OllamaProvider(OllamaSettings settings, std::shared_ptr<HttpClient> client,
                   std::shared_ptr<core::Artifacts> artifacts = nullptr);

    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    Task<core::ProviderReply> ask(const core::ProviderRequest& request, core::TextSink sink);

    const std::string keep_alive_;
    const ModelServer server_;
    const std::shared_ptr<core::Artifacts> artifacts_;
    WireToolsCache tools_{render_function_tools};
};

}  // namespace assistd::providers
