#include "app/daemon.h"

#include "app/access.h"
#include "app/alive.h"
#include "app/data_care.h"
#include "app/idle_memory.h"
#include "app/limits.h"
#include "app/live_parts.h"
#include "app/mcp_servers.h"
#include "app/metrics.h"
#include "app/model_windows.h"
#include "app/observation.h"
#include "app/part_options.h"
#include "app/plugin_places.h"
#include "app/prompts.h"
#include "app/retention.h"
#include "app/start_progress.h"
#include "app/state_lock.h"
#include "app/upkeep.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

#include "api/accounts/routes.h"
#include "api/admin/config_routes.h"
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
#include "api/openapi/description.h"
#include "api/web/page.h"
#include "base/error.h"
#include "base/logging.h"
#include "core/turn_service.h"
#include "http/server.h"
#include "knowledge/knowledge_base.h"
#include "providers/offline/phrases/phrase.h"
#include "store/store.h"
#include "tools/background_jobs.h"
#include "tools/builtin_tools.h"
#include "tools/deletion_tool.h"
#include "tools/document_tools.h"
#include "tools/executor.h"
#include "tools/plugins/plugin_source.h"
#include "tools/registry.h"
#include "tools/studies.h"
#include "tools/study_tools.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;

// With turns.drain_s as it is by default, below the ten seconds within which a stopped daemon must be gone.
constexpr std::chrono::milliseconds replies_grace = 1s, mcp_grace = 2500ms;

tools::PluginSourceOptions plugin_options(const Config& config, core::PluginPins& pins,
                                          std::vector<core::PluginPin> known) {
    tools::PluginSourceOptions options;
    static_cast<tools::PluginSettings&>(options) = plugin_settings(config);
    options.pins = std::move(known);
    options.save_pin = [&pins](const core::PluginPin& pin) { pins.put(pin); };
    options.host_binary = plugin_host();
    options.phrase_problems = providers::offline::phrase_problems;
    options.scratch_folder = std::filesystem::absolute(config.state) / "scratch";
    return options;
}

tools::ExecutorOptions first_executor_options(const Config& config, std::shared_ptr<core::Meters> meters,
                                              store::Storage& storage, const tools::ToolRegistry& registry,
                                              const Access& access) {
    tools::ExecutorOptions options = executor_options(config, access.callers(config.policy));
    options.quotas = quotas_of(config, storage.call_counts(), registry);
    options.projects = &storage.projects();
    options.meters = std::move(meters);
    return options;
}

template <class Options>
Options telling(Options options, const ServiceManager& service) {
    options.progress = start_progress(service);
    return options;
}

knowledge::ExtractText extraction_by(knowledge::Extractor& extractor) {
    return [&extractor](int file, std::string name, std::stop_token stop) {
        return extractor.extract(file, std::move(name), std::move(stop));
    };
}

http::Router routes(const api::Services& services, Watch& watch, core::DataCare& data,
                    const api::accounts::Context& accounts, api::openai::Door& openai, api::mcp::Door* mcp,
                    api::chatkit::Door& chatkit, const api::web::Page& page, Limits& limits) {
    http::Router router;
    const auto is_known = [&known = accounts.accounts](const std::string& user) {
        return known.find_user(user).has_value();
    };
    api::accounts::add_routes(router, accounts);
    page.add_routes(router);
    api::admin::add_routes(router, services, watch);
    api::admin::add_data_routes(router, data, services.audit);
    api::admin::add_limit_routes(router, limits.sources(is_known));
    api::admin::add_config_routes(router, services);
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
    api::openapi::add_routes(router);  // the last one: it tells of all
    return router;
}

// What still waits when the daemon stops is dropped while everything that it refers to is there.
class IoContext : public asio::io_context {
  public:
    using asio::io_context::io_context;
    void drop_waiting() { shutdown(); }
};

Task<bool> all_stopped(std::shared_ptr<tools::mcp::McpSource> mcp) {
    co_await mcp->stop();
    co_return true;
}

}  // namespace

