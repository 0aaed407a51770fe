#pragma once
// What the audit log will say of a call. Pure functions.

#include "core/audit.h"
#include "tools/running_call.h"

namespace assistd::tools {

// Before the call; `tool` is null when there is none of that name.
core::AuditEntry entry_of(const core::ToolCall& call, const RegisteredTool* tool);
// With what came of it.
void finish(core::AuditEntry& entry, const core::ToolOutcome& outcome);

}  // namespace assistd::tools
