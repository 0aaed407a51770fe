#pragma once
// What a plugin's call costs in a host and in the daemon itself, and how long it takes until a plugin is
// there, is there again after a crash, and is gone when it does not end.

#include <string>
#include <utility>
#include <vector>

#include "load.h"
#include "measure.h"

namespace assistd::bench {

struct PluginSettings {
    Settings common;
    int calls = 20'000;  // of each kind
    int loads = 200;
    int crashes = 200;  // of each kind
    int loops = 50;
};

// The same call, now here and now there.
struct CallCost {
    std::string what;
    Latencies host, daemon;
};

struct Crash {
    std::string what;
    Latencies next;  // the call after it
};

struct PluginFigures {
    std::vector<CallCost> calls;
    std::vector<std::pair<std::string, Latencies>> loads;  // by plugin: its first call
    std::vector<Crash> crashes;
    double loop_limit_ms = 0;
    Latencies past_limit;                              // of endless loops
    std::vector<std::pair<int, double>> side_by_side;  // calls at once, calls a second
    Latencies users_in_turn;                           // one more than there are hosts
};

// Throws std::runtime_error when a call does not end as it should.
PluginFigures measure_plugins(const PluginSettings& settings);
std::string as_table(const PluginFigures& figures);

}  // namespace assistd::bench