// In the order in which they are made; they go in the reverse order.
struct Daemon::Parts {
    Parts(const Config& config, LoadConfig load, const ServiceManager& manager)
        : service(manager),
          lock(config.state),
          reloads(config, std::move(load)),
          retention(retention_times(config)),
          storage(store::open_store(telling(store_options(config, metrics), service))),
          http_client(std::make_shared<HttpClient>()),
          access(config, storage->accounts(), http_client, metrics),
          limits(config, access.callers(config.policy), storage->usage(), storage->key_spending()),
          registry(approvals_of(config)),
          jobs(storage->store()),
          executor(io.get_executor(), registry, storage->store(), storage->artifacts(), storage->audit(),
                   jobs, first_executor_options(config, metrics, *storage, registry, access)),
          models(http_client, storage->artifacts(), metrics),
          providers(models.directory(config)),
          embedder(models.live_embedder(config)),
          embedders(models.embedders(config)),
          extractor(io, extraction_options()),
          knowledge(io, telling(knowledge_options(config), service), storage->artifacts(), storage->files(),
                    extraction_by(extractor), embedder.get()),
          contexts(storage->store(), context_settings(config)),
          prompts(std::make_shared<const core::PromptBuilder>(prompts_of(config))),
          facts(storage->projects()),
          titles(io.get_executor(), storage->store(), providers, storage->usage(), prompts,
                 {.by_model = config.titles_by_model, .meters = metrics}),
          turns(io, {storage->store(), providers, executor, contexts, prompts, facts, titles,
                     storage->usage(), budget_of(config), metrics, &storage->assistants(), &knowledge,
                     limits.slots(), &limits.spending(), access.shut_out()}),
          studies(study_io.get_executor(), registry, executor, storage->studies(), storage->artifacts(),
                  {.shut_out = access.shut_out()}),
          services{storage->store(),
                   storage->artifacts(),
                   storage->files(),
                   storage->projects(),
                   storage->usage(),
                   storage->reliability(),
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
                   [this] { return unknown_models_are_default.load(); },
                   reloads.control()},
          openai_door(services, openai_door_options(config)),
          mcp_door({executor, storage->artifacts(), storage->projects(), instance}, io.get_executor(),
                   mcp_door_options(config)),
          chatkit_door(services, chatkit_door_options(config), access.shut_out()),
          page(page_folder()),
          data(make_data_care(config, *storage, knowledge, turns, jobs, studies)),
          accounts{access.accounts(), storage->audit(), *data, config.auth.mode, config.auth.keys},
          observation(io, config, http_client,
                      {*storage, providers, executor, jobs, turns, knowledge, server, limits, metrics,
                       [this] { return plugins ? plugins->watch_problem() : std::string(); },
                       [this] { return access.key_trouble(io); }}),
          server(io,
                 with_removals(
                     limits.with(access.with(observation.with(server_options(config, service.socket())))),
                     *data),
                 routes(services, observation.watch(), *data, accounts, openai_door,
                        config.mcp.serve ? &mcp_door : nullptr, chatkit_door, page, limits)) {
        keep_to_owner(config.state);
        run_alone(access.open(config.state));
        access.when_shut_out([this](const core::Owner& user, const std::string& why) {
            studies.end_all_of(user);
            turns.end_all_of(user, why);
            executor.end_all_of(user, why);
        });
        registry.on_change([this] {
            mcp_door.tools_changed();
            studies.look_again();
        });
        registry.add(std::make_shared<tools::BuiltinTools>(jobs, storage->store(), storage->artifacts()));
        registry.add(std::make_shared<tools::DeletionTool>(storage->artifacts(), knowledge));
        document_tools = std::make_shared<tools::DocumentTools>(knowledge, max_result_bytes(config));
        registry.add(document_tools);
        registry.add(std::make_shared<tools::StudyTools>(studies, registry, executor));
        // Last: nothing is loaded, and nothing about it is logged, when the address is taken.
        plugins = std::make_shared<tools::PluginSource>(
            io, plugin_options(config, storage->plugin_pins(), run_alone(storage->plugin_pins().all())));
        registry.add(plugins);
        plugins->watch([this] { registry.refresh(); });
        mcp_servers = std::make_shared<tools::mcp::McpSource>(
            io, storage->artifacts(),
            tools::mcp::McpSourceOptions{mcp_servers_of(config), http_client, instance});
        registry.add(mcp_servers);
        mcp_servers->start([this] { registry.refresh(); });
        unknown_models_are_default = config.openai_unknown_models;
        follow_config(reloads, live_parts());
        reloads.tell([this](const std::string& refusal) { service.refused(refusal); });
        for (const std::string& sentence : oddities_of(config, live_parts())) log::warn(sentence);
    }

