#include "app/metrics.h"

#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "app/http_counts.h"
#include "app/metric_families.h"

namespace assistd::app {
namespace {

// A label's values stay few whatever users make up; what comes after these counts as "other".
constexpr std::size_t most_models = 200;

constexpr const char* plugin_states[] = {"ready", "refused", "quarantined", "waiting", "left_out"};
constexpr const char* mcp_states[] = {"ready", "starting", "failed", "quarantined", "left_out"};

struct Memory {
    double virtual_bytes = 0;
    double resident_bytes = 0;
};

Memory memory_now() {
    std::ifstream statm("/proc/self/statm");
    Memory pages;
    statm >> pages.virtual_bytes >> pages.resident_bytes;
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    return {pages.virtual_bytes * page, pages.resident_bytes * page};
}

double open_files() {
    std::error_code failure;
    const std::filesystem::directory_iterator files("/proc/self/fd", failure);
    // Looking takes one itself.
    return failure ? 0 : static_cast<double>(std::distance(begin(files), end(files))) - 1;
}

double most_open_files() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double seconds_of(std::chrono::microseconds time) {
    return std::max(0.0, std::chrono::duration<double>(time).count());
}

void raise_to(Counter& counter, double value) {
    if (value > counter.Value()) counter.Increment(value - counter.Value());
}

}  // namespace

struct Metrics::Families : MetricFamilies {
    std::mutex scraping;  // the gauges are set, then read
    HttpCounts http{*this};
    std::mutex models_mutex;
    std::set<std::pair<std::string, std::string>> models;  // that have counters of their own
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {
    // What alerts are written for is there from the start.
    for (const core::TurnState state :
         {core::TurnState::completed, core::TurnState::failed, core::TurnState::cancelled})
        families_->turns.Add({{"outcome", std::string(core::name_of(state))}});
    for (const core::CallRefusal refusal :
         {core::CallRefusal::rule, core::CallRefusal::quarantine, core::CallRefusal::per_minute,
          core::CallRefusal::per_day, core::CallRefusal::at_once, core::CallRefusal::person})
        families_->refusals.Add({{"reason", std::string(core::name_of(refusal))}});
    for (const core::TurnRefusal refusal :
         {core::TurnRefusal::at_once, core::TurnRefusal::day, core::TurnRefusal::overload})
        families_->turns_refused.Add({{"reason", std::string(core::name_of(refusal))}});
    for (const char* shown : {"nothing", "key", "token", "cookie", "password"})
        families_->authentications_refused.Add({{"credential", shown}});
    set(Demand());
    for (const char* outcome : {"stored", "failed"}) families_->writes.Add({{"outcome", outcome}});
    families_->since.Set(static_cast<double>(to_micros(now())) / 1e6);
}

Metrics::~Metrics() = default;

void Metrics::first_text(const core::Turn& turn) {
    families_->first_text.Add({{"provider", turn.provider}}, bounds::slow)
        .Observe(seconds_of(now() - turn.created_at));
}

void Metrics::provider_asked(const core::ProviderAttempt& attempt) {
    const std::string provider(attempt.provider);
    const std::string outcome(attempt.outcome);
    const std::string status = attempt.status > 0 ? std::to_string(attempt.status) : "none";
    families_->provider_requests.Add({{"provider", provider}, {"outcome", outcome}, {"status", status}})
        .Increment();
    families_->provider_time.Add({{"provider", provider}, {"outcome", outcome}}, bounds::slow)
        .Observe(seconds_of(attempt.duration));
    if (attempt.again) families_->provider_retries.Add({{"provider", provider}}).Increment();
}

void Metrics::committed(const core::StoreCommit& commit) {
    families_->writes.Add({{"outcome", commit.stored ? "stored" : "failed"}})
        .Increment(static_cast<double>(commit.writes));
    families_->commit_time.Observe(seconds_of(commit.duration));
}

void Metrics::turn_ended(const core::Turn& turn) {
    const std::string outcome(core::name_of(turn.state));
    families_->turns.Add({{"outcome", outcome}}).Increment();
    families_->turn_time.Add({{"outcome", outcome}}, bounds::slow)
        .Observe(seconds_of(turn.finished_at - turn.created_at));
    if (turn.state == core::TurnState::failed)
        families_->turn_failures.Add({{"code", turn.error_code}}).Increment();
}

void Metrics::spent(const std::string& provider, const std::string& model, const core::Usage& usage) {
    std::string its_name = model;
    {
        const std::lock_guard lock(families_->models_mutex);
        const std::pair known(provider, model);
        if (families_->models.size() < most_models) families_->models.insert(known);
        if (!families_->models.contains(known)) its_name = "other";
    }
    const auto count = [&](const char* kind, std::int64_t tokens) {
        if (tokens > 0)
            families_->tokens.Add({{"provider", provider}, {"model", its_name}, {"kind", kind}})
                .Increment(static_cast<double>(tokens));
    };
    count("prompt", usage.prompt_tokens);
    count("cached", usage.cached_tokens);
    count("completion", usage.completion_tokens);
    if (usage.cost > 0)
        families_->cost.Add({{"provider", provider}, {"model", its_name}}).Increment(usage.cost);
}

void Metrics::tool_called(const std::string& tool, const core::ToolOutcome& outcome) {
    // A model may make up any number of names.
    if (outcome.error == core::ToolErrorType::ToolNotFoundError) {
        families_->calls.Add({{"tool", ""}, {"outcome", "ToolNotFoundError"}}).Increment();
        return;
    }
    std::string result = outcome.job ? "job" : "success";
    if (outcome.error) result = core::name_of(*outcome.error);
    families_->calls.Add({{"tool", tool}, {"outcome", result}}).Increment();
    families_->call_time.Add({{"tool", tool}}, bounds::calls)
        .Observe(std::chrono::duration<double>(outcome.duration).count());
    if (outcome.used.cpu_time)
        families_->call_cpu.Add({{"tool", tool}})
            .Increment(std::chrono::duration<double>(*outcome.used.cpu_time).count());
}

void Metrics::tool_refused(core::CallRefusal refusal) {
    families_->refusals.Add({{"reason", std::string(core::name_of(refusal))}}).Increment();
}

void Metrics::turn_refused(core::TurnRefusal refusal) {
    families_->turns_refused.Add({{"reason", std::string(core::name_of(refusal))}}).Increment();
}

void Metrics::authentication_refused(std::string_view shown) {
    families_->authentications_refused.Add({{"credential", std::string(shown)}}).Increment();
}

void Metrics::set(const Demand& demand) {
    const std::lock_guard lock(families_->scraping);
    const auto refused = [this](const char* reason, std::uint64_t so_far) {
        raise_to(families_->requests_refused.Add({{"reason", reason}}), static_cast<double>(so_far));
    };
    refused("user", demand.requests_refused.user);
    refused("key", demand.requests_refused.key);
    refused("address", demand.requests_refused.address);
    refused("overload", demand.requests.refused);
    families_->requests_waiting.Set(static_cast<double>(demand.requests.waiting));
    families_->turns_waiting.Set(demand.turns.waiting);
}

void Metrics::answered(const http::RequestNote& note, const http::Outcome& outcome) {
    families_->http.count(note, outcome);
}

std::string Metrics::text(const Present& present) {
    const std::lock_guard lock(families_->scraping);
    Families& all = *families_;
    all.turns_running.Set(static_cast<double>(present.turns_running));
    all.tools.Set(static_cast<double>(present.tools));
    all.jobs.Set(static_cast<double>(present.jobs_running));
    all.connections.Set(static_cast<double>(present.connections));
    all.streams.Set(static_cast<double>(present.streams));
    for (const char* state : plugin_states) all.plugins.Add({{"state", state}}).Set(0);
    for (const char* state : mcp_states) all.mcp_servers.Add({{"state", state}}).Set(0);
    for (const core::PluginStatus& plugin : present.plugins)
        (plugin.id.starts_with("mcp.") ? all.mcp_servers : all.plugins)
            .Add({{"state", plugin.state}})
            .Increment();
    for (const core::ProviderStatus& provider : present.providers) {
        if (provider.base_url.empty()) continue;  // nothing that could fail
        for (const char* state : {"closed", "open", "half_open"})
            all.circuits.Add({{"provider", provider.name}, {"state", state}}).Set(provider.circuit == state);
        all.failures.Add({{"provider", provider.name}}).Set(provider.failures_in_a_row);
    }
    for (const auto& [queue, waiting] : present.queues)
        all.queues.Add({{"queue", queue}}).Set(static_cast<double>(waiting));
    all.free_bytes.Set(static_cast<double>(present.store.free_bytes));
    all.database_bytes.Set(static_cast<double>(present.store.database_bytes));
    raise_to(all.spans.Add({{"outcome", "exported"}}), static_cast<double>(present.spans.exported));
    raise_to(all.spans.Add({{"outcome", "dropped"}}), static_cast<double>(present.spans.dropped));
    raise_to(all.spans.Add({{"outcome", "refused"}}), static_cast<double>(present.spans.refused));
    all.io_lag.Set(present.io_lag.count());
    all.keys_missing_for.Set(present.keys_missing_for.count());
    const Memory memory = memory_now();
    all.resident.Set(memory.resident_bytes);
    all.addresses.Set(memory.virtual_bytes);
    all.files.Set(open_files());
    all.most_files.Set(most_open_files());
    raise_to(all.processor, processor_seconds());
    return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace assistd::app
