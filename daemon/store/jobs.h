#pragma once
// The background jobs' rows. put_job runs on the writer's thread, the others on a reader's.

#include <optional>
#include <vector>

#include "core/conversation.h"
#include "core/job.h"
#include "store/messages.h"

namespace assistd::store {

// Throws Error{not_found} when its conversation was deleted meanwhile.
void put_job(WriteScope& scope, const core::Job& job);
void end_job(WriteScope& scope, const core::Job& job, const std::optional<MessageDraft>& notice);

core::Job read_job(Database& db, const core::Owner& owner, JobId id);
core::Page<core::Job> read_jobs(Database& db, const core::JobQuery& query);  // newest first
std::vector<core::Job> read_unfinished_jobs(Database& db);                   // oldest first

}  // namespace assistd::store