    LiveParts live_parts() {
        return {turns,           titles,
                contexts,        executor,
                registry,        storage->call_counts(),
                models,          providers,
                embedder.get(),  embedders,
                *plugins,        *mcp_servers,
                *document_tools, openai_door,
                mcp_door,        chatkit_door,
                server,          access,
                limits,          http_client,
                retention,       unknown_models_are_default};
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

    const ServiceManager& service;
    StateLock lock;
    Reloader reloads;
    const std::string instance = Uuid::make().hex();  // by which other daemons know it (base/mcp_origin.h)
    Live<RetentionTimes> retention;
    std::atomic<bool> unknown_models_are_default{false};
    const std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
    IoContext io{static_cast<int>(std::thread::hardware_concurrency())};
    IoContext study_io{1};  // what is done for studies, so that nobody's turn stands behind it
    std::unique_ptr<store::Storage> storage;
    std::shared_ptr<HttpClient> http_client;
    Access access;
    std::shared_ptr<tools::PluginSource> plugins;
    std::shared_ptr<tools::mcp::McpSource> mcp_servers;
    Limits limits;
    tools::ToolRegistry registry;
    tools::BackgroundJobs jobs;
    tools::ToolExecutor executor;
    const Models models;
    providers::LiveProviders providers;
    const std::unique_ptr<providers::LiveEmbedder> embedder;  // null: none is configured
    providers::LiveEmbedders embedders;
    knowledge::Extractor extractor;
    knowledge::KnowledgeBase knowledge;
    core::ContextManager contexts;
    const std::shared_ptr<const core::PromptBuilder> prompts;
    core::TurnFacts facts;
    core::TitleWriter titles;
    core::TurnService turns;
    tools::StudyRunner studies;
    std::shared_ptr<tools::DocumentTools> document_tools;
    api::Services services;
    api::openai::Door openai_door;
    api::mcp::Door mcp_door;
    api::chatkit::Door chatkit_door;
    const api::web::Page page;
    const std::unique_ptr<core::DataCare> data;
    const api::accounts::Context accounts;
    Observation observation;
    http::Server server;

    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
    asio::executor_work_guard<asio::io_context::executor_type> study_work = asio::make_work_guard(study_io);
    std::vector<std::thread> threads;
    std::unique_ptr<Watchdog> watchdog;
};

Daemon::Daemon(const Config& config, LoadConfig load, const ServiceManager& service)
    : parts_(std::make_unique<Parts>(config, std::move(load), service)) {}

Daemon::~Daemon() {
    stop();
    parts_->reloads.wait_for_reading();  // while the parts that it may use are there
}

std::uint16_t Daemon::start() {
    Parts& parts = *parts_;
    const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < cores; ++i) parts.threads.emplace_back([&parts] { parts.io.run(); });
    parts.threads.emplace_back([&parts] { parts.study_io.run(); });
    const auto clock_file = parts.reloads.config()->state / "clock.json";
    const ClockMemory clock = parts.run(memory_of_clock(clock_file, *parts.storage));
    // Jobs first: a turn may be waiting for one.
    parts.run(parts.executor.recover());
    parts.run(parts.studies.recover());
    parts.run(parts.turns.resume());
    parts.knowledge.start();
    parts.server.start();
    parts.observation.start(parts.io);
    asio::co_spawn(parts.io, parts.access.fetch_keys(), asio::detached);
    const IdleMemory idle_memory{parts.turns, parts.contexts, *parts.storage, *parts.http_client};
    asio::co_spawn(parts.io, give_memory_back_when_idle(idle_memory), asio::detached);
    const Retention retention{parts.storage->audit(),
                              parts.storage->call_counts(),
                              parts.storage->threads(),
                              parts.storage->files(),
                              parts.knowledge,
                              *parts.storage,
                              parts.retention,
                              clock_file,
                              clock};
    asio::co_spawn(parts.io, remove_what_is_old(retention), asio::detached);
    const Upkeep upkeep{parts.turns, *parts.storage, parts.knowledge};
    asio::co_spawn(parts.io, give_space_back_when_idle(upkeep), asio::detached);
    const std::vector<IoThreads> io_threads{{parts.io, cores, "turns"}, {parts.study_io, 1, "studies"}};
    parts.watchdog = watch({parts.service, io_threads, *parts.storage, parts.server, parts.turns});
    return parts.server.port();
}

void Daemon::stop() {
    Parts& parts = *parts_;
    if (parts.threads.empty()) return;
    parts.watchdog.reset();
    parts.reloads.stop();
    const std::chrono::seconds drain = parts.reloads.config()->drain;
    const auto drained_by = std::chrono::steady_clock::now() + drain;
    parts.run(parts.turns.shut_down(drain));
    parts.run(parts.executor.shut_down(drained_by));
    parts.run(parts.titles.shut_down());
    parts.jobs.stop_storing();
    parts.studies.stop();
    parts.mcp_door.stop();
    parts.server.stop(replies_grace);
    parts.run(parts.knowledge.stop());
    parts.run(parts.observation.stop());
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

std::chrono::seconds Daemon::longest_stop() const {
    return parts_->reloads.config()->drain + 24s;
}

void Daemon::reload_soon(std::function<void()> begins, std::function<void()> ended) {
    parts_->reloads.reload_soon(std::move(begins), std::move(ended));
}

bool Daemon::has_runaway_threads() const {
    return parts_->plugins->runaway_calls() > 0 || parts_->reloads.is_reading();
}

}  // namespace assistd::app
