#include "store/sqlite_store.h"

#include "store/approvals.h"
#include "store/artifacts.h"
#include "store/conversations.h"
#include "store/jobs.h"
#include "store/messages.h"
#include "store/summaries.h"
#include "store/turns.h"

namespace assistd::store {

core::Write SqliteStore::add_conversation(const core::Conversation& conversation) {
    return core::Write(
        writer_.submit([conversation](WriteScope& scope) { store::add_conversation(scope, conversation); }));
}

Task<core::Conversation> SqliteStore::conversation(core::Owner owner, ConversationId id) {
    if (std::optional<core::Conversation> known = recent_.find(owner, id)) co_return std::move(*known);
    auto work = [owner = std::move(owner), id](Database& db) { return read_conversation(db, owner, id); };
    co_return co_await readers_.read(std::move(work));
}

Task<core::Page<core::Conversation>> SqliteStore::conversations(core::ConversationQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_conversations(db, query); });
}

Task<core::Conversation> SqliteStore::change_conversation(core::Owner owner, ConversationId id,
                                                          core::ConversationChange change) {
    auto work = [owner = std::move(owner), id, change = std::move(change), time = now()](WriteScope& scope) {
        return store::change_conversation(scope, owner, id, change, time);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<void> SqliteStore::remove_conversation(core::Owner owner, ConversationId id) {
    auto work = [owner = std::move(owner), id](WriteScope& scope) {
        return store::remove_conversation(scope, owner, id);
    };
    const auto removed = writer_.submit(std::move(work));
    const std::int64_t ticket = co_await removed.wait();
    co_await sweep(writer_, files_, ticket);
}

core::Write SqliteStore::set_first_title(ConversationId id, const std::string& title) {
    return core::Write(
        writer_.submit([id, title](WriteScope& scope) { store::set_first_title(scope, id, title); }));
}

core::Write SqliteStore::set_model_title(ConversationId id, const std::string& title) {
    return core::Write(
        writer_.submit([id, title](WriteScope& scope) { store::set_model_title(scope, id, title); }));
}

Task<core::Page<core::Message>> SqliteStore::messages(ConversationId id, std::string after, int limit) {
    return readers_.read(
        [id, after = std::move(after), limit](Database& db) { return read_messages(db, id, after, limit); });
}

Task<std::vector<core::Message>> SqliteStore::messages_before(ConversationId id, std::int64_t before_sequence,
                                                              int limit) {
    return readers_.read([id, before_sequence, limit](Database& db) {
        return read_messages_before(db, id, before_sequence, limit);
    });
}

Task<std::vector<core::Message>> SqliteStore::messages_of_turn(TurnId id) {
    return readers_.read([id](Database& db) { return read_messages_of_turn(db, id); });
}

Task<core::TurnBegun> SqliteStore::begin_turn(core::Turn turn, core::Message user_message,
                                              MessageId instead_of) {
    auto work = [turn = std::move(turn), draft = draft_of(std::move(user_message)),
                 instead_of](WriteScope& scope) { return store::begin_turn(scope, turn, draft, instead_of); };
    return result_of(writer_.submit(std::move(work)));
}

Task<std::optional<core::Message>> SqliteStore::last_user_message(ConversationId id) {
    return readers_.read([id](Database& db) { return read_last_user_message(db, id); });
}

Task<core::Message> SqliteStore::user_message(ConversationId id, MessageId message) {
    return readers_.read([id, message](Database& db) { return read_user_message(db, id, message); });
}

Task<void> SqliteStore::set_feedback(core::Owner owner, ConversationId id, std::vector<MessageId> messages,
                                     std::string feedback) {
    auto work = [owner = std::move(owner), id, messages = std::move(messages),
                 feedback = std::move(feedback)](WriteScope& scope) {
        read_conversation(scope.db, owner, id);  // not found for everybody else
        store::set_feedback(scope, id, messages, feedback);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::TurnBegun> SqliteStore::begin_turn_as_it_stands(core::Turn turn, std::vector<core::Message> said) {
    auto work = [turn = std::move(turn), drafts = drafts_of(std::move(said))](WriteScope& scope) {
        return store::begin_turn_as_it_stands(scope, turn, drafts);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<std::optional<core::Message>> SqliteStore::unanswered_message(ConversationId id) {
    return readers_.read([id](Database& db) { return read_unanswered_message(db, id); });
}

Task<core::Slice<core::Turn>> SqliteStore::turns(core::Owner owner, ConversationId id,
                                                 core::ListRange<TurnId> listing) {
    return readers_.read(
        [owner = std::move(owner), id, listing](Database& db) { return read_turns(db, owner, id, listing); });
}

Task<core::Turn> SqliteStore::change_turn_metadata(core::Owner owner, TurnId id, std::string metadata) {
    auto work = [owner = std::move(owner), id, metadata = std::move(metadata)](WriteScope& scope) {
        return store::change_turn_metadata(scope, owner, id, metadata);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::TurnBegun> SqliteStore::begin_turn_again(core::Turn turn, MessageId user_message) {
    auto work = [turn = std::move(turn), user_message](WriteScope& scope) {
        return store::begin_turn_again(scope, turn, user_message);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<std::vector<TurnId>> SqliteStore::turns_answering(MessageId user_message) {
    return readers_.read([user_message](Database& db) { return read_turns_answering(db, user_message); });
}

Task<core::Turn> SqliteStore::turn(core::Owner owner, TurnId id) {
    return readers_.read([owner = std::move(owner), id](Database& db) { return read_turn(db, owner, id); });
}

Task<std::optional<core::Turn>> SqliteStore::turn_with_key(core::Owner owner, std::string key) {
    return readers_.read([owner = std::move(owner), key = std::move(key), time = now()](Database& db) {
        return read_turn_with_key(db, owner, key, time);
    });
}

core::Write SqliteStore::append_message(const core::Message& message) {
    return core::Write(writer_.submit(
        [draft = draft_of(message)](WriteScope& scope) { store::append_message(scope, draft); }));
}

core::Write SqliteStore::mark_call_started(TurnId turn, const std::string& call_id) {
    return core::Write(writer_.submit([turn, call_id, time = now()](WriteScope& scope) {
        store::mark_call_started(scope, turn, call_id, time);
    }));
}

core::Write SqliteStore::ask_approval(TurnId turn, const core::Approval& approval) {
    return core::Write(
        writer_.submit([turn, approval](WriteScope& scope) { store::ask_approval(scope, turn, approval); }));
}

Task<core::Approval> SqliteStore::decide_approval(TurnId turn, std::string call_id,
                                                  core::ApprovalState decision, std::string reason) {
    auto work = [turn, call_id = std::move(call_id), decision, reason = std::move(reason),
                 time = now()](WriteScope& scope) {
        return store::decide_approval(scope, turn, call_id, decision, reason, time);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<std::vector<core::Approval>> SqliteStore::approvals(TurnId turn) {
    return readers_.read([turn](Database& db) { return read_approvals(db, turn); });
}

core::Write SqliteStore::end_turn(const core::Turn& turn, std::optional<core::Message> last_message) {
    std::optional<MessageDraft> draft;
    if (last_message) draft = draft_of(std::move(*last_message));
    return core::Write(writer_.submit(
        [turn, draft = std::move(draft)](WriteScope& scope) { store::end_turn(scope, turn, draft); }));
}

Task<std::vector<core::Turn>> SqliteStore::unfinished_turns() {
    return readers_.read([](Database& db) { return read_unfinished_turns(db); });
}

Task<int> SqliteStore::count_restart(TurnId id, std::int64_t messages) {
    return result_of(writer_.submit(
        [id, messages](WriteScope& scope) { return store::count_restart(scope, id, messages); }));
}

core::Write SqliteStore::forgive_restarts() {
    return core::Write(writer_.submit([](WriteScope& scope) { store::forgive_restarts(scope); }));
}

Task<std::vector<core::StoredToolCall>> SqliteStore::tool_calls(TurnId id) {
    return readers_.read([id](Database& db) { return read_tool_calls(db, id); });
}

Task<std::optional<core::Summary>> SqliteStore::summary(ConversationId id) {
    return readers_.read([id](Database& db) { return read_summary(db, id); });
}

core::Write SqliteStore::put_summary(const core::Summary& summary) {
    return core::Write(writer_.submit([summary](WriteScope& scope) { store::put_summary(scope, summary); }));
}

core::Write SqliteStore::put_job(const core::Job& job) {
    return core::Write(writer_.submit([job](WriteScope& scope) { store::put_job(scope, job); }));
}

core::Write SqliteStore::end_job(const core::Job& job, std::optional<core::Message> notice) {
    std::optional<MessageDraft> draft;
    if (notice) draft = draft_of(std::move(*notice));
    return core::Write(writer_.submit(
        [job, draft = std::move(draft)](WriteScope& scope) { store::end_job(scope, job, draft); }));
}

Task<core::Job> SqliteStore::job(core::Owner owner, JobId id) {
    return readers_.read([owner = std::move(owner), id](Database& db) { return read_job(db, owner, id); });
}

Task<core::Page<core::Job>> SqliteStore::jobs(core::JobQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_jobs(db, query); });
}

Task<std::vector<core::Job>> SqliteStore::unfinished_jobs() {
    return readers_.read([](Database& db) { return read_unfinished_jobs(db); });
}

}  // namespace assistd::store
