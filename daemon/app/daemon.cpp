#include "app/daemon.h"

#include "app/data_care.h"
#include "app/idle_memory.h"
#include "app/mcp_servers.h"
#include "app/metrics.h"
#include "app/model_windows.h"
#include "app/plugin_places.h"
#include "app/prompts.h"
#include "app/retention.h"
#include "app/state_lock.h"
#include "app/upkeep.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

#include "api/admin/data.h"
#include "api/admin/routes.h"
#include "api/assistants/files.h"
#include "api/assistants/routes.h"
#include "api/assistants/runs.h"
#include "api/assistants/vector_store_routes.h"
#include "api/chatkit/door.h"
#include "api/conversations/routes.h"
#include "api/mcp/door.h"
#include "api/openai/door.h"
#include "api/openai/embeddings.h"
#include "api/openai/errors.h"
#include "api/web/page.h"
#include "base/error.h"
#include "base/logging.h"
#include "core/turn_service.h"
#include "http/server.h"
#include "knowledge/knowledge_base.h"
#include "providers/directory.h"
#include "providers/offline/offline_provider.h"
#include "providers/server_embedder.h"
#include "store/store.h"
#include "tools/background_jobs.h"
#include "tools/builtin_tools.h"
#include "tools/document_tools.h"
#include "tools/executor.h"
#include "tools/plugins/plugin_source.h"
#include "tools/registry.h"
#include "tools/studies.h"
#include "tools/study_tools.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

// Together below the ten seconds within which a stopped daemon must be gone.
constexpr auto turns_grace = 6s;
constexpr auto replies_grace = 1s;
constexpr auto mcp_grace = 2500ms;

store::StoreOptions store_options(const Config& config) {
    store::StoreOptions options;
    options.folder = config.state;
    options.synchronous_full = config.store_synchronous_full;
    options.reserve_bytes = static_cast<std::uint64_t>(config.store_reserve_mib) << 20;
    if (config.store_most_together > 0)
        options.most_together = static_cast<std::size_t>(config.store_most_together);
    return options;
}

tools::PluginSourceOptions plugin_options(const Config& config, core::PluginPins& pins,
                                          std::vector<core::PluginPin> known) {
    tools::PluginSourceOptions options;
    options.pins = std::move(known);
    options.save_pin = [&pins](const core::PluginPin& pin) { pins.put(pin); };
    options.changes_wait = config.plugin_changes_wait;
    options.folders = plugin_folders(config);
    options.host_binary = plugin_host();
    options.network.insert(config.plugins_with_network.begin(), config.plugins_with_network.end());
    options.in_process.insert(config.plugins_in_process.begin(), config.plugins_in_process.end());
    options.readable = config.plugins_readable;
    options.warm = static_cast<std::size_t>(config.plugins_warm);
    options.quotas.artifact_bytes = static_cast<std::uint64_t>(config.max_artifact_mib) << 20;
    options.quotas.scratch_bytes = static_cast<std::uint64_t>(config.max_scratch_mib) << 20;
    options.scratch_folder = std::filesystem::absolute(config.state) / "scratch";
    return options;
}

tools::ExecutorOptions executor_options(const Config& config, std::shared_ptr<core::Meters> meters,
                                        core::CallCounts& counts, const tools::ToolRegistry& registry) {
    tools::ExecutorOptions options;
    const PolicyConfig& policy = config.policy;
    options.policy = std::make_shared<tools::Policy>(policy.rules, tools::configured_callers(policy));
    const auto find = [&registry](const std::string& name) -> std::shared_ptr<const core::ToolSpec> {
        const auto tool = registry.find(name);
        return tool ? tool->spec : nullptr;
    };
    if (!policy.limits.empty()) options.quotas = std::make_shared<tools::Quotas>(policy.limits, counts, find);
    options.meters = std::move(meters);
    options.max_result_bytes = static_cast<std::size_t>(config.max_result_kib) << 10;
    options.job_after.insert(config.job_after.begin(), config.job_after.end());
    return options;
}

