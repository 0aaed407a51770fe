#pragma once
// The parts of the daemon that take another configuration while they run, and how each does: what is to be
// known of it is in app/reload.h.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "api/chatkit/door.h"
#include "api/mcp/door.h"
#include "api/openai/door.h"
#include "app/access.h"
#include "app/limits.h"
#include "app/reload.h"
#include "app/retention.h"
#include "core/turn_service.h"
#include "http/server.h"
#include "providers/live_providers.h"
#include "tools/document_tools.h"
#include "tools/executor.h"
#include "tools/mcp/mcp_source.h"
#include "tools/plugins/plugin_source.h"
#include "tools/registry.h"

namespace assistd::app {

// Makes what asks models' servers. Throws Error{validation} for what cannot work, such as a missing key.
class Models {
  public:
    Models(std::shared_ptr<HttpClient> client, core::Artifacts& artifacts,
           std::shared_ptr<core::Meters> meters)
        : client_(std::move(client)), artifacts_(artifacts), meters_(std::move(meters)) {}

    std::shared_ptr<const providers::ProviderDirectory> directory(const Config& config) const;
    std::shared_ptr<const providers::EmbedderDirectory> embedders(const Config& config) const;
    // With which documents are indexed; null: none is configured.
    std::shared_ptr<core::Embedder> embedder(const Config& config) const;
    std::unique_ptr<providers::LiveEmbedder> live_embedder(const Config& config) const;

  private:
    const std::shared_ptr<HttpClient> client_;
    core::Artifacts& artifacts_;
    const std::shared_ptr<core::Meters> meters_;
};

// All of it outlives the reloads.
struct LiveParts {
    core::TurnService& turns;
    core::TitleWriter& titles;
    core::ContextManager& contexts;
    tools::ToolExecutor& executor;
    tools::ToolRegistry& registry;
    core::CallCounts& counts;
    const Models& models;
    providers::LiveProviders& providers;
    providers::LiveEmbedder* embedder;  // null: none is configured
    providers::LiveEmbedders& embedders;
    tools::PluginSource& plugins;
    tools::mcp::McpSource& mcp_servers;
    tools::DocumentTools& document_tools;
    api::openai::Door& openai_door;
    api::mcp::Door& mcp_door;
    api::chatkit::Door& chatkit_door;
    http::Server& server;
    const Access& access;
    Limits& limits;
    std::shared_ptr<HttpClient> http_client;
    Live<RetentionTimes>& retention;
    std::atomic<bool>& unknown_models_are_default;
};

void follow_config(Reloader& reloads, LiveParts parts);

// See oddities.h: beside what there is now.
std::vector<std::string> oddities_of(const Config& config, const LiveParts& parts);

}  // namespace assistd::app
