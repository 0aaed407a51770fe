#include "app/part_options.h"

#include <thread>

#include "app/plugin_places.h"

namespace assistd::app {

store::StoreOptions store_options(const Config& config, std::shared_ptr<core::Meters> meters) {
    store::StoreOptions options;
    options.meters = std::move(meters);
    options.folder = config.state;
    options.synchronous_full = config.store_synchronous_full;
    options.reserve_bytes = static_cast<std::uint64_t>(config.store_reserve_mib) << 20;
    if (config.store_most_together > 0)
        options.most_together = static_cast<std::size_t>(config.store_most_together);
    return options;
}

knowledge::ExtractionOptions extraction_options() {
    knowledge::ExtractionOptions options;
    options.binary = text_extractor();
    options.at_once = std::max(1u, std::thread::hardware_concurrency());
    return options;
}

tools::PluginSettings plugin_settings(const Config& config) {
    tools::PluginSettings settings;
    settings.changes_wait = config.plugin_changes_wait;
    settings.folders = plugin_folders(config);
    settings.own_folder = own_plugin_folder();
    settings.own_only = config.safe_mode;
    settings.network.insert(config.plugins_with_network.begin(), config.plugins_with_network.end());
    settings.in_process.insert(config.plugins_in_process.begin(), config.plugins_in_process.end());
    settings.readable = config.plugins_readable;
    settings.warm = static_cast<std::size_t>(config.plugins_warm);
    settings.quotas.artifact_bytes = static_cast<std::uint64_t>(config.max_artifact_mib) << 20;
    settings.bounds = {config.plugins_max_memory_mib, config.plugins_max_time};
    settings.quotas.scratch_bytes = static_cast<std::uint64_t>(config.max_scratch_mib) << 20;
    return settings;
}

tools::ExecutorOptions executor_options(const Config& config, tools::Callers callers) {
    tools::ExecutorOptions options;
    const PolicyConfig& policy = config.policy;
    options.policy = std::make_shared<tools::Policy>(policy.rules, std::move(callers));
    options.max_result_bytes = max_result_bytes(config);
    options.job_after.insert(config.job_after.begin(), config.job_after.end());
    return options;
}

std::shared_ptr<tools::Quotas> quotas_of(const Config& config, core::CallCounts& counts,
                                         const tools::ToolRegistry& registry) {
    if (config.policy.limits.empty()) return nullptr;
    const auto find = [&registry](const std::string& name) -> std::shared_ptr<const core::ToolSpec> {
        const auto tool = registry.find(name);
        return tool ? tool->spec : nullptr;
    };
    return std::make_shared<tools::Quotas>(config.policy.limits, counts, find);
}

tools::ApprovalRules approvals_of(const Config& config) {
    return {config.approvals.begin(), config.approvals.end()};
}

knowledge::KnowledgeOptions knowledge_options(const Config& config) {
    knowledge::KnowledgeOptions options;
    options.folder = config.state;
    options.synchronous_full = config.store_synchronous_full;
    options.at_once = std::max(1u, std::thread::hardware_concurrency());
    options.was_there = store::has_uploads(config.state);
    return options;
}

core::Budget budget_of(const Config& config) {
    core::Budget budget;
    budget.max_rounds = config.max_rounds;
    budget.max_tool_calls = config.max_tool_calls;
    budget.max_tokens = config.max_tokens;
    budget.max_cost = config.max_cost;
    budget.max_time = config.turn_timeout;
    budget.approval_timeout = config.approval_timeout;
    return budget;
}

http::ServerOptions server_options(const Config& config, int socket) {
    http::ServerOptions options;
    options.socket = socket;
    options.address = config.listen_address;
    options.port = config.listen_port;
    options.limits.connections = config.max_connections;
    options.cors_origins = config.cors_origins;
    options.trusted_proxies = config.trusted_proxies;
    options.upload_folder = config.state;
    return options;
}

api::openai::DoorOptions openai_door_options(const Config& config) {
    api::openai::DoorOptions options;
    options.offers_tools = config.openai_offers_tools;
    return options;
}

api::chatkit::DoorOptions chatkit_door_options(const Config& config) {
    return {config.chatkit.sessions, config.chatkit.session_messages, config.chatkit.message_characters};
}

api::mcp::DoorOptions mcp_door_options(const Config& config) {
    api::mcp::DoorOptions options;
    options.approval_timeout = config.approval_timeout;
    return options;
}

std::size_t max_result_bytes(const Config& config) {
    return static_cast<std::size_t>(config.max_result_kib) << 10;
}

RetentionTimes retention_times(const Config& config) {
    RetentionTimes times;
    times.audit_kept = config.audit_kept;
    times.threads_kept = {{core::assistants_door, config.assistants_threads_kept},
                          {core::chatkit_door, config.chatkit.threads_kept},
                          {core::chatkit_sessions_door, config.chatkit.threads_kept}};
    times.expired_stores_kept = config.expired_stores_kept;
    times.rows = config.retention;
    return times;
}

}  // namespace assistd::app
