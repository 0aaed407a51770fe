#pragma once
// A provider behind a model server, of whichever kind: renders a request, sends it, reads the reply. What the
// kinds differ in is their wire format. Shared by all turns, usable from any thread.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/ports.h"
#include "providers/images.h"
#include "providers/model_server.h"
#include "providers/request_parts.h"
#include "providers/wire_reply.h"
#include "providers/wire_tools.h"

namespace assistd::providers {

struct WireFormat {
    std::string url;
    std::vector<std::string> headers;
    WireToolsCache::Render tools;
    std::function<std::string(const core::ProviderRequest& request, const RequestParts& parts,
                              const ModelSettings& model)>
        body;
    std::function<std::unique_ptr<WireReply>(core::TextSink sink, core::TextSink thoughts)> reply;
    ImageLimits images = {};
};

class ModelProvider : public core::Provider {
  public:
    // `artifacts` has the pictures of messages; without it none is shown.
    ModelProvider(ServerSettings settings, WireFormat format, std::shared_ptr<HttpClient> client,
                  std::shared_ptr<core::Artifacts> artifacts);

    // Throws ProviderError.
    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    Task<core::ProviderReply> ask(const core::ProviderRequest& request, core::TextSink sink);

    const WireFormat format_;
    const ModelServer server_;
    const std::shared_ptr<core::Artifacts> artifacts_;
    WireToolsCache tools_;
};

}  // namespace assistd::providers
