#pragma once
// Removes what is kept for a while only: entries of the audit log, counts of past days, threads that nobody
// uses, files that were uploaded with an end and vector stores that have expired. A few at a time, so that no
// turn's write waits for long behind them. Runs as one coroutine until the io_context ends.

#include <map>

#include "base/live.h"
#include "core/files.h"
#include "core/knowledge.h"
#include "core/ports.h"
#include "core/thread.h"

namespace assistd::app {

// How long things are kept; a reload of the configuration may change it.
struct RetentionTimes {
    std::chrono::days audit_kept{0};                             // 0: for ever
    std::map<std::string, std::chrono::days> threads_kept = {};  // by door; from their last use
    std::chrono::days expired_stores_kept{0};
};

struct Retention {
    core::AuditLog& audit;
    core::CallCounts& counts;
    core::Threads& threads;
    core::Files& files;
    core::Knowledge& knowledge;
    const Live<RetentionTimes>& times;
};

Task<void> remove_what_is_old(Retention retention);

}  // namespace assistd::app
