#pragma once
// What a study of many runs costs those who chat meanwhile.

#include <functional>
#include <string>
#include <string_view>

#include "measure.h"

namespace assistd::bench {

struct StudySettings {
    Settings common;
    int runs = 10'000;
    int particles = 200;  // of each run
};

struct StudyFigures {
    double quiet_p50_ms = 0, quiet_p99_ms = 0;  // of a whole turn of one client, without the study
    double busy_p50_ms = 0, busy_p99_ms = 0;    // while it runs
    double turns = 0;                           // so many meanwhile
    double study_seconds = 0;
    double rss_mb = 0;  // of the daemon at its end
};

// Throws std::runtime_error when a run fails or a turn goes wrong.
StudyFigures measure_study(const StudySettings& settings);
std::string as_table(const StudySettings& settings, const StudyFigures& figures);

}  // namespace assistd::bench
