#pragma once
// How long the REST wrapper of ChatKit takes to begin a session and its thread.

#include "load.h"
#include "measure.h"

namespace assistd::bench {

struct SessionSettings {
    Settings common;
    int sessions = 500;
};

struct SessionReport {
    Latencies created;
    Latencies threads;
};

SessionReport measure_sessions(const SessionSettings& settings);
std::string as_table(const SessionReport& report);

}  // namespace assistd::bench
