#pragma once
// What is kept of every call of a tool: who called what, with which arguments, and what came of it; and of
// what administrators did about others and the service. Entries outlive the conversations that they belong
// to. Value types.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/call_resources.h"
#include "core/conversation.h"

namespace assistd::core {

// What an administrator did. Names only, never what was in it.
struct Deed {
    std::string whom;        // the user whom it was about, or the plugin; empty: it was about none
    std::string details;     // the key's id, say
    std::string credential;  // by which key, token or login it was done; empty: none was needed
};

struct AuditEntry {
    Timestamp at;  // when the call ended, or, while it goes on, when it began
    Owner owner;
    std::string tool;    // of a deed: what was done, such as "users.delete"
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
    // success or a ToolErrorType's name; until the call has ended "running", or "job" when it goes on as one;
    // "lost" when the daemon died meanwhile.
    std::string outcome;
    std::chrono::microseconds duration{0};
    CallResources used;
    std::int64_t result_bytes = 0;  // of what the model was told
    int artifacts = 0;              // that were made
    // Who allowed or refused it: the place of a rule or limit ("assistd.yaml:12"), "a person", or nobody in
    // particular.
    std::string decided_by;
    std::optional<Deed> deed = {};  // then nothing of the above but the moment, who, what and the outcome
    // Set by AuditLog::begin(), so that what is added at the end completes that entry. Null: it is a new one.
    std::shared_ptr<std::int64_t> row = {};
};

struct AuditQuery {
    Owner owner;
    std::string tool;                 // empty: all
    std::string outcome;              // empty: all
    std::optional<Timestamp> since;   // that moment included
    std::optional<Timestamp> before;  // that moment not
    int limit = 20;
    std::string cursor;
    bool everybody = false;  // whoever the owner is
};

}  // namespace assistd::core
