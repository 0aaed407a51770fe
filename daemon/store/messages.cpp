#include "store/messages.h"

#include "base/error.h"
#include "store/blocks.h"
#include "store/cursor.h"

namespace assistd::store {
namespace {

constexpr std::size_t preview_length = 100;

#define MESSAGE_COLUMNS                                                                                 \
    "id, conversation, turn, sequence, role, blocks, created_at, model, finish_reason, prompt_tokens, " \
    "completion_tokens, cached_tokens, cost, event_id"

core::Role role_named(std::string_view name) {
    for (const core::Role role : {core::Role::system, core::Role::assistant, core::Role::tool})
        if (core::name_of(role) == name) return role;
    return core::Role::user;
}

core::Message message_at(const Rows& row) {
    core::Message message;
    message.id = {row.uuid(0)};
    message.conversation = {row.uuid(1)};
    message.turn = {row.uuid(2)};
    message.sequence = row.integer(3);
    message.role = role_named(row.view(4));
    message.blocks = blocks_from_json(row.view(5));
    message.created_at = row.time(6);
    message.model = row.text(7);
    message.finish_reason = row.text(8);
    message.usage.prompt_tokens = row.integer(9);
    message.usage.completion_tokens = row.integer(10);
    message.usage.cached_tokens = row.integer(11);
    message.usage.cost = row.real(12);
    message.event_id = row.integer(13);
    return message;
}

std::vector<core::Message> all_of(Rows rows) {
    std::vector<core::Message> messages;
    while (rows.next()) messages.push_back(message_at(rows));
    return messages;
}

// Counts the message into its conversation, takes `places` sequences there and returns the first of them.
std::int64_t take_sequences(Database& db, const MessageDraft& draft, std::int64_t places) {
    Rows rows = db.query(
        "UPDATE conversations SET last_sequence = last_sequence + ?4, message_count = message_count + 1, "
        "updated_at = max(updated_at, ?2), "
        "last_message_preview = CASE WHEN ?3 = '' THEN last_message_preview ELSE ?3 END "
        "WHERE id = ?1 RETURNING last_sequence",
        draft.message.conversation, draft.message.created_at, draft.preview, places);
    if (!rows.next()) throw Error(ErrorCode::not_found, "The conversation does not exist, or no longer.");
    const std::int64_t last = rows.integer(0);
    rows.next();
    return last - places + 1;
}

// The place of a call's result: behind the message that announced the call, in call order.
std::optional<std::int64_t> place_of_result(Database& db, const core::Message& message) {
    for (const core::Block& block : message.blocks) {
        const auto* result = std::get_if<core::ToolResultBlock>(&block);
        if (!result || message.turn.is_nil()) continue;
        Rows rows = db.query("SELECT sequence + 1 + position FROM tool_calls WHERE turn = ?1 AND call_id = ?2",
                             message.turn, result->call_id);
        if (rows.next()) return rows.integer(0);
    }
    return std::nullopt;
}

// A message that announces calls keeps a place for the result of each.
std::int64_t sequence_of(Database& db, const MessageDraft& draft) {
    if (const auto reserved = place_of_result(db, draft.message)) {
        take_sequences(db, draft, 0);
        return *reserved;
    }
    const auto calls = static_cast<std::int64_t>(draft.message.tool_calls().size());
    return take_sequences(db, draft, 1 + calls);
}

void insert_call(Database& db, const core::Message& message, std::int64_t sequence, std::size_t position,
                 const core::ToolCallBlock& call) {
    db.run(
        "INSERT INTO tool_calls (turn, call_id, sequence, position, name, arguments) VALUES (?1, ?2, ?3, ?4, "
        "?5, ?6)",
        message.turn, call.call_id, sequence, position, call.name, call.arguments);
}

void finish_call(Database& db, const core::Message& message, const core::ToolResultBlock& result) {
    const int changed =
        db.run("UPDATE tool_calls SET finished_at = ?3, success = ?4 WHERE turn = ?1 AND call_id = ?2",
               message.turn, result.call_id, message.created_at, result.success);
    if (changed == 0)
        throw Error(ErrorCode::not_found, "The turn never announced the tool call " + result.call_id + ".");
}

// Messages that belong to no turn, such as notices, have no calls that could be taken up again.
void keep_calls(Database& db, const core::Message& message, std::int64_t sequence) {
    if (message.turn.is_nil()) return;
    std::size_t position = 0;
    for (const core::Block& block : message.blocks) {
        if (const auto* call = std::get_if<core::ToolCallBlock>(&block))
            insert_call(db, message, sequence, position++, *call);
        else if (const auto* result = std::get_if<core::ToolResultBlock>(&block))
            finish_call(db, message, *result);
    }
}

std::string list_name(ConversationId id) {
    return "messages|" + id.uuid.hex();
}

}  // namespace

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const bool starts_one = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (starts_one && count-- == 0) break;
    }
    return text.substr(0, end);
}

MessageDraft draft_of(core::Message message) {
    MessageDraft draft;
    draft.blocks = blocks_to_json(message.blocks);
    draft.text = message.text();
    draft.preview = first_code_points(draft.text, preview_length);
    draft.message = std::move(message);
    return draft;
}

void append_message(WriteScope& scope, const MessageDraft& draft) {
    const core::Message& message = draft.message;
    const std::int64_t sequence = sequence_of(scope.db, draft);
    scope.db.run("INSERT INTO messages (" MESSAGE_COLUMNS
                 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                 message.id, message.conversation, message.turn, sequence, core::name_of(message.role),
                 draft.blocks, message.created_at, message.model, message.finish_reason,
                 message.usage.prompt_tokens, message.usage.completion_tokens, message.usage.cached_tokens,
                 message.usage.cost, message.event_id);
    scope.search.add_message(scope.db.last_insert_key(), draft.text);
    keep_calls(scope.db, message, sequence);
}

core::Page<core::Message> read_messages(Database& db, ConversationId id, const std::string& after,
                                        int limit) {
    check_limit(limit);
    const std::string list = list_name(id);
    const Place place = after.empty() ? Place{} : read_cursor(list, after);
    // One more than asked for tells whether there is a next page.
    core::Page<core::Message> page;
    page.items =
        all_of(db.query("SELECT " MESSAGE_COLUMNS
                        " FROM messages WHERE conversation = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
                        id, place.order, static_cast<std::int64_t>(limit) + 1));
    if (page.items.size() > static_cast<std::size_t>(limit)) {
        page.items.pop_back();
        page.next = make_cursor(list, {page.items.back().sequence, 0});
    }
    return page;
}

std::vector<core::Message> read_messages_before(Database& db, ConversationId id, std::int64_t before,
                                                int limit) {
    check_limit(limit);
    return all_of(
        db.query("SELECT " MESSAGE_COLUMNS
                 " FROM messages WHERE conversation = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3",
                 id, before, limit));
}

std::vector<core::Message> read_messages_of_turn(Database& db, TurnId id) {
    return all_of(db.query("SELECT " MESSAGE_COLUMNS " FROM messages WHERE turn = ?1 ORDER BY sequence", id));
}

void unindex_messages(WriteScope& scope, ConversationId id) {
    Rows rows = scope.db.query("SELECT key, blocks FROM messages WHERE conversation = ?1", id);
    while (rows.next()) {
        core::Message message;
        message.blocks = blocks_from_json(rows.view(1));
        scope.search.remove_message(rows.integer(0), message.text());
    }
}

}  // namespace assistd::store
