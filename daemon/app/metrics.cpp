#include "app/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>

namespace assistd::app {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

// Seconds: of turns, which wait for models and tools, and of tools.
const Histogram::BucketBoundaries turn_seconds = {0.01, 0.05, 0.1, 0.25, 0.5, 1,   2.5,
                                                  5,    10,   30,  60,   120, 300, 600};
const Histogram::BucketBoundaries call_seconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1,
                                                  2,     5,     10,   60,   300, 3600};

Family<Counter>& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
Family<Histogram>& histograms(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
    std::error_code failure;
    const std::filesystem::directory_iterator files("/proc/self/fd", failure);
    // Looking takes one itself.
    return failure ? 0 : static_cast<double>(std::distance(begin(files), end(files))) - 1;
}

double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

struct Metrics::Families {
    std::mutex scraping;  // the gauges are set, then read
    prometheus::Registry registry;

    Family<Counter>& turns = counters(registry, "assistd_turns_total",
                                      "Turns that have ended, by outcome: completed, failed, cancelled.");
    Family<Histogram>& turn_time = histograms(registry, "assistd_turn_duration_seconds",
                                              "From a turn's message to its end, by outcome.");
    Family<Counter>& turn_failures =
        counters(registry, "assistd_turn_failures_total", "Turns that have failed, by the error's code.");
    Family<Counter>& turns_refused =
        counters(registry, "assistd_turns_refused_total",
                 "Turns that were asked for and not begun, by reason: at_once (the user has as many as he "
                 "may), day (he has "
                 "spent what he may today), overload (the daemon has as many as it takes).");
    Family<Gauge>& waiting = gauges(registry, "assistd_turns_waiting",
                                    "Turns that wait for a free place, or for their conversation.");
    Family<Counter>& requests_refused =
        counters(registry, "assistd_requests_refused_total",
                 "Requests that were turned down for how much is asked, by reason: user, key, address (each "
                 "a limit of "
                 "requests a minute), overload (the sender's requests wait for too long).");
    Gauge& requests_waiting =
        gauges(registry, "assistd_requests_waiting", "Requests that wait for others to begin first.").Add({});
    Family<Gauge>& running = gauges(registry, "assistd_turns_running", "Turns that run now.");
    Family<Counter>& tokens = counters(
        registry, "assistd_tokens_total",
        "Tokens of models, by provider, model and kind: prompt, cached (a part of prompt), completion.");
    Family<Counter>& cost =
        counters(registry, "assistd_cost_dollars_total",
                 "What models cost in US dollars, where the configuration has their prices.");
    Family<Counter>& calls =
        counters(registry, "assistd_tool_calls_total",
                 "Calls of tools, by tool and outcome: success, job (it goes on in the background) or "
                 "the error's type.");
    Family<Counter>& refusals = counters(
        registry, "assistd_tool_calls_refused_total",
        "Calls of tools that were turned down before they ran, by reason: unknown_tool, no_project, rule (of "
        "the policy), arguments, per_minute, per_day, at_once, person, unanswered.");
    Family<Histogram>& call_time = histograms(registry, "assistd_tool_call_duration_seconds",
                                              "How long a call of a tool took, by tool.");
    Family<Counter>& call_cpu =
        counters(registry, "assistd_tool_cpu_seconds_total",
                 "User and system CPU time of plugin calls, by tool, where it is known.");
    Family<Gauge>& tools = gauges(registry, "assistd_tools", "Tools that can be called now.");
    Family<Gauge>& plugins =
        gauges(registry, "assistd_plugins", "Plugin files, by state: ready, refused, quarantined.");
    Family<Gauge>& circuits =
        gauges(registry, "assistd_provider_circuit_state",
               "1 for the state that a provider's circuit breaker is in: closed (it is asked), open "
               "(it kept failing and is left alone), half_open (it is being tried).");
    Family<Gauge>& failures = gauges(registry, "assistd_provider_failures_in_a_row",
                                     "Failures of a provider since it last answered.");

