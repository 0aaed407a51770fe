#pragma once
// What the core needs from outside. Each port is implemented in one other folder (store, providers, tools)
// and handed over in app/. All of them may be called from any coroutine on any thread.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/unique_fd.h"
#include "core/approval.h"
#include "core/artifact.h"
#include "core/audit.h"
#include "core/conversation.h"
#include "core/job.h"
#include "core/listing.h"
#include "core/message.h"
#include "core/model_wishes.h"
#include "core/project.h"
#include "core/summary.h"
#include "core/tool.h"
#include "core/tool_access.h"
#include "core/turn.h"
#include "core/usage.h"

namespace assistd::core {

// A write that is on its way. Writes are queued in the order they are asked for and committed in that order,
// so once a later one is committed every earlier one is too. Awaiting one is how a caller learns that it
// counts.
class Write {
  public:
    explicit Write(OneShot<> done) : done_(std::move(done)) {}
    Task<void> committed() const { return done_.wait(); }  // throws Error{unavailable} when it was not stored

  private:
    OneShot<> done_;
};

// What begin_turn found: a new turn, or the one that the same idempotency key began within the last 24 hours.
struct TurnBegun {
    Turn turn;
    bool is_new = true;
};

// A tool call that had been announced in a stored assistant message when the daemon died.
struct StoredToolCall {
    std::string call_id;
    std::string name;
    std::string arguments;
    bool started = false;   // the tool may have had effects
    bool finished = false;  // its result is a stored tool message
    JobId job;              // nil unless it had gone on as this background job
};

// Where a running turn writes down what it does, and looks after a restart how far it had come.
class TurnStore {
  public:
    virtual ~TurnStore() = default;

    // Sets the title, but only while there is none.
    virtual Write set_first_title(ConversationId id, const std::string& title) = 0;
    // Appends to the conversation: assistant messages (with one row for each of their tool calls), tool
    // messages (which finish their call's row), notices. The store gives the sequence: the results of a
    // reply's calls come right behind it, in call order, whichever ends first.
    virtual Write append_message(const Message& message) = 0;
    // Says that a tool that is not idempotent is about to run: after a crash its outcome is unknown.
    virtual Write mark_call_started(TurnId turn, const std::string& call_id) = 0;
    // Says that an announced call waits for a person.
    virtual Write ask_approval(TurnId turn, const Approval& approval) = 0;
    // The first decision counts: returns the approval as it is stored now. One that still waits then belongs
    // to a call that has ended. Throws Error{not_found} for a call that never waited.
    virtual Task<Approval> decide_approval(TurnId turn, std::string call_id, ApprovalState decision,
                                           std::string reason) = 0;
    virtual Task<std::vector<Approval>> approvals(TurnId turn) = 0;  // as they were asked for
    // The last message, if any, the turn's end and what it spent in one commit.
    virtual Write end_turn(const Turn& turn, std::optional<Message> last_message) = 0;
    virtual Task<std::vector<StoredToolCall>> tool_calls(TurnId id) = 0;
};

class Store : public TurnStore {
  public:
    virtual Write add_conversation(const Conversation& conversation) = 0;
    // Throws Error{not_found} when there is none of that owner.
    virtual Task<Conversation> conversation(Owner owner, ConversationId id) = 0;
    // Throws Error{validation} for a cursor that is none.
    virtual Task<Page<Conversation>> conversations(ConversationQuery query) = 0;
    virtual Task<Conversation> change_conversation(Owner owner, ConversationId id,
                                                   ConversationChange change) = 0;
    // Its messages, turns and artifacts go too.
    virtual Task<void> remove_conversation(Owner owner, ConversationId id) = 0;
    // A model's title, unless the user or a model gave one. Empty: a model was asked and gave none; the title
    // stays as it is and no model is asked again.
    virtual Write set_model_title(ConversationId id, const std::string& title) = 0;

    // Oldest first, without hidden replies. `after` is a page's `next`, empty for the first.
    virtual Task<Page<Message>> messages(ConversationId id, std::string after, int limit) = 0;
    // At most `limit` messages that come before `before_sequence`, newest first: how a context is built from
    // the end of a conversation of any length.
    virtual Task<std::vector<Message>> messages_before(ConversationId id, std::int64_t before_sequence,
                                                       int limit) = 0;
    virtual Task<std::vector<Message>> messages_of_turn(TurnId id) = 0;  // oldest first, also hidden ones

