#pragma once
// A model server that speaks Anthropic's Messages. Shared by all turns, usable from any thread.

#include <memory>
#include <string>

#include "core/ports.h"
#include "providers/anthropic/messages_request.h"
#include "providers/http_client.h"
#include "providers/model_server.h"
#include "providers/wire_tools.h"

namespace assistd::providers {

struct AnthropicSettings : ServerSettings {
    std::int64_t max_tokens = 8'192;  // where neither the request nor the config names a number
};

// "https://host", "https://host/v1" and "https://host/v1/messages" alike give "https://host/v1/messages".
std::string messages_url(const std::string& base_url);

// Where the server lists its models; for providers/model_list.h.
std::shared_ptr<const ModelServer> anthropic_model_list(const AnthropicSettings& settings,
                                                        std::shared_ptr<HttpClient> client);

class AnthropicProvider : public core::Provider {
  public:
    // `artifacts` has the pictures of messages; without it none is shown.
    AnthropicProvider(AnthropicSettings settings, std::shared_ptr<HttpClient> client,
                      std::shared_ptr<core::Artifacts> artifacts = nullptr);

    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    Task<core::ProviderReply> ask(const core::ProviderRequest& request, core::TextSink sink);

    const std::int64_t max_tokens_;
    const ModelServer server_;
    const std::shared_ptr<core::Artifacts> artifacts_;
    WireToolsCache tools_{render_messages_tools};
};

}  // namespace assistd::providers
