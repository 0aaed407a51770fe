#pragma once
// What the daemon adds to a plain exchange - one model call, no tools, the reply streamed - and what many of
// them cost: time, chunks, memory. All functions throw std::runtime_error when something does not work.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "measure.h"

namespace assistd::bench {

struct ExchangeSettings {
    Settings common;
    std::filesystem::path nginx;  // empty: where Debian puts it
    int samples = 300;            // of each kind
    double completion_seconds = 5;
    int streams = 512;
    double stream_seconds = 10;
    int waiting = 2'000;
    std::uint64_t turns = 100'000;
    int settle_seconds = 30;  // how long the daemon is left alone before its memory is read
};

// Medians in microseconds.
struct ExchangeTimes {
    double first = 0;  // request sent -> first chunk here
    double last = 0;   // -> last chunk
    double end = 0;    // -> end of the reply; the daemon's turn is stored by then
    double chunk = 0;  // chunk sent by the model -> chunk here, for all but the first; 0: not paced
};

// One way of answering; each way of asking takes its turn, and what is added is the median of the differences
// within one round.
struct Exchange {
    std::string model;  // how it answers, in words
    int samples = 0;
    ExchangeTimes direct;
    ExchangeTimes nginx;  // all 0 without nginx
    ExchangeTimes daemon;
    ExchangeTimes completion;  // through the daemon's chat completions, without tools; nothing is kept
    ExchangeTimes added_by_nginx;
    ExchangeTimes added_by_daemon;
    ExchangeTimes added_by_completion;
    double commit = 0;  // one durable commit, in the same rounds
};

// Chat completions without tools, not streamed, of which nothing is kept.
struct CompletionFigures {
    int clients = 0;
    double per_second = 0;
};

// What a gateway in Node makes of the same two cores: @portkey-ai/gateway 1.15.2 under Node 22, with wrk -c64
// and a model server in Node that answers at once (39,600 requests a second by itself), made 1,371 and 1,557.
inline constexpr double node_gateway_per_second = 1'460;
inline constexpr double wanted_times_node = 15;

struct StreamFigures {
    int streams = 0;
    double seconds = 0;
    std::uint64_t chunks = 0;
    std::uint64_t expected = 0;
    double p50_ms = 0;  // chunk sent by the model -> chunk here
    double p99_ms = 0;
    double direct_p50_ms = 0;
    double direct_p99_ms = 0;
    double daemon_core_percent = 0;
    double daemon_us_per_chunk = 0;
};

struct WaitingFigures {
    int turns = 0;
    double idle_mb = 0;
    double waiting_mb = 0;
    double seconds_to_arrive = 0;
};

struct MemoryFigures {
    std::uint64_t turns = 0;
    std::uint64_t conversations = 0;
    double per_second = 0;
    double idle_mb = 0;
    double peak_mb = 0;
    double right_after_mb = 0;
    double after_mb = 0;  // once it was left alone for as long as before `idle_mb` was read
    double idle_anonymous_mb = 0;
    double after_anonymous_mb = 0;
};

struct ExchangeReport {
    bool has_nginx = false;
    std::vector<Exchange> exchanges;
    std::optional<CompletionFigures> completions;
    std::optional<StreamFigures> streams;
    std::optional<WaitingFigures> waiting;
    std::vector<MemoryFigures> memory;
    int settle_seconds = 0;
};

std::vector<Exchange> measure_exchanges(const ExchangeSettings& settings);
CompletionFigures measure_completions(const ExchangeSettings& settings);
StreamFigures measure_streams(const ExchangeSettings& settings);
WaitingFigures measure_waiting(const ExchangeSettings& settings);
MemoryFigures measure_memory(const ExchangeSettings& settings, std::uint64_t conversations);

std::string as_table(const ExchangeReport& report);
std::string as_json(const ExchangeReport& report);

}  // namespace assistd::bench