    // Stores the turn and its user message in one commit, unless the idempotency key is taken. Queued when it
    // is called, as the writes are. With `instead_of`, the user's message of that id and all that came after
    // it are hidden in the same commit.
    virtual Task<TurnBegun> begin_turn(Turn turn, Message user_message, MessageId instead_of = {}) = 0;
    // Stores a turn that answers the conversation as it stands, behind these messages of no turn. The message
    // that the turn says it answers, if any, is its own from now on.
    virtual Task<TurnBegun> begin_turn_as_it_stands(Turn turn, std::vector<Message> said) = 0;
    // What the user said last, if no turn has answered since and no assistant has said anything.
    virtual Task<std::optional<Message>> unanswered_message(ConversationId id) = 0;
    // What the user said last, if anything, with the turn that answered it last.
    virtual Task<std::optional<Message>> last_user_message(ConversationId id) = 0;
    // One that is shown. Throws Error{not_found}.
    virtual Task<Message> user_message(ConversationId id, MessageId message) = 0;
    // Stores a turn that answers this message once more: the message is its own from now on, and all that was
    // said after it is hidden. All in one commit, unless the idempotency key is taken.
    virtual Task<TurnBegun> begin_turn_again(Turn turn, MessageId user_message) = 0;
    // Every turn that answered the message, oldest first; the last one's reply is the one that is shown.
    virtual Task<std::vector<TurnId>> turns_answering(MessageId user_message) = 0;
    virtual Task<Turn> turn(Owner owner, TurnId id) = 0;
    // Those of one conversation.
    virtual Task<Slice<Turn>> turns(Owner owner, ConversationId id, ListRange<TurnId> listing) = 0;
    virtual Task<Turn> change_turn_metadata(Owner owner, TurnId id, std::string metadata) = 0;
    // The turn that an idempotency key began within the last 24 hours.
    virtual Task<std::optional<Turn>> turn_with_key(Owner owner, std::string key) = 0;

    // Turns that were running when the daemon ended, and how far their calls had come.
    virtual Task<std::vector<Turn>> unfinished_turns() = 0;
    // Says that one of them is taken up again with so many messages stored. Returns how often that has
    // happened without a further message.
    virtual Task<int> count_restart(TurnId id, std::int64_t messages) = 0;
    virtual Write forgive_restarts() = 0;  // of all turns: the daemon ends because somebody wants it to

    // Of the assistant's messages among these. Throws Error{not_found} when one is none of the conversation.
    virtual Task<void> set_feedback(Owner owner, ConversationId id, std::vector<MessageId> messages,
                                    std::string feedback) = 0;

    virtual Task<std::optional<Summary>> summary(ConversationId id) = 0;
    virtual Write put_summary(const Summary& summary) = 0;  // in place of the one before

    virtual Write put_job(const Job& job) = 0;  // inserts or replaces
    // The job's end and the notice of it, if any, in one commit.
    virtual Write end_job(const Job& job, std::optional<Message> notice) = 0;
    virtual Task<Job> job(Owner owner, JobId id) = 0;
    virtual Task<Page<Job>> jobs(JobQuery query) = 0;
    virtual Task<std::vector<Job>> unfinished_jobs() = 0;
};

class Projects {
  public:
    virtual ~Projects() = default;