knowledge::KnowledgeOptions knowledge_options(const Config& config) {
    knowledge::KnowledgeOptions options;
    options.folder = config.state;
    options.synchronous_full = config.store_synchronous_full;
    options.at_once = std::max(1u, std::thread::hardware_concurrency());
    return options;
}

knowledge::ExtractionOptions extraction_options() {
    knowledge::ExtractionOptions options;
    options.binary = text_extractor();
    options.at_once = std::max(1u, std::thread::hardware_concurrency());
    return options;
}

knowledge::ExtractText extraction_by(knowledge::Extractor& extractor) {
    return [&extractor](int file, std::string name, std::stop_token stop) {
        return extractor.extract(file, std::move(name), std::move(stop));
    };
}

core::Budget budget(const Config& config) {
    core::Budget budget;
    budget.max_rounds = config.max_rounds;
    budget.max_tool_calls = config.max_tool_calls;
    budget.max_tokens = config.max_tokens;
    budget.max_cost = config.max_cost;
    budget.max_time = config.turn_timeout;
    budget.approval_timeout = config.approval_timeout;
    return budget;
}

http::ServerOptions server_options(const Config& config) {
    http::ServerOptions options;
    options.address = config.listen_address;
    options.port = config.listen_port;
    options.limits.connections = config.max_connections;
    options.cors_origins = config.cors_origins;
    options.trusted_proxies = config.trusted_proxies;
    options.upload_folder = config.state;
    return options;
}

api::mcp::DoorOptions mcp_door_options(const Config& config) {
    api::mcp::DoorOptions options;
    options.approval_timeout = config.approval_timeout;
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

http::Router routes(const api::Services& services, core::DataCare& data, api::openai::Door& openai,
                    api::mcp::Door* mcp, api::chatkit::Door& chatkit, const api::web::Page& page) {
    http::Router router;
    page.add_routes(router);
    api::admin::add_routes(router, services);
    api::admin::add_data_routes(router, data);
    api::conversations::add_routes(router, services);
    api::assistants::add_vector_store_routes(router, services);
    if (mcp) mcp->add_routes(router);
    chatkit.add_routes(router);
    openai.add_routes(router);
    api::openai::add_embedding_routes(router, services);
    api::assistants::add_routes(router, services);
    api::assistants::add_run_routes(router, services);
    api::openai::add_error_shape(router);
    api::assistants::add_file_routes(router, services);
    return router;
}

// What still waits when the daemon stops is dropped while everything that it refers to is there.
class IoContext : public asio::io_context {
  public:
    using asio::io_context::io_context;
    void drop_waiting() { shutdown(); }
};

// Not owned: the artifacts live as long as every provider does.
std::shared_ptr<core::Artifacts> borrowed(core::Artifacts& artifacts) {
    return {std::shared_ptr<void>(), &artifacts};
}

Task<bool> all_stopped(std::shared_ptr<tools::mcp::McpSource> mcp) {
    co_await mcp->stop();
    co_return true;
}

}  // namespace

