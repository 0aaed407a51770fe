#pragma once
// Removes what is kept for a while only: entries of the audit log, and counts of past days. A few at a time,
// so that no turn's write waits for long behind them. Runs as one coroutine until the io_context ends.

#include "core/ports.h"

namespace assistd::app {

struct Retention {
    core::AuditLog& audit;
    core::CallCounts& counts;
    std::chrono::days audit_kept{0};  // 0: for ever
};

Task<void> remove_what_is_old(Retention retention);

}  // namespace assistd::app
