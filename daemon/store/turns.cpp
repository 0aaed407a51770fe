#include "store/turns.h"

#include <algorithm>

#include "base/error.h"
#include "core/metadata.h"
#include "store/idempotency.h"
#include "store/projects.h"
#include "store/usage.h"

namespace assistd::store {
namespace {

#define TURN_COLUMNS                                                                                       \
    "id, conversation, owner, state, project_id, idempotency_key, request_hash, created_at, finished_at, " \
    "error_code, error_message, prompt_tokens, completion_tokens, cached_tokens, cost, rounds, event_id, " \
    "provider, model, title, title_event_id, user_message, limit_reached, usage_estimated, options, "      \
    "metadata"

core::TurnState state_named(std::string_view name) {
    for (const core::TurnState state :
         {core::TurnState::running, core::TurnState::completed, core::TurnState::cancelled})
        if (core::name_of(state) == name) return state;
    return core::TurnState::failed;
}

core::Turn turn_at(const Rows& row) {
    core::Turn turn;
    turn.id = {row.uuid(0)};
    turn.conversation = {row.uuid(1)};
    turn.owner = row.text(2);
    turn.state = state_named(row.view(3));
    turn.project_id = row.text(4);
    turn.idempotency_key = row.text(5);
    turn.request_hash = row.text(6);
    turn.created_at = row.time(7);
    turn.finished_at = row.time(8);
    turn.error_code = row.text(9);
    turn.error_message = row.text(10);
    turn.usage.prompt_tokens = row.integer(11);
    turn.usage.completion_tokens = row.integer(12);
    turn.usage.cached_tokens = row.integer(13);
    turn.usage.cost = row.real(14);
    turn.rounds = static_cast<int>(row.integer(15));
    turn.event_id = row.integer(16);
    turn.provider = row.text(17);
    turn.model = row.text(18);
    turn.title = row.text(19);
    turn.title_event_id = row.integer(20);
    turn.user_message = {row.uuid(21)};
    turn.limit_reached = row.text(22);
    turn.usage.estimated = row.flag(23);
    turn.options = core::options_from(row.view(24));
    turn.metadata = row.text(25);
    return turn;
}

std::optional<core::Turn> find_with_key(Database& db, const core::Owner& owner, const std::string& key) {
    Rows rows =
        db.query("SELECT " TURN_COLUMNS " FROM turns WHERE owner = ?1 AND idempotency_key = ?2", owner, key);
    if (!rows.next()) return std::nullopt;
    return turn_at(rows);
}

// The turn that the key stands for, if it still stands for one; an expired key is free again.
std::optional<core::Turn> begun_before(Database& db, const core::Turn& turn) {
    if (turn.idempotency_key.empty()) return std::nullopt;
    auto earlier = find_with_key(db, turn.owner, turn.idempotency_key);
    if (!earlier) return std::nullopt;
    if (turn.created_at - earlier->created_at >= idempotency_lifetime) {
        db.run("UPDATE turns SET idempotency_key = NULL WHERE id = ?1", earlier->id);
        return std::nullopt;
    }
    if (earlier->request_hash != turn.request_hash || earlier->conversation != turn.conversation)
        throw key_of_another_request();
    return earlier;
}

void check_owner(Database& db, const core::Turn& turn) {
    Rows rows =
        db.query("SELECT 1 FROM conversations WHERE id = ?1 AND owner = ?2", turn.conversation, turn.owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such conversation.");
}

void insert_turn(Database& db, const core::Turn& turn, MessageId user_message) {
    db.run("INSERT INTO turns (" TURN_COLUMNS
           ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
           "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
           turn.id, turn.conversation, turn.owner, core::name_of(turn.state),
           project_if_there(db, turn.owner, turn.project_id), key_or_null(turn.idempotency_key),
           turn.request_hash, turn.created_at, turn.finished_at, turn.error_code, turn.error_message,
           turn.usage.prompt_tokens, turn.usage.completion_tokens, turn.usage.cached_tokens, turn.usage.cost,
           turn.rounds, turn.event_id, turn.provider, turn.model, turn.title, turn.title_event_id,
           user_message, turn.limit_reached, turn.usage.estimated, core::text_of(*turn.options),
           turn.metadata);
}

}  // namespace

core::TurnBegun begin_turn(WriteScope& scope, const core::Turn& turn, const MessageDraft& user_message,
                           MessageId instead_of) {
    if (auto earlier = begun_before(scope.db, turn)) return {std::move(*earlier), false};
    check_owner(scope.db, turn);
    if (!instead_of.is_nil()) take_back(scope, turn.conversation, instead_of);
    insert_turn(scope.db, turn, user_message.message.id);
    append_message(scope, user_message);
    return {turn, true};
}

core::TurnBegun begin_turn_again(WriteScope& scope, const core::Turn& turn, MessageId user_message) {
    if (auto earlier = begun_before(scope.db, turn)) return {std::move(*earlier), false};
    check_owner(scope.db, turn);
    insert_turn(scope.db, turn, user_message);
    answer_again(scope, turn, user_message);
    return {turn, true};
}

core::TurnBegun begin_turn_as_it_stands(WriteScope& scope, const core::Turn& turn,
                                        const std::vector<MessageDraft>& said) {
    if (auto earlier = begun_before(scope.db, turn)) return {std::move(*earlier), false};
    check_owner(scope.db, turn);
    for (const MessageDraft& draft : said) append_message(scope, draft);
    insert_turn(scope.db, turn, turn.user_message);
    answer_unanswered(scope, turn);
    return {turn, true};
}

std::vector<TurnId> read_turns_answering(Database& db, MessageId user_message) {
    Rows rows =
        db.query("SELECT id FROM turns WHERE user_message = ?1 ORDER BY created_at, id", user_message);
    std::vector<TurnId> turns;
    while (rows.next()) turns.push_back({rows.uuid(0)});
    return turns;
}

std::optional<core::Turn> read_turn_with_key(Database& db, const core::Owner& owner, const std::string& key,
                                             Timestamp time) {
    auto earlier = find_with_key(db, owner, key);
    if (earlier && time - earlier->created_at >= idempotency_lifetime) return std::nullopt;
    return earlier;
}

void mark_call_started(WriteScope& scope, TurnId turn, const std::string& call_id, Timestamp time) {
    const int changed = scope.db.run("UPDATE tool_calls SET started_at = ?3 WHERE turn = ?1 AND call_id = ?2",
                                     turn, call_id, time);
    if (changed == 0)
        throw Error(ErrorCode::not_found, "The turn never announced the tool call " + call_id + ".");
}

void end_turn(WriteScope& scope, const core::Turn& turn, const std::optional<MessageDraft>& last_message) {
    if (last_message) append_message(scope, *last_message);
    const int changed = scope.db.run(
        "UPDATE turns SET state = ?2, finished_at = ?3, error_code = ?4, error_message = ?5, "
        "prompt_tokens = ?6, completion_tokens = ?7, cached_tokens = ?8, cost = ?9, rounds = ?10, "
        "event_id = ?11, title = ?12, title_event_id = ?13, limit_reached = ?14, usage_estimated = ?15 "
        "WHERE id = ?1",
        turn.id, core::name_of(turn.state), turn.finished_at, turn.error_code, turn.error_message,
        turn.usage.prompt_tokens, turn.usage.completion_tokens, turn.usage.cached_tokens, turn.usage.cost,
        turn.rounds, turn.event_id, turn.title, turn.title_event_id, turn.limit_reached,
        turn.usage.estimated);
    if (changed == 0) throw Error(ErrorCode::not_found, "The turn does not exist, or no longer.");
    add_usage_of_turn(scope, turn);
    if (!turn.title.empty())
        scope.db.run("UPDATE conversations SET title_is_news = 0 WHERE id = ?1 AND title = ?2",
                     turn.conversation, turn.title);
}

core::Turn read_turn(Database& db, const core::Owner& owner, TurnId id) {
    Rows rows = db.query("SELECT " TURN_COLUMNS " FROM turns WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such turn.");
    return turn_at(rows);
}

core::Slice<core::Turn> read_turns(Database& db, const core::Owner& owner, ConversationId id,
                                   const core::ListRange<TurnId>& listing) {
    // With only `before`, the turns closest to it are read, from it on.
    const bool backwards = listing.before && !listing.after;
    const bool rising = (listing.order == core::Order::ascending) != backwards;
    const auto check = [&](const std::optional<TurnId>& cursor, const char* name) {
        if (!cursor) return;
        Rows rows = db.query("SELECT 1 FROM turns WHERE id = ?1 AND conversation = ?2 AND owner = ?3",
                             *cursor, id, owner);
        if (rows.next()) return;
        const std::string sentence = std::string(name) + " names no turn of this conversation.";
        throw Error(ErrorCode::validation, sentence, {{name, sentence}});
    };
    check(listing.after, "after");
    check(listing.before, "before");
    const TurnId low = (rising != backwards ? listing.after : listing.before).value_or(TurnId());
    const TurnId high = (rising != backwards ? listing.before : listing.after).value_or(TurnId());
    // Ids of turns rise with time.
#define TURNS_BETWEEN                                                                                       \
    "SELECT " TURN_COLUMNS                                                                                  \
    " FROM turns WHERE conversation = ?1 AND owner = ?2 AND (?3 IS NULL OR id > ?3) AND (?4 IS NULL OR id " \
    "< ?4) "
    Rows rows =
        db.query(rising ? TURNS_BETWEEN "ORDER BY id LIMIT ?5" : TURNS_BETWEEN "ORDER BY id DESC LIMIT ?5",
                 id, owner, low, high, listing.limit + 1);
    core::Slice<core::Turn> slice;
    while (rows.next()) slice.items.push_back(turn_at(rows));
    slice.has_more = slice.items.size() > static_cast<std::size_t>(listing.limit);
    if (slice.has_more) slice.items.pop_back();
    if (backwards) std::reverse(slice.items.begin(), slice.items.end());
    return slice;
}

core::Turn change_turn_metadata(WriteScope& scope, const core::Owner& owner, TurnId id,
                                const std::string& metadata) {
    core::Turn turn = read_turn(scope.db, owner, id);
    turn.metadata = core::merged_metadata(turn.metadata, metadata);
    scope.db.run("UPDATE turns SET metadata = ?2 WHERE id = ?1", id, turn.metadata);
    return turn;
}

std::vector<core::Turn> read_unfinished_turns(Database& db) {
    Rows rows =
        db.query("SELECT " TURN_COLUMNS " FROM turns WHERE state = 'running' ORDER BY created_at, id");
    std::vector<core::Turn> turns;
    while (rows.next()) turns.push_back(turn_at(rows));
    return turns;
}

int count_restart(WriteScope& scope, TurnId id, std::int64_t messages) {
    scope.db.run(
        "UPDATE turns SET restarts = CASE WHEN restarted_behind = ?2 THEN restarts + 1 ELSE 1 END, "
        "restarted_behind = ?2 WHERE id = ?1",
        id, messages);
    Rows rows = scope.db.query("SELECT restarts FROM turns WHERE id = ?1", id);
    return rows.next() ? static_cast<int>(rows.integer(0)) : 0;
}

void forgive_restarts(WriteScope& scope) {
    scope.db.run("UPDATE turns SET restarts = 0 WHERE state = 'running'");
}

std::vector<core::StoredToolCall> read_tool_calls(Database& db, TurnId id) {
    Rows rows = db.query(
        "SELECT call_id, name, arguments, started_at <> 0, finished_at <> 0, "
        "(SELECT id FROM jobs WHERE jobs.turn = ?1 AND jobs.call_id = tool_calls.call_id) "
        "FROM tool_calls WHERE turn = ?1 ORDER BY sequence, position",
        id);
    std::vector<core::StoredToolCall> calls;
    while (rows.next())
        calls.push_back(
            {rows.text(0), rows.text(1), rows.text(2), rows.flag(3), rows.flag(4), {rows.uuid(5)}});
    return calls;
}

}  // namespace assistd::store
