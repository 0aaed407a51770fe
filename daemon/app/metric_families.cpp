#include "app/metric_families.h"

namespace assistd::app {
namespace {

Family<Counter>& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return gauges(registry, name, help).Add({});
}
Family<Histogram>& histograms(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

}  // namespace

namespace bounds {

const Histogram::BucketBoundaries quick = {0.0001, 0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                           0.05,   0.1,    0.25,   0.5,   1,      2.5,   5,    10};
const Histogram::BucketBoundaries slow = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};
const Histogram::BucketBoundaries calls = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 60, 300, 3600};

}  // namespace bounds

MetricFamilies::MetricFamilies()
    : http_requests(counters(registry, "assistd_http_requests_total",
                             "Requests that were answered, by door, route, method and class of status.")),
      http_time(histograms(registry, "assistd_http_request_duration_seconds",
                           "From a request's head to its whole reply, by door, route and method; streams are "
                           "not among them.")),
      http_stream_time(histograms(registry, "assistd_http_stream_duration_seconds",
                                  "How long replies were streamed, by door.")),
      http_bytes(counters(registry, "assistd_http_response_bytes_total",
                          "Bytes of replies' bodies as they were sent, by door.")),
      connections(gauge(registry, "assistd_http_connections", "Connections that are open now.")),
      streams(gauge(registry, "assistd_http_streams", "Replies that are streamed now.")),
      authentications_refused(
          counters(registry, "assistd_authentications_refused_total",
                   "Requests and logins that were not let in, by what was shown: nothing, key, token, "
                   "cookie, password.")),
      requests_refused(
          counters(registry, "assistd_requests_refused_total",
                   "Requests that were turned down for how much is asked, by reason: user, key, "
                   "address (each a limit of requests a minute), overload (the sender's requests "
                   "wait for too long).")),
      requests_waiting(
          gauge(registry, "assistd_requests_waiting", "Requests that wait for others to begin first.")),
      turns(counters(registry, "assistd_turns_total",
                     "Turns that have ended, by outcome: completed, failed, cancelled.")),
      turn_time(histograms(registry, "assistd_turn_duration_seconds",
                           "From a turn's message to its end, by outcome.")),
      first_text(histograms(registry, "assistd_turn_first_text_seconds",
                            "From a turn's message to the first piece of text, by the provider that was to "
                            "answer.")),
      turn_failures(
          counters(registry, "assistd_turn_failures_total", "Turns that have failed, by the error's code.")),
      turns_running(gauge(registry, "assistd_turns_running", "Turns that run now.")),
      turns_refused(
          counters(registry, "assistd_turns_refused_total",
                   "Turns that were asked for and not begun, by reason: at_once (the user has as "
                   "many as he may), day (he has spent what he may today), overload (the daemon has "
                   "as many as it takes).")),
      turns_waiting(gauge(registry, "assistd_turns_waiting",
                          "Turns that wait for a free place, or for their conversation.")),
      tokens(counters(registry, "assistd_tokens_total",
                      "Tokens of models, by provider, model and kind: prompt, cached (a part of prompt), "
                      "completion.")),
      cost(counters(registry, "assistd_cost_dollars_total",
                    "What models cost in US dollars, where the configuration has their prices.")),
      provider_requests(
          counters(registry, "assistd_provider_requests_total",
                   "Requests to models' servers, by provider, outcome (success, connection, "
                   "timeout, status, reply, cancelled, context, empty, busy) and HTTP status.")),
      provider_time(histograms(registry, "assistd_provider_request_duration_seconds",
                               "From a request to a model's server to the end of the answer, by provider and "
                               "outcome.")),
      provider_retries(counters(registry, "assistd_provider_retries_total",
                                "Requests to models' servers that repeat one that failed, by provider.")),
      circuits(gauges(registry, "assistd_provider_circuit_state",
                      "1 for the state that a provider's circuit breaker is in: closed (it is asked), open "
                      "(it kept failing and is left alone), half_open (it is being tried).")),
      failures(gauges(registry, "assistd_provider_failures_in_a_row",
                      "Failures of a provider since it last answered.")),
      calls(counters(registry, "assistd_tool_calls_total",
                     "Calls of tools, by tool and outcome: success, job (it goes on in the background) or "
                     "the error's type.")),
      refusals(counters(registry, "assistd_tool_calls_refused_total",
                        "Calls of tools that were turned down before they ran, by reason: unknown_tool, "
                        "no_project, rule (of the policy), arguments, quarantine (its plugin kept crashing), "
                        "per_minute, per_day, at_once, person, unanswered.")),
      call_time(histograms(registry, "assistd_tool_call_duration_seconds",
                           "How long a call of a tool took, by tool.")),
      call_cpu(counters(registry, "assistd_tool_cpu_seconds_total",
                        "User and system CPU time of plugin calls, by tool, where it is known.")),
      tools(gauge(registry, "assistd_tools", "Tools that can be called now.")),
      plugins(gauges(registry, "assistd_plugins",
                     "Plugin files, by state: ready, refused, quarantined, waiting, left_out.")),
      mcp_servers(
          gauges(registry, "assistd_mcp_servers",
                 "Configured MCP servers, by state: ready, starting, failed, quarantined, left_out.")),
      jobs(gauge(registry, "assistd_jobs_running", "Calls that go on in the background now.")),
      queues(gauges(registry, "assistd_queue_depth",
                    "What waits now, by queue: store_writes, tool_calls, documents.")),
      writes(counters(registry, "assistd_store_writes_total",
                      "Writes of the store, by outcome: stored, failed.")),
      commit_time(histograms(registry, "assistd_store_commit_duration_seconds",
                             "How long a transaction of the store took, with its commit.")
                      .Add({}, bounds::quick)),
      free_bytes(gauge(registry, "assistd_store_free_bytes", "Bytes that are free on the store's disk.")),
      database_bytes(gauge(registry, "assistd_store_database_bytes", "Bytes of the database and its log.")),
      spans(counters(registry, "assistd_telemetry_spans_total",
                     "Spans of traces, by outcome: exported, dropped (the queue was full), refused (by the "
                     "collector, or it did not answer).")),
      io_lag(gauge(registry, "assistd_io_lag_seconds",
                   "The longest that work had to wait for a thread since the last scrape, as sampled.")),
      keys_missing_for(gauge(registry, "assistd_token_keys_missing_seconds",
                             "For how long the keys that tokens are verified with could not be fetched; 0: "
                             "they can, or come from no address.")),
      resident(gauge(registry, "process_resident_memory_bytes", "Resident memory size in bytes.")),
      addresses(gauge(registry, "process_virtual_memory_bytes", "Virtual memory size in bytes.")),
      files(gauge(registry, "process_open_fds", "Number of open file descriptors.")),
      most_files(gauge(registry, "process_max_fds", "Maximum number of open file descriptors.")),
      processor(
          counters(registry, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
              .Add({})),
      since(gauge(registry, "process_start_time_seconds",
                  "Start time of the process since unix epoch in seconds.")) {
    gauges(registry, "assistd_build_info", "1, with the version of this daemon as a label.")
        .Add({{"version", ASSISTD_VERSION}})
        .Set(1);
}

}  // namespace assistd::app
