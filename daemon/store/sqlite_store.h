#pragma once
// core::Store on SQLite: each operation is handed to the writer or to a reader, and the work itself is in the
// file of its subject (conversations, messages, turns, jobs). Owned by Storage; any thread.

#include "core/ports.h"
#include "store/artifact_files.h"
#include "store/readers.h"
#include "store/writer.h"

namespace assistd::store {

class SqliteStore : public core::Store {
  public:
    SqliteStore(Writer& writer, Readers& readers, RecentConversations& recent, const ArtifactFiles& files)
        : writer_(writer), readers_(readers), recent_(recent), files_(files) {}

    core::Write add_conversation(const core::Conversation& conversation) override;
    Task<core::Conversation> conversation(core::Owner owner, ConversationId id) override;
    Task<core::Page<core::Conversation>> conversations(core::ConversationQuery query) override;
    Task<core::Conversation> change_conversation(core::Owner owner, ConversationId id,
                                                 core::ConversationChange change) override;
    Task<void> remove_conversation(core::Owner owner, ConversationId id) override;
    core::Write set_first_title(ConversationId id, const std::string& title) override;
    core::Write set_model_title(ConversationId id, const std::string& title) override;

    Task<core::Page<core::Message>> messages(ConversationId id, std::string after, int limit) override;
    Task<std::vector<core::Message>> messages_before(ConversationId id, std::int64_t before_sequence,
                                                     int limit) override;
    Task<std::vector<core::Message>> messages_of_turn(TurnId id) override;

    Task<core::TurnBegun> begin_turn(core::Turn turn, core::Message user_message,
                                     MessageId instead_of = {}) override;
    Task<std::optional<core::Message>> last_user_message(ConversationId id) override;
    Task<core::Message> user_message(ConversationId id, MessageId message) override;
    Task<void> set_feedback(core::Owner owner, ConversationId id, std::vector<MessageId> messages,
                            std::string feedback) override;
    Task<core::TurnBegun> begin_turn_as_it_stands(core::Turn turn, std::vector<core::Message> said) override;
    Task<std::optional<core::Message>> unanswered_message(ConversationId id) override;
    Task<core::Slice<core::Turn>> turns(core::Owner owner, ConversationId id,
                                        core::ListRange<TurnId> listing) override;
    Task<core::Turn> change_turn_metadata(core::Owner owner, TurnId id, std::string metadata) override;
    Task<core::TurnBegun> begin_turn_again(core::Turn turn, MessageId user_message) override;
    Task<std::vector<TurnId>> turns_answering(MessageId user_message) override;
    Task<core::Turn> turn(core::Owner owner, TurnId id) override;
    Task<std::optional<core::Turn>> turn_with_key(core::Owner owner, std::string key) override;
    core::Write append_message(const core::Message& message) override;
    core::Write mark_call_started(TurnId turn, const std::string& call_id) override;
    core::Write ask_approval(TurnId turn, const core::Approval& approval) override;
    Task<core::Approval> decide_approval(TurnId turn, std::string call_id, core::ApprovalState decision,
                                         std::string reason) override;
    Task<std::vector<core::Approval>> approvals(TurnId turn) override;
    core::Write end_turn(const core::Turn& turn, std::optional<core::Message> last_message) override;
    Task<std::vector<core::Turn>> unfinished_turns() override;
    Task<int> count_restart(TurnId id, std::int64_t messages) override;
    core::Write forgive_restarts() override;
    Task<std::vector<core::StoredToolCall>> tool_calls(TurnId id) override;

    Task<std::optional<core::Summary>> summary(ConversationId id) override;
    core::Write put_summary(const core::Summary& summary) override;

    core::Write put_job(const core::Job& job) override;
    core::Write end_job(const core::Job& job, std::optional<core::Message> notice) override;
    Task<core::Job> job(core::Owner owner, JobId id) override;
    Task<core::Page<core::Job>> jobs(core::JobQuery query) override;
    Task<std::vector<core::Job>> unfinished_jobs() override;

  private:
    Writer& writer_;
    Readers& readers_;
    RecentConversations& recent_;
    const ArtifactFiles& files_;
};

}  // namespace assistd::store
