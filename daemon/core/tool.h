#pragma once
// What a tool is, what a call of it needs and what comes back. Value types, shared read-only between threads.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/ids.h"
#include "core/artifact.h"
#include "core/call_resources.h"
#include "core/conversation.h"

namespace assistd::core {

struct ToolEffects {
    bool reads = false;
    bool writes = false;
    bool network = false;
    bool destructive = false;
    bool idempotent = false;
};

struct ToolSpec {
    std::string name;
    std::string title;
    std::string description;
    std::string category;
    std::string input_schema = "{}";   // JSON Schema text of an object
    std::string output_schema = "{}";  // of the result's "data"
    ToolEffects effects;
    std::chrono::milliseconds time_limit{60'000};
    std::chrono::milliseconds job_after{2'000};  // still running then: it becomes a background job
    std::int64_t memory_limit_mb = 512;
    // What its plugin asks for, where the administrator allows less and that stands above.
    std::optional<std::chrono::milliseconds> time_limit_asked;
    std::optional<std::int64_t> memory_limit_asked_mb;
    bool long_running = false;  // starts as a job
    bool requires_project = false;
    // Kinds of artifacts that a call may look up among its caller's, sorted; "jobs": those of the plugin's
    // tools.
    std::vector<std::string> looks_up;
    // A person is asked before it runs for a model. Said by the registry, whatever a source says.
    bool needs_approval = false;
    std::vector<std::string> phrases;  // how people ask for it (plugin-api/README.md, "Phrases")
    std::vector<std::string> options;  // phrases that may follow in any order
    std::string examples = "[]";       // JSON text: calls as its author thought of them, for people
    std::string plugin;                // id of where it comes from; "assistd" for built-in tools
    std::string plugin_version;
    // The ids of the other daemons that lend it to each other and to this one, the nearest first.
    std::vector<std::string> came_through;
};

// A tool that is not offered until somebody agrees to what its plugin tells of it now, or while the daemon is
// in safe mode.
struct WaitingTool {
    std::string name;
    std::string reason;  // a sentence: for what it waits, and how that is given
    // The name is not known, but how it begins: that is `name`.
    bool is_prefix = false;

    bool is_called(std::string_view other) const {
        return is_prefix ? other.starts_with(name) : other == name;
    }
};

// All tools at one moment. `version` differs whenever the content does, so renderings can be cached by it.
struct ToolSet {
    std::uint64_t version = 0;
    std::vector<std::shared_ptr<const ToolSpec>> tools;  // sorted by name
    std::vector<WaitingTool> waiting;                    // none of the above

    const ToolSpec* find(std::string_view name) const;
    const WaitingTool* find_waiting(std::string_view name) const;
};

// One plugin file that was looked at, loaded or not.
struct PluginStatus {
    std::string file;
    std::string id;  // empty when the file has no readable manifest
    std::string version;
    std::string state;  // ready, refused, quarantined, waiting (for somebody to agree to its changes)
    // Sentences: why it is not ready, or what a ready one may not do or is not kept from.
    std::string reason;
    std::vector<std::string> tools;
    // In what it differs from what somebody last agreed to: sentences.
    std::vector<std::string> changes;
};

// The closed list of what can go wrong with a call, by the names that models and people see.
enum class ToolErrorType {
    ToolNotFoundError,
    ContextError,
    ValidationError,
    PermissionError,
    TimeoutError,
    PluginCrashedError,
    CancelledError,
    QuotaExceededError,
    InternalError,
};
std::string_view name_of(ToolErrorType type);

// Why a call was turned down before it ran.
enum class CallRefusal {
    unknown_tool,
    no_project,
    rule,  // of the policy
    arguments,
    quarantine,  // its plugin kept crashing and is left alone
    per_minute,
    per_day,
    at_once,
    person,
    unanswered,  // a person was asked, and said nothing in time
};
std::string_view name_of(CallRefusal refusal);

struct ToolOutcome {
    bool success = false;
    // JSON text as the model sees it: {"success": true, "data", "summary"?, "artifacts"?} or
    // {"success": false, "error": {"error_type", "message", "recoverable", "details"?}}.
    std::string body;
    std::string summary;  // one line for people; the error's message when it failed
    std::vector<ArtifactRef> artifacts;
    std::optional<ToolErrorType> error;
    std::optional<JobId> job;  // the call goes on as this background job
    std::chrono::microseconds duration{0};
    CallResources used;
    std::optional<CallRefusal> refusal;               // nothing: the tool ran, or was to
    std::optional<std::chrono::seconds> retry_after;  // when a limit is free again
};

// What is said right before the tool runs.
struct GateAnswer {
    std::optional<ToolOutcome> refusal;  // ends the call instead
    bool by_person = false;              // a person said so
};
// Asked once every check of a call has passed. `tool` says whether this caller's call needs a person's
// approval.
using CallGate = std::function<Task<GateAnswer>(std::shared_ptr<const ToolSpec> tool)>;

// What a call of file_search goes by, beside its arguments.
struct SearchScope {
    std::vector<VectorStoreId> stores;  // that it looks in; empty: all of the owner's
    int most_results = 0;        // at most so many, and that many when the call names no number; 0: any
    double score_threshold = 0;  // 0..1, as core/knowledge.h scores
    int number = 1;              // of the search among its turn's: a part of the passages' markers
};

struct ToolCall {
    std::string call_id;  // the provider's; made by the door for a direct call
    std::string name;
    std::string arguments;  // JSON text, not yet checked
    // The id of the plugin whose tool is meant: another one may have the name meanwhile. Empty: whoever has
    // it.
    std::string plugin;
    Owner owner;
    std::string project_id;
    ConversationId conversation;  // nil for a direct call
    TurnId turn;
    // One of many of a study: it gives way to the calls that people wait for, its end is waited for however
    // long it takes, and a long result becomes an artifact.
    bool background = false;
    // The caller waits for the end, however long it takes: the call never becomes a background job.
    bool caller_waits = false;
    // It makes something again that was made at this time: it looks up only what there was before.
    std::optional<Timestamp> as_of;
    SearchScope search = {};
    std::stop_token stop;
    CallGate gate;  // may be empty: nobody is asked
};

// How far a call has come. Reported on the executor's threads.
struct ToolProgress {
    double fraction = 0;  // 0..1
    std::string note;
};
using ProgressSink = std::function<void(const ToolProgress&)>;

}  // namespace assistd::core