// In the order in which they are made; they go in the reverse order.
struct Daemon::Parts {
    explicit Parts(const Config& config)
        : lock(config.state),
          audit_kept(config.audit_kept),
          threads_kept{{core::assistants_door, config.assistants_threads_kept},
                       {core::chatkit_door, config.chatkit.threads_kept},
                       {core::chatkit_sessions_door, config.chatkit.threads_kept}},
          expired_stores_kept(config.expired_stores_kept),
          rows_kept(config.retention),
          storage(store::open_store(store_options(config))),
          registry({config.approvals.begin(), config.approvals.end()}),
          jobs(storage->store()),
          executor(io.get_executor(), registry, storage->store(), storage->artifacts(), storage->audit(),
                   jobs, executor_options(config, metrics, storage->call_counts(), registry)),
          http_client(std::make_shared<HttpClient>()),
          providers(config.providers, config.model,
                    std::make_shared<providers::OfflineProvider>(borrowed(storage->artifacts())), http_client,
                    borrowed(storage->artifacts())),
          embedder(providers::make_embedder(config.providers, config.embeddings, http_client)),
          embedders(config.providers, config.embeddings, http_client),
          extractor(io, extraction_options()),
          knowledge(io, knowledge_options(config), storage->artifacts(), storage->files(),
                    extraction_by(extractor), embedder.get()),
          contexts(storage->store(), context_settings(config)),
          prompts(prompts_of(config)),
          facts(storage->projects()),
          titles(io.get_executor(), storage->store(), providers, storage->usage(), prompts,
                 {.by_model = config.titles_by_model, .meters = metrics}),
          turns(io, {storage->store(), providers, executor, contexts, prompts, facts, titles,
                     storage->usage(), budget(config), metrics, &storage->assistants(), &knowledge}),
          studies(study_io.get_executor(), registry, executor, storage->studies(), storage->artifacts()),
          services{storage->store(),
                   storage->artifacts(),
                   storage->files(),
                   storage->projects(),
                   storage->usage(),
                   storage->audit(),
                   executor,
                   jobs,
                   studies,
                   providers,
                   turns,
                   storage->assistants(),
                   storage->threads(),
                   knowledge,
                   embedders,
                   [this] { return metrics->text(providers, executor, turns); },
                   config.openai_unknown_models},
          openai_door(services, openai_door_options(config)),
          mcp_door({executor, storage->artifacts(), storage->projects()}, io.get_executor(),
                   mcp_door_options(config)),
          chatkit_door(services, chatkit_door_options(config)),
          page(page_folder()),
          data(make_data_care(config, *storage, knowledge, turns, jobs, studies)),
          server(io, server_options(config),
                 routes(services, *data, openai_door, config.mcp.serve ? &mcp_door : nullptr, chatkit_door,
                        page)) {
        registry.on_change([this] {
            mcp_door.tools_changed();
            studies.look_again();
        });
        registry.add(std::make_shared<tools::BuiltinTools>(jobs, storage->store(), storage->artifacts()));
        registry.add(std::make_shared<tools::DocumentTools>(
            knowledge, static_cast<std::size_t>(config.max_result_kib) << 10));
        registry.add(std::make_shared<tools::StudyTools>(studies, registry, executor));
        // Last: nothing is loaded, and nothing about it is logged, when the address is taken.
        plugins = std::make_shared<tools::PluginSource>(
            io, plugin_options(config, storage->plugin_pins(), run_alone(storage->plugin_pins().all())));
        registry.add(plugins);
        plugins->watch([this] { registry.refresh(); });
        mcp_servers = std::make_shared<tools::mcp::McpSource>(io, storage->artifacts(),
                                                              mcp_options(config, http_client));
        registry.add(mcp_servers);
        mcp_servers->start([this] { registry.refresh(); });
        const auto offered = [this, &config](const std::string& tool) {
            return registry.find(tool) != nullptr || may_be_of_mcp(config, tool);
        };
        for (const std::string& sentence : unknown_tools(config, offered)) log::warn(sentence);
        const auto found = [all = plugins->plugins()](const std::string& id) {
            return std::ranges::any_of(all, [&](const core::PluginStatus& one) { return one.id == id; });
        };
        for (const std::string& sentence : unknown_plugins(config, found)) log::warn(sentence);
        for (const std::string& sentence : small_windows(config, prompts, *registry.all()))
            log::warn(sentence);
    }

