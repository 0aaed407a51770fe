#pragma once
// Removes what is kept for a while only: entries of the audit log, counts of past days, vector stores that
// have expired. A few at a time, so that no turn's write waits for long behind them. Runs as one coroutine
// until the io_context ends.

#include "core/knowledge.h"
#include "core/ports.h"

namespace assistd::app {

struct Retention {
    core::AuditLog& audit;
    core::CallCounts& counts;
    core::Knowledge& knowledge;
    std::chrono::days audit_kept{0};  // 0: for ever
    std::chrono::days expired_stores_kept{0};
};

Task<void> remove_what_is_old(Retention retention);

}  // namespace assistd::app
