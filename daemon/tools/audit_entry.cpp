#include "tools/audit_entry.h"

#include "base/sha256.h"
#include "tools/registry.h"

namespace assistd::tools {

core::AuditEntry entry_of(const core::ToolCall& call, const RegisteredTool* tool) {
    core::AuditEntry entry;
    entry.owner = call.owner;
    entry.tool = call.name;
    if (tool) {
        entry.plugin = tool->spec->plugin;
        entry.plugin_version = tool->spec->plugin_version;
    }
    entry.project_id = call.project_id;
    entry.conversation = call.conversation;
    entry.turn = call.turn;
    entry.call_id = call.call_id;
    entry.arguments_sha256 = sha256(call.arguments);
    return entry;
}

void finish(core::AuditEntry& entry, const core::ToolOutcome& outcome) {
    entry.at = now();
    entry.outcome = outcome.job ? "job" : "success";
    if (outcome.error) entry.outcome = core::name_of(*outcome.error);
    if (outcome.job) entry.job = *outcome.job;
    entry.duration = outcome.duration;
    entry.used = outcome.used;
    entry.result_bytes = static_cast<std::int64_t>(outcome.body.size());
    entry.artifacts = static_cast<int>(outcome.artifacts.size());
}

}  // namespace assistd::tools
