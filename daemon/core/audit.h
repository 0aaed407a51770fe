#pragma once
// What is kept of every call of a tool: who called what, with which arguments, and what came of it. Entries
// outlive the conversations that they belong to. Value types.

#include <chrono>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/call_resources.h"
#include "core/conversation.h"

namespace assistd::core {

struct AuditEntry {
    Timestamp at;  // when the call ended
    Owner owner;
    std::string tool;
    std::string plugin;  // empty: there is no such tool
    std::string plugin_version;
    std::string project_id;
    ConversationId conversation;  // nil for a direct call
    TurnId turn;
    std::string call_id;
    JobId job;  // nil unless the call went on as one
    // SHA-256 of the arguments, in hexadecimal digits; they themselves may be nobody's business. As they were
    // given, or, of a job's end, complete with defaults.
    std::string arguments_sha256;
    std::string
        outcome;  // success, job (it goes on; its end is an entry of its own) or a ToolErrorType's name
    std::chrono::microseconds duration{0};
    CallResources used;
    std::int64_t result_bytes = 0;  // of what the model was told
    int artifacts = 0;              // that were made
    // Who allowed or refused it: the place of a rule or limit ("assistd.yaml:12"), "a person", or nobody in
    // particular.
    std::string decided_by;
};

struct AuditQuery {
    Owner owner;
    std::string tool;                 // empty: all
    std::string outcome;              // empty: all
    std::optional<Timestamp> since;   // that moment included
    std::optional<Timestamp> before;  // that moment not
    int limit = 20;
    std::string cursor;
};

}  // namespace assistd::core