    Gauge& resident =
        gauges(registry, "process_resident_memory_bytes", "Resident memory size in bytes.").Add({});
    Gauge& files = gauges(registry, "process_open_fds", "Number of open file descriptors.").Add({});
    Counter& processor =
        counters(registry, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
            .Add({});
    Gauge& since = gauges(registry, "process_start_time_seconds",
                          "Start time of the process since unix epoch in seconds.")
                       .Add({});
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {
    // What alerts are written for is there from the start.
    for (const core::TurnState state :
         {core::TurnState::completed, core::TurnState::failed, core::TurnState::cancelled})
        families_->turns.Add({{"outcome", std::string(core::name_of(state))}});
    for (const core::CallRefusal refusal :
         {core::CallRefusal::rule, core::CallRefusal::per_minute, core::CallRefusal::per_day,
          core::CallRefusal::at_once, core::CallRefusal::person})
        families_->refusals.Add({{"reason", std::string(core::name_of(refusal))}});
    for (const core::TurnRefusal refusal :
         {core::TurnRefusal::at_once, core::TurnRefusal::day, core::TurnRefusal::overload})
        families_->turns_refused.Add({{"reason", std::string(core::name_of(refusal))}});
    set(Demand());
    families_->since.Set(static_cast<double>(to_micros(now())) / 1e6);
}

Metrics::~Metrics() = default;

void Metrics::turn_ended(const core::Turn& turn) {
    const std::string outcome(core::name_of(turn.state));
    families_->turns.Add({{"outcome", outcome}}).Increment();
    const std::chrono::duration<double> time = turn.finished_at - turn.created_at;
    families_->turn_time.Add({{"outcome", outcome}}, turn_seconds).Observe(std::max(0.0, time.count()));
    if (turn.state == core::TurnState::failed)
        families_->turn_failures.Add({{"code", turn.error_code}}).Increment();
}

void Metrics::spent(const std::string& provider, const std::string& model, const core::Usage& usage) {
    const auto count = [&](const char* kind, std::int64_t tokens) {
        if (tokens > 0)
            families_->tokens.Add({{"provider", provider}, {"model", model}, {"kind", kind}})
                .Increment(static_cast<double>(tokens));
    };
    count("prompt", usage.prompt_tokens);
    count("cached", usage.cached_tokens);
    count("completion", usage.completion_tokens);
    if (usage.cost > 0) families_->cost.Add({{"provider", provider}, {"model", model}}).Increment(usage.cost);
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
    families_->call_time.Add({{"tool", tool}}, call_seconds)
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

void Metrics::set(const Demand& demand) {
    const std::lock_guard lock(families_->scraping);
    const auto refused = [this](const char* reason, std::uint64_t so_far) {
        Counter& counter = families_->requests_refused.Add({{"reason", reason}});
        counter.Increment(static_cast<double>(so_far) - counter.Value());
    };
    refused("user", demand.requests_refused.user);
    refused("key", demand.requests_refused.key);
    refused("address", demand.requests_refused.address);
    refused("overload", demand.requests.refused);
    families_->requests_waiting.Set(static_cast<double>(demand.requests.waiting));
    families_->waiting.Add({}).Set(demand.turns.waiting);
}

std::string Metrics::text(const core::Providers& providers, const core::Tools& tools,
                          const core::TurnService& turns) {
    const std::lock_guard lock(families_->scraping);
    Families& all = *families_;
    all.running.Add({}).Set(static_cast<double>(turns.running()));
    all.tools.Add({}).Set(static_cast<double>(tools.all()->tools.size()));
    for (const char* state : {"ready", "refused", "quarantined"}) all.plugins.Add({{"state", state}}).Set(0);
    for (const core::PluginStatus& plugin : tools.plugins())
        all.plugins.Add({{"state", plugin.state}}).Increment();
    for (const core::ProviderStatus& provider : providers.status()) {
        if (provider.base_url.empty()) continue;  // nothing that could fail
        for (const char* state : {"closed", "open", "half_open"})
            all.circuits.Add({{"provider", provider.name}, {"state", state}}).Set(provider.circuit == state);
        all.failures.Add({{"provider", provider.name}}).Set(provider.failures_in_a_row);
    }
    all.resident.Set(resident_bytes());
    all.files.Set(open_files());
    all.processor.Increment(processor_seconds() - all.processor.Value());
    return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace assistd::app