    // Both throw Error{conflict} when the owner has another one by that name.
    virtual Task<Project> add(Project project) = 0;
    virtual Task<Project> change(Owner owner, ProjectId id, ProjectChange change) = 0;
    // Throws Error{not_found} when there is none of that owner.
    virtual Task<Project> find(Owner owner, ProjectId id) = 0;
    virtual Task<Page<Project>> list(ProjectQuery query) = 0;
    // What belongs to it stays, and belongs to no project any more. While there is such, it is refused with
    // Error{conflict} unless `even_if_used`.
    virtual Task<void> remove(Owner owner, ProjectId id, bool even_if_used) = 0;
};

// What was spent. The turns' entries are written by Store::end_turn.
class UsageBook {
  public:
    virtual ~UsageBook() = default;
    virtual Write add(const UsageEntry& entry) = 0;
    // In the order of days, models or users; those that spent nothing are not there.
    virtual Task<std::vector<UsageRow>> sums(UsageQuery query) = 0;
};

// Every call of a tool, by whatever door.
class AuditLog {
  public:
    virtual ~AuditLog() = default;
    // A call begins: its entry is there, as "running", before anything comes of it.
    virtual Write begin(AuditEntry& entry) = 0;
    // A call's end: completes the entry that was begun, or that says that it goes on as this job; else a new
    // one.
    virtual Write add(const AuditEntry& entry) = 0;
    // ..._soon is for an entry that nobody waits for: stored together with the next write, or a moment later
    // by itself.
    virtual void add_soon(const AuditEntry& entry) = 0;
    // What was running when the daemon died is lost. To be called before the first call.
    virtual Write lose_running() = 0;
    virtual Task<Page<AuditEntry>> list(AuditQuery query) = 0;  // newest first
    // The oldest ones, at most so many; returns how many there were.
    virtual Task<int> remove_before(Timestamp time, int at_most) = 0;
};

// How often each user has called which tool on a day of UTC, as far as a daily limit asks for it.
class CallCounts {
  public:
    virtual ~CallCounts() = default;
    virtual Write count(const Owner& user, const std::string& tool, std::chrono::sys_days day) = 0;
    virtual Task<std::map<std::string, std::int64_t>> of(Owner user,
                                                         std::chrono::sys_days day) = 0;  // by tool
    virtual Task<int> remove_before(std::chrono::sys_days day, int at_most) = 0;          // as AuditLog
};

// A file being written: bytes go to `file`; nothing exists until Artifacts::add() took it over.
struct ArtifactDraft {
    UniqueFd file;  // open for reading and writing, at any offset; its whole content is taken
    // handle, size, sha256 and created_at are filled in by add(), as is the id unless it was promised already
    Artifact about;
    // The same one of the same owner within 24 hours gives the artifact that was stored under it; for another
    // file that is an Error{conflict}. Empty: none.
    std::string idempotency_key = {};
};

class Artifacts {
  public:
    virtual ~Artifacts() = default;

