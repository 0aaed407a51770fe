#pragma once
// Looks at every part of the daemon for those who watch over it: /readyz, /health and /metrics. Owned by the
// composition root, made before the doors; what it looks at outlives every request. Any thread.

#include <chrono>
#include <functional>
#include <memory>

#include "api/admin/watch.h"
#include "app/io_lag.h"
#include "app/limits.h"
#include "app/metrics.h"
#include "app/write_probe.h"
#include "auth/key_set.h"
#include "core/ports.h"
#include "core/turn_service.h"
#include "knowledge/knowledge_base.h"
#include "store/store.h"
#include "telemetry/exporter.h"
#include "tools/background_jobs.h"
#include "tools/executor.h"

namespace assistd::http {
class Server;
}

namespace assistd::app {

struct Watched {
    store::Storage& storage;
    const core::Providers& providers;
    const tools::ToolExecutor& tools;
    const tools::BackgroundJobs& jobs;
    const core::TurnService& turns;
    knowledge::KnowledgeBase& knowledge;
    const http::Server& server;  // asked by requests only, which it brings
    const Limits& limits;
    std::shared_ptr<Metrics> metrics;
    std::function<std::string()> watch_problem;  // of the plugin folders: a sentence, or empty
    // Why the keys for tokens cannot be fetched; asking lets them be looked for again.
    std::function<std::optional<auth::KeySet::Trouble>()> key_trouble;
    std::shared_ptr<telemetry::SpanExporter> spans = {};  // null: traces go nowhere
    std::uint64_t reserve_bytes = 0;                      // of the disk, that artifacts leave free
};

class Watch : public api::admin::Watch {
  public:
    explicit Watch(Watched watched) : watched_(std::move(watched)), probe_(watched_.storage) {}

    const std::shared_ptr<IoLag>& io_lag() const { return io_lag_; }

    Task<std::string> reason_not_ready() override;
    Task<api::admin::Health> health() override;
    Task<std::string> metrics() override;

  private:
    Task<std::string> reason_not_readable();
    Task<api::admin::PartHealth> store();
    Task<api::admin::PartHealth> documents();
    api::admin::PartHealth turns() const;
    api::admin::PartHealth plugins() const;
    api::admin::PartHealth mcp_servers() const;
    api::admin::PartHealth providers() const;
    api::admin::PartHealth jobs() const;
    api::admin::PartHealth traces() const;
    api::admin::PartHealth tokens() const;
    api::admin::PartHealth sources(const char* name, bool mcp) const;

    const Watched watched_;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    WriteProbe probe_;
    const std::shared_ptr<IoLag> io_lag_ = std::make_shared<IoLag>();
};

}  // namespace assistd::app
