#pragma once
// Removes what is kept for a while only: entries of the audit log, counts of past days, threads that nobody
// uses, files that were uploaded with an end, vector stores that have expired, and what the configuration's
// section `retention` names. A few at a time, so that no turn's write waits for long behind them, and nothing
// by a clock that is in doubt (app/clock_trust.h). Runs as one coroutine until the io_context ends.

#include <filesystem>
#include <map>

#include "app/clock_trust.h"
#include "base/live.h"
#include "base/retention_config.h"
#include "core/files.h"
#include "core/knowledge.h"
#include "core/ports.h"
#include "core/thread.h"
#include "store/store.h"

namespace assistd::app {

// How long things are kept; a reload of the configuration may change it.
struct RetentionTimes {
    std::chrono::days audit_kept{0};                             // 0: for ever
    std::map<std::string, std::chrono::days> threads_kept = {};  // by door; from their last use
    std::chrono::days expired_stores_kept{0};
    RetentionConfig rows = {};
};

struct Retention {
    core::AuditLog& audit;
    core::CallCounts& counts;
    core::Threads& threads;
    core::Files& files;
    core::Knowledge& knowledge;
    store::Storage& storage;
    const Live<RetentionTimes>& times;
    std::filesystem::path clock_file;  // in which the clock is remembered
    ClockMemory clock;
};

// Before anything is written by the clock that it is to tell about. Without the file, what was written last
// says how late it was at least.
Task<ClockMemory> memory_of_clock(std::filesystem::path file, store::Storage& storage);

Task<void> remove_what_is_old(Retention retention);

}  // namespace assistd::app
