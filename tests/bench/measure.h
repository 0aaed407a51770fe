#pragma once
// What the benchmark measures, one function for each part. All of them throw std::runtime_error when what
// they measure does not work: a figure of something broken is worth nothing.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "floor.h"

namespace assistd::bench {

struct Settings {
    std::filesystem::path daemon;        // the program
    std::filesystem::path plugins;       // the folder with the three plugins
    std::filesystem::path echo_plugins;  // the folder with the plugin whose tool `echo` each turn calls
    std::filesystem::path folder;        // for databases and logs, on a real disk
    std::vector<int> clients{1, 64};
    double seconds = 5;
    int long_messages = 10'000;
    // Tokens. What a long conversation may add to a prompt is as much as the model takes, which is the
    // model's price and not the daemon's; a small window shows what the length itself costs.
    int window = 32'768;
};

struct Throughput {
    int clients = 0;
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    // Processor time for each turn, in microseconds. The bench's own share is the load and the upstream,
    // and for a floor the bare loop too.
    double daemon_us = 0;
    double hosts_us = 0;
    double bench_us = 0;
};

struct StartFigures {
    double first_answer_ms = 0;  // median of several starts
    double idle_rss_mb = 0;
};

// A conversation of many messages next to empty ones, in turn with each other.
struct LongConversation {
    int messages = 0;
    double chat_ms = 0;
    double empty_chat_ms = 0;
    double list_ms = 0;
    double empty_list_ms = 0;
};

struct DaemonFigures {
    std::vector<Throughput> turns;
    double peak_rss_mb = 0;
    double hosts_rss_mb = 0;
    LongConversation long_conversation;
};

Throughput measure_floor(const Settings& settings, int clients, Commit commit);
StartFigures measure_start(const Settings& settings);
DaemonFigures measure_daemon(const Settings& settings);

}  // namespace assistd::bench