    // Before there are threads: on this one.
    template <class T>
    T run_alone(Task<T> task) {
        auto result = asio::co_spawn(io, std::move(task), asio::use_future);
        while (result.wait_for(0s) != std::future_status::ready) io.run_one();
        return result.get();
    }
    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(asio::make_strand(io), std::move(task), asio::use_future).get();
    }

    StateLock lock;
    const std::chrono::days audit_kept;
    const std::map<std::string, std::chrono::days> threads_kept;  // by door
    const std::chrono::days expired_stores_kept;
    const RetentionConfig rows_kept;
    const std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
    IoContext io{static_cast<int>(std::thread::hardware_concurrency())};
    IoContext study_io{1};  // what is done for studies, so that nobody's turn stands behind it
    std::unique_ptr<store::Storage> storage;
    std::shared_ptr<tools::PluginSource> plugins;
    std::shared_ptr<tools::mcp::McpSource> mcp_servers;
    tools::ToolRegistry registry;
    tools::BackgroundJobs jobs;
    tools::ToolExecutor executor;
    std::shared_ptr<HttpClient> http_client;
    providers::ProviderDirectory providers;
    const std::unique_ptr<core::Embedder> embedder;  // null: none is configured
    providers::EmbedderDirectory embedders;
    knowledge::Extractor extractor;
    knowledge::KnowledgeBase knowledge;
    core::ContextManager contexts;
    core::PromptBuilder prompts;
    core::TurnFacts facts;
    core::TitleWriter titles;
    core::TurnService turns;
    tools::StudyRunner studies;
    api::Services services;
    api::openai::Door openai_door;
    api::mcp::Door mcp_door;
    api::chatkit::Door chatkit_door;
    const api::web::Page page;
    const std::unique_ptr<core::DataCare> data;
    http::Server server;

    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
    asio::executor_work_guard<asio::io_context::executor_type> study_work = asio::make_work_guard(study_io);
    std::vector<std::thread> threads;
};

Daemon::Daemon(const Config& config) : parts_(std::make_unique<Parts>(config)) {}

Daemon::~Daemon() {
    stop();
}

std::uint16_t Daemon::start() {
    Parts& parts = *parts_;
    const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < cores; ++i) parts.threads.emplace_back([&parts] { parts.io.run(); });
    parts.threads.emplace_back([&parts] { parts.study_io.run(); });
    // Jobs first: a turn may be waiting for one.
    parts.run(parts.executor.recover());
    parts.run(parts.studies.recover());
    parts.run(parts.turns.resume());
    parts.knowledge.start();
    parts.server.start();
    const IdleMemory idle_memory{parts.turns, parts.contexts, *parts.storage, *parts.http_client};
    asio::co_spawn(parts.io, give_memory_back_when_idle(idle_memory), asio::detached);
    const Retention retention{parts.storage->audit(),   parts.storage->call_counts(),
                              parts.storage->threads(), parts.storage->files(),
                              parts.knowledge,          parts.audit_kept,
                              parts.threads_kept,       parts.expired_stores_kept,
                              *parts.storage,           parts.rows_kept};
    asio::co_spawn(parts.io, remove_what_is_old(retention), asio::detached);
    const Upkeep upkeep{parts.turns, *parts.storage, parts.knowledge};
    asio::co_spawn(parts.io, give_space_back_when_idle(upkeep), asio::detached);
    return parts.server.port();
}

void Daemon::stop() {
    Parts& parts = *parts_;
    if (parts.threads.empty()) return;
    parts.run(parts.turns.shut_down(turns_grace));
    parts.run(parts.titles.shut_down());
    parts.jobs.stop_storing();
    parts.studies.stop();
    parts.mcp_door.stop();
    parts.server.stop(replies_grace);
    parts.run(parts.knowledge.stop());
    parts.plugins->stop();
    // What has not ended by then ends with the daemon (daemon/keeper).
    auto servers =
        asio::co_spawn(asio::make_strand(parts.io), all_stopped(parts.mcp_servers), asio::use_future);
    if (servers.wait_for(mcp_grace) != std::future_status::ready)
        log::warn("an MCP server does not end; it is not waited for");
    parts.work.reset();
    parts.study_work.reset();
    parts.io.stop();
    parts.study_io.stop();
    for (std::thread& thread : parts.threads) thread.join();
    parts.threads.clear();
    parts.study_io.drop_waiting();
    parts.io.drop_waiting();
}

bool Daemon::has_runaway_calls() const {
    return parts_->plugins->runaway_calls() > 0;
}

}  // namespace assistd::app
