#pragma once
// How long what users have is kept, as the configuration's section `retention` says it. Values, shared
// read-only. What is kept for a while anyway has its key where it belongs: audit.keep_days,
// assistants.keep_threads_days, chatkit.keep_threads_days.

#include <chrono>

namespace assistd {

// What becomes of the entries that a removed user has in the audit log.
enum class RemovedUsersAudit { keep, anonymise, remove };

// 0: for ever.
struct RetentionConfig {
    std::chrono::days conversations{0};  // that nobody has used since
    std::chrono::days artifacts{0};      // of no conversation; since they were made
    std::chrono::days jobs{0};           // of no conversation; since they ended
    std::chrono::days studies{0};        // since they ended; what their runs made stays
    std::chrono::days usage{0};
    RemovedUsersAudit removed_users_audit = RemovedUsersAudit::anonymise;

    bool operator==(const RetentionConfig&) const = default;
};

}  // namespace assistd
