#include "app/watch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "http/server.h"

namespace assistd::app {

using api::admin::Condition;
using api::admin::Health;
using api::admin::PartHealth;
using Json = nlohmann::ordered_json;

namespace {

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void worsen(PartHealth& part, Condition condition, const std::string& reason) {
    part.condition = std::max(part.condition, condition);
    part.reason += (part.reason.empty() ? "" : " ") + reason;
}

Task<std::int64_t> waiting_documents(knowledge::KnowledgeBase& knowledge) {
    try {
        co_return co_await knowledge.files_in_progress();
    } catch (const Error&) {
        co_return 0;  // /health says so
    }
}

}  // namespace

// A page of nothing is the cheapest question.
Task<std::string> Watch::reason_not_readable() {
    core::ConversationQuery nobody;
    nobody.owner = "";
    nobody.limit = 1;
    std::string reason;
    try {
        co_await watched_.storage.store().conversations(nobody);
    } catch (const Error& error) {
        reason = std::string("The store cannot be read: ") + error.what();
    }
    co_return reason;
}

Task<std::string> Watch::reason_not_ready() {
    if (watched_.turns.is_draining())
        co_return "The daemon is shutting down; what runs ends or goes on after the start.";
    std::string reason = co_await reason_not_readable();
    if (reason.empty()) reason = co_await probe_.problem();
    co_return reason;
}

Task<PartHealth> Watch::store() {
    PartHealth part{"store", Condition::ok, {}, {}};
    const std::string not_readable = co_await reason_not_readable();
    const std::string not_writable = co_await probe_.problem();
    const store::StoreState state = watched_.storage.state();
    if (!not_readable.empty()) worsen(part, Condition::down, not_readable);
    if (!not_writable.empty()) worsen(part, Condition::down, not_writable);
    if (state.free_bytes < watched_.reserve_bytes)
        worsen(part, Condition::degraded,
               fmt::format("The disk has {} MiB left, less than store.reserve_mib keeps free: files of tools "
                           "are refused until there is room.",
                           state.free_bytes >> 20));
    part.details = text_of(Json{{"readable", not_readable.empty()},
                                {"writable", not_writable.empty()},
                                {"waiting_writes", state.waiting_writes},
                                {"free_bytes", state.free_bytes},
                                {"database_bytes", state.database_bytes}});
    co_return part;
}

Task<PartHealth> Watch::documents() {
    PartHealth part{"documents", Condition::ok, {}, {}};
    try {
        const std::int64_t waiting = co_await watched_.knowledge.files_in_progress();
        part.details =
            text_of(Json{{"files_in_progress", waiting}, {"passages", watched_.knowledge.chunk_count()}});
    } catch (const Error& error) {
        worsen(part, Condition::degraded, std::string("Documents cannot be searched: ") + error.what());
    }
    co_return part;
}

PartHealth Watch::turns() const {
    PartHealth part{"turns", Condition::ok, {}, {}};
    const bool draining = watched_.turns.is_draining();
    if (draining) worsen(part, Condition::down, "The daemon is shutting down and begins no more turns.");
    part.details = text_of(Json{{"running", watched_.turns.running()}, {"draining", draining}});
    return part;
}

// Plugin files, or MCP servers, whose tools are listed in the same way.
PartHealth Watch::sources(const char* name, bool mcp) const {
    PartHealth part{name, Condition::ok, {}, {}};
    std::map<std::string, int> states = {{"ready", 0}};
    for (const core::PluginStatus& plugin : watched_.tools.plugins()) {
        if (plugin.id.starts_with("mcp.") != mcp) continue;
        ++states[plugin.state];
        if (plugin.state == "quarantined" || plugin.state == "failed")
            worsen(part, Condition::degraded, plugin.id + ": " + plugin.reason);
    }
    Json counts = Json::object();
    for (const auto& [state, count] : states) counts[state] = count;
    part.details = text_of(counts);
    return part;
}

PartHealth Watch::plugins() const {
    PartHealth part = sources("plugins", false);
    const std::string problem = watched_.watch_problem();
    if (problem.empty()) return part;
    Json details = Json::parse(part.details);
    details["note"] = problem;
    part.details = text_of(details);
    return part;
}

PartHealth Watch::mcp_servers() const {
    return sources("mcp_servers", true);
}

PartHealth Watch::providers() const {
    PartHealth part{"providers", Condition::ok, {}, {}};
    Json circuits = Json::object();
    for (const core::ProviderStatus& provider : watched_.providers.status()) {
        if (provider.base_url.empty()) continue;
        circuits[provider.name] = {{"circuit", provider.circuit},
                                   {"failures_in_a_row", provider.failures_in_a_row}};
        if (provider.circuit == "open")
            worsen(part, Condition::degraded,
                   "The provider " + provider.name + " kept failing and is left alone for a while.");
    }
    part.details = text_of(Json{{"servers", std::move(circuits)}});
    return part;
}

PartHealth Watch::jobs() const {
    PartHealth part{"jobs", Condition::ok, {}, {}};
    part.details = text_of(
        Json{{"running", watched_.jobs.running()}, {"waiting_tool_calls", watched_.tools.waiting_calls()}});
    return part;
}

PartHealth Watch::traces() const {
    PartHealth part{"traces", Condition::ok, {}, {}};
    const auto counts = watched_.spans ? watched_.spans->counts() : telemetry::SpanExporter::Counts();
    part.details = text_of(Json{{"exported", watched_.spans != nullptr},
                                {"spans", counts.exported},
                                {"dropped", counts.dropped},
                                {"refused", counts.refused},
                                {"waiting", counts.waiting}});
    return part;
}

PartHealth Watch::tokens() const {
    PartHealth part{"tokens", Condition::ok, {}, {}};
    const auto trouble = watched_.key_trouble();
    Json details{{"keys_missing_since", trouble ? Json(to_iso8601(trouble->since)) : Json()}};
    if (trouble) {
        const std::string told = fmt::format(
            "The keys that tokens are verified with cannot be fetched since {}: it {}. Known ones count for "
            "a day.",
            to_iso8601(trouble->since), trouble->reason);
        worsen(part, Condition::degraded, told);
        details["note"] = told;
    }
    part.details = text_of(details);
    return part;
}

Task<Health> Watch::health() {
    Health health;
    health.version = ASSISTD_VERSION;
    health.uptime =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began_);
    health.parts.push_back(co_await store());
    health.parts.push_back(co_await documents());
    health.parts.push_back(turns());
    health.parts.push_back(providers());
    health.parts.push_back(plugins());
    health.parts.push_back(mcp_servers());
    health.parts.push_back(jobs());
    health.parts.push_back(traces());
    health.parts.push_back(tokens());
    co_return health;
}

Task<std::string> Watch::metrics() {
    Present present;
    present.turns_running = watched_.turns.running();
    present.tools = watched_.tools.all()->tools.size();
    present.plugins = watched_.tools.plugins();
    present.providers = watched_.providers.status();
    present.store = watched_.storage.state();
    const std::int64_t documents = co_await waiting_documents(watched_.knowledge);
    present.queues = {{"store_writes", present.store.waiting_writes},
                      {"tool_calls", watched_.tools.waiting_calls()},
                      {"documents", static_cast<std::size_t>(documents)}};
    present.jobs_running = watched_.jobs.running();
    present.connections = watched_.server.connections();
    present.streams = watched_.server.streams();
    if (watched_.spans) present.spans = watched_.spans->counts();
    present.io_lag = io_lag_->take();
    if (const auto trouble = watched_.key_trouble()) present.keys_missing_for = now() - trouble->since;
    watched_.metrics->set(watched_.limits.demand(watched_.server.queue()));
    co_return watched_.metrics->text(present);
}

}  // namespace assistd::app
