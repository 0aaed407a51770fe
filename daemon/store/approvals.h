#pragma once
// The rows of tool calls that wait for a person or did. Functions with a WriteScope run on the writer's
// thread, the others on a reader's.

#include <string>
#include <vector>

#include "core/approval.h"
#include "core/ports.h"
#include "store/writer.h"

namespace assistd::store {

// Throws Error{not_found} for a call that its turn never announced.
void ask_approval(WriteScope& scope, TurnId turn, const core::Approval& approval);
// Decides it unless it is decided or its call has ended, and returns what is stored then. Throws
// Error{not_found} for a call that never waited.
core::Approval decide_approval(WriteScope& scope, TurnId turn, const std::string& call_id,
                               core::ApprovalState decision, const std::string& reason, Timestamp time);
std::vector<core::Approval> read_approvals(Database& db, TurnId turn);  // as they were asked for

}  // namespace assistd::store