    virtual UniqueFd new_file() = 0;  // an unnamed file on the artifacts' file system
    // Stores the files of one call, all or none, and gives each its handle. Durable when it returns.
    virtual Task<std::vector<Artifact>> add(std::vector<ArtifactDraft> drafts) = 0;
    // The same where nobody waits for it: at a pace that leaves the disk to others.
    virtual Task<std::vector<Artifact>> add_in_background(std::vector<ArtifactDraft> drafts) {
        return add(std::move(drafts));
    }
    // By handle or by id in text. Throws Error{not_found}.
    virtual Task<Artifact> find(Owner owner, std::string handle_or_id) = 0;
    virtual Task<Page<Artifact>> list(ArtifactQuery query) = 0;  // newest first
    virtual Task<UniqueFd> open(Artifact artifact) = 0;          // for reading; verifies nothing
    virtual Task<void> remove(Owner owner, std::string handle_or_id) = 0;
};

// Called for each piece of text as it arrives, on the coroutine's executor; whole code points only.
using TextSink = std::function<void(std::string_view text)>;

// Called with what an answer that came to nothing had cost, as far as its server said.
using UsageSink = std::function<void(const Usage& usage)>;

// The caller keeps what is only referred to until the reply is there.
struct ProviderRequest {
    std::string model;                                         // without the provider's name
    std::string_view system;                                   // the system prompt, rendered
    std::span<const std::shared_ptr<const Message>> messages;  // whole exchanges, oldest first
    std::shared_ptr<const ToolSet> tools;
    bool allow_tools = true;  // false: a final answer is wanted
    ModelWishes wishes = {};
    Owner owner;
    ConversationId conversation;
    std::string request_id = {};  // of whoever is answered, for the log
    bool wants_prose = false;     // a title or a summary: the built-in provider refuses to make one up
    // When the caller gives up by itself: what cannot be done until then is not begun.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    std::stop_token stop;    // requested: the socket is closed and Error{cancelled} thrown
    UsageSink lost_usage;    // may be null; called on the coroutine's executor before the error is thrown
    TextSink thoughts = {};  // may be null; what is thought in attempts that come to nothing is told, too
};

struct ProviderReply {
    std::vector<Block> blocks;  // text, thinking and tool calls, in order; call ids are set and unique
    std::string finish_reason;  // stop, tool_calls, length, content_filter
    Usage usage;
    std::string model;  // as the provider named it
    // Who answered, by the names of the config: a fallback may have. Empty: the one that was asked.
    std::string answered_provider;
    std::string answered_model;
};

class Provider {
  public:
    virtual ~Provider() = default;
    // Throws Error{provider_failed | provider_timeout | context_too_long | unavailable | cancelled |
    // validation}.
    virtual Task<ProviderReply> generate(const ProviderRequest& request, TextSink sink) = 0;
};

struct ProviderChoice {
    std::shared_ptr<Provider> provider;
    std::string provider_name;
    std::string model;
    std::int64_t context_window = 128'000;  // tokens
    std::int64_t reply_tokens = 0;          // that are asked for at most; 0: the server decides
    bool writes_prose = true;  // false: the built-in provider, which runs tools and writes no titles
};

// What a provider is, and how it does.
struct ProviderStatus {
    std::string name;
    std::string kind;
    std::string base_url;  // without a name and password that it may have; empty: it needs no server
    bool is_default = false;
    std::string default_model;          // of the default provider
    std::vector<std::string> models;    // empty: any
    std::vector<std::string> aliases;   // other names of its models
    std::vector<std::string> fallback;  // PROVIDER:MODEL
    std::string circuit = "closed";     // open: it kept failing and is left alone; half_open: being tried
    int failures_in_a_row = 0;
};

// What a provider's server said when it was asked just now.
struct ProviderCheck {
    std::string provider;
    bool good = false;  // it answers and does not refuse the key
    bool lists_models = false;
    std::vector<std::string> models;  // their names, as listed
    std::string sentence;             // for people
};

class Providers {
  public:
    virtual ~Providers() = default;
    virtual std::vector<ProviderStatus> status() const { return {}; }
    // Asks every server for the list of its models, side by side and for a few seconds at most. Providers
    // that need no server are left out.
    virtual Task<std::vector<ProviderCheck>> check(std::stop_token) const {
        co_return std::vector<ProviderCheck>();
    }
    // Empty names mean the configured default. Throws Error{validation} for a name that is not configured.
    virtual ProviderChoice choose(const std::string& provider, const std::string& model) const = 0;
};

class Tools {
  public:
    virtual ~Tools() = default;
    virtual std::shared_ptr<const ToolSet> all() const = 0;
    // Those that this user may call.
    virtual std::shared_ptr<const ToolSet> offered_to(const Owner& /*user*/) const { return all(); }
    // What this user may do with one of them, whether it is offered or not.
    virtual Task<ToolAccess> access(Owner /*user*/, std::shared_ptr<const ToolSpec> tool) const {
        co_return ToolAccess{std::move(tool), true, {}, {}};
    }
    virtual std::vector<PluginStatus> plugins() const = 0;
    // Lets a plugin that is left alone since it kept crashing run again. False when there is none of that id.
    virtual bool release_plugin(const std::string& /*id*/) { return false; }
    // Agrees to what a plugin tells of its tools now. False when there is none of that id.
    virtual bool approve_plugin(const std::string& /*id*/) { return false; }
    // Runs the whole order of checks, the call and its record; failures are outcomes. Only broken invariants
    // and a full queue (Error{unavailable}) throw.
    virtual Task<ToolOutcome> execute(ToolCall call, ProgressSink progress) = 0;
};

// Running background jobs; ended ones are read from the Store.
class Jobs {
  public:
    virtual ~Jobs() = default;
    virtual Task<Job> status(Owner owner, JobId id) = 0;  // with live progress
    virtual Task<Job> wait(Owner owner, JobId id, std::chrono::milliseconds at_most,
                           std::stop_token stop) = 0;
    virtual Task<Job> cancel(Owner owner, JobId id) = 0;
    // Stops every job of a conversation and returns when they have ended.
    virtual Task<void> cancel_all(Owner owner, ConversationId conversation) = 0;
};

}  // namespace assistd::core
