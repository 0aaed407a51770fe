#pragma once
// What a backup, a check and the giving back of space cost those who chat meanwhile, over a large state
// folder.

#include <functional>
#include <string>
#include <string_view>

#include "measure.h"

namespace assistd::bench {

struct DataSettings {
    Settings common;
    int megabytes = 1'000;  // of the main database
};

struct DataPhase {
    double seconds = 0;
    double turns = 0;
    double p50_ms = 0, p99_ms = 0, longest_ms = 0;
};

struct DataFigures {
    double database_mb = 0, artifacts_mb = 0;
    double backup_mb = 0;  // its file
    DataPhase quiet, backup, check;
    // Writes of the store alone: the daemon gives space back only while no turn runs.
    DataPhase writes, writes_with_vacuum;
    double given_back_mb = 0;
    double restore_seconds = 0;
    double rss_mb = 0;  // of the daemon at its end
};

// Throws std::runtime_error when something fails or a turn goes wrong.
DataFigures measure_data(const DataSettings& settings, const std::function<void(std::string_view)>& note);
std::string as_table(const DataFigures& figures);

}  // namespace assistd::bench
