#pragma once
// What each part of the daemon is made with, from the configuration. Pure functions; also a reload makes
// these.

#include "api/chatkit/door.h"
#include "api/mcp/door.h"
#include "api/openai/door.h"
#include "app/retention.h"
#include "base/config.h"
#include "core/ports.h"
#include "core/turn.h"
#include "http/server.h"
#include "knowledge/extraction.h"
#include "knowledge/knowledge_base.h"
#include "store/store.h"
#include "tools/executor.h"
#include "tools/plugins/plugin_source.h"

namespace assistd::app {

store::StoreOptions store_options(const Config& config, std::shared_ptr<core::Meters> meters);
tools::PluginSettings plugin_settings(const Config& config);
// Without the meters and the quotas, which look after calls.
tools::ExecutorOptions executor_options(const Config& config, tools::Callers callers);
// Null: the configuration has no limits.
std::shared_ptr<tools::Quotas> quotas_of(const Config& config, core::CallCounts& counts,
                                         const tools::ToolRegistry& registry);
tools::ApprovalRules approvals_of(const Config& config);
knowledge::ExtractionOptions extraction_options();
knowledge::KnowledgeOptions knowledge_options(const Config& config);
core::Budget budget_of(const Config& config);
// `socket`: one that is listening already; else -1.
http::ServerOptions server_options(const Config& config, int socket = -1);
api::openai::DoorOptions openai_door_options(const Config& config);
api::chatkit::DoorOptions chatkit_door_options(const Config& config);
api::mcp::DoorOptions mcp_door_options(const Config& config);
std::size_t max_result_bytes(const Config& config);
RetentionTimes retention_times(const Config& config);

}  // namespace assistd::app
