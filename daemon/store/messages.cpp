#include "store/messages.h"

#include "base/error.h"
#include "core/citation_json.h"
#include "store/blocks.h"
#include "store/cursor.h"
#include "store/message_rows.h"

namespace assistd::store {
namespace {

constexpr std::size_t preview_length = 100;

core::Role role_named(std::string_view name) {
    for (const core::Role role : {core::Role::system, core::Role::assistant, core::Role::tool})
        if (core::name_of(role) == name) return role;
    return core::Role::user;
}

std::vector<core::Message> all_of(Rows rows) {
    std::vector<core::Message> messages;
    while (rows.next()) messages.push_back(message_at(rows));
    return messages;
}

// Counts the message into its conversation, takes `places` in its order and returns the last of them.
std::int64_t take_places(Database& db, const MessageDraft& draft, std::int64_t places) {
    Rows rows = db.query(
        "UPDATE conversations SET last_sequence = last_sequence + ?4, message_count = message_count + 1, "
        "updated_at = max(updated_at, ?2), "
        "last_message_preview = CASE WHEN ?3 = '' THEN last_message_preview ELSE ?3 END "
        "WHERE id = ?1 RETURNING last_sequence",
        draft.message.conversation, draft.message.created_at, draft.preview, places);
    if (!rows.next()) throw Error(ErrorCode::not_found, "The conversation does not exist, or no longer.");
    return rows.integer(0);
}

void insert_calls(Database& db, const core::Message& message, std::int64_t sequence,
                  const std::vector<core::ToolCallBlock>& calls) {
    for (std::size_t position = 0; position < calls.size(); ++position) {
        const core::ToolCallBlock& call = calls[position];
        db.run(
            "INSERT INTO tool_calls (turn, call_id, sequence, position, name, arguments) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            message.turn, call.call_id, sequence, position, call.name, call.arguments);
    }
}

// Marks the result's call as finished and returns the place that was kept for the result.
std::int64_t finish_call(Database& db, const core::Message& message, const core::ToolResultBlock& result) {
    Rows rows = db.query(
        "UPDATE tool_calls SET finished_at = ?3, success = ?4 WHERE turn = ?1 AND call_id = ?2 "
        "RETURNING sequence + 1 + position",
        message.turn, result.call_id, message.created_at, result.success);
    if (!rows.next())
        throw Error(ErrorCode::not_found, "The turn never announced the tool call " + result.call_id + ".");
    return rows.integer(0);
}

const core::ToolResultBlock* result_in(const core::Message& message) {
    for (const core::Block& block : message.blocks)
        if (const auto* result = std::get_if<core::ToolResultBlock>(&block)) return result;
    return nullptr;
}

// A reply keeps the places behind it for the results of its calls, so that these stand in call order
// whichever ends first. Messages of no turn, such as notices, have no calls that could be taken up again.
std::int64_t place_message(Database& db, const MessageDraft& draft) {
    const core::Message& message = draft.message;
    if (message.turn.is_nil()) return take_places(db, draft, 1);
    if (const core::ToolResultBlock* result = result_in(message)) {
        take_places(db, draft, 0);
        return finish_call(db, message, *result);
    }
    const std::vector<core::ToolCallBlock> calls = message.tool_calls();
    const auto kept = static_cast<std::int64_t>(calls.size());
    const std::int64_t sequence = take_places(db, draft, 1 + kept) - kept;
    insert_calls(db, message, sequence, calls);
    return sequence;
}

// Returns how many were shown until now. Notices stay, but for those behind a message of the user's that
// goes.
int hide_from(Database& db, ConversationId conversation, std::int64_t sequence) {
    db.run(
        "DELETE FROM summaries WHERE conversation = ?1 AND EXISTS (SELECT 1 FROM messages "
        "WHERE messages.turn = summaries.upto_turn AND sequence >= ?2)",
        conversation, sequence);
    return db.run(
        "UPDATE messages SET hidden = 1 WHERE conversation = ?1 AND sequence >= ?2 AND hidden = 0 "
        "AND (role <> 'system' OR turn IS NOT NULL OR sequence > (SELECT min(sequence) FROM messages WHERE "
        "conversation = ?1 "
        "AND sequence >= ?2 AND role = 'user' AND hidden = 0))",
        conversation, sequence);
}

std::string list_name(ConversationId id) {
    return "messages|" + id.uuid.hex();
}

}  // namespace

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
    message.pieces = row.text(14);
    message.replies = static_cast<int>(row.integer(15));
    message.provider = row.text(16);
    message.limit_reached = row.text(17);
    message.usage.estimated = row.flag(18);
    message.metadata = row.text(19);
    message.attachments = row.text(20);
    message.citations = core::citations_from(row.view(21));
    message.feedback = row.text(22);
    return message;
}

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

std::vector<MessageDraft> drafts_of(std::vector<core::Message> messages) {
    std::vector<MessageDraft> drafts;
    drafts.reserve(messages.size());
    for (core::Message& message : messages) drafts.push_back(draft_of(std::move(message)));
    return drafts;
}

void append_message(WriteScope& scope, const MessageDraft& draft) {
    const core::Message& message = draft.message;
    const std::int64_t sequence = place_message(scope.db, draft);
    scope.db.run("INSERT INTO messages (" MESSAGE_COLUMNS
                 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
                 "?19, ?20, ?21, ?22, ?23)",
                 message.id, message.conversation, message.turn, sequence, core::name_of(message.role),
                 draft.blocks, message.created_at, message.model, message.finish_reason,
                 message.usage.prompt_tokens, message.usage.completion_tokens, message.usage.cached_tokens,
                 message.usage.cost, message.event_id, message.pieces, message.replies, message.provider,
                 message.limit_reached, message.usage.estimated, message.metadata, message.attachments,
                 core::text_of(message.citations), message.feedback);
    scope.search.add_message(scope.db.last_insert_key(), draft.text);
}

void take_back(WriteScope& scope, ConversationId conversation, MessageId user_message) {
    const core::Message message = read_user_message(scope.db, conversation, user_message);
    const int hidden = hide_from(scope.db, conversation, message.sequence);
    scope.db.run("UPDATE conversations SET message_count = message_count - ?2 WHERE id = ?1", conversation,
                 hidden);
}

void answer_again(WriteScope& scope, const core::Turn& turn, MessageId user_message) {
    Database& db = scope.db;
    core::Message asked = read_user_message(db, turn.conversation, user_message);
    const int hidden = hide_from(db, turn.conversation, asked.sequence + 1);
    db.run("UPDATE messages SET turn = ?2, replies = replies + 1 WHERE id = ?1", user_message, turn.id);
    const MessageDraft draft = draft_of(std::move(asked));
    db.run(
        "UPDATE conversations SET message_count = message_count - ?2, last_message_preview = ?3, "
        "updated_at = max(updated_at, ?4) WHERE id = ?1",
        turn.conversation, hidden, draft.preview, turn.created_at);
}

void set_feedback(WriteScope& scope, ConversationId conversation, const std::vector<MessageId>& messages,
                  const std::string& feedback) {
    for (const MessageId id : messages) {
        const int changed = scope.db.run(
            "UPDATE messages SET feedback = ?3 WHERE id = ?1 AND conversation = ?2 AND role = 'assistant'",
            id, conversation, feedback);
        if (changed == 0)
            throw Error(ErrorCode::not_found, "There is no reply " + id.text() + " in this conversation.");
    }
}

// Notices are not counted: they may come at any time.
std::optional<core::Message> read_unanswered_message(Database& db, ConversationId id) {
    Rows rows = db.query("SELECT " MESSAGE_COLUMNS
                         " FROM messages WHERE conversation = ?1 AND hidden = 0 "
                         "AND (turn IS NOT NULL OR role IN ('user', 'assistant')) "
                         "ORDER BY sequence DESC LIMIT 1",
                         id);
    if (!rows.next()) return std::nullopt;
    core::Message last = message_at(rows);
    if (!last.turn.is_nil() || last.role != core::Role::user) return std::nullopt;
    return last;
}

void answer_unanswered(WriteScope& scope, const core::Turn& turn) {
    scope.db.run(
        "UPDATE messages SET turn = ?3, replies = replies + 1 WHERE id = ?2 AND conversation = ?1 "
        "AND turn IS NULL",
        turn.conversation, turn.user_message, turn.id);
}

core::Message read_user_message(Database& db, ConversationId conversation, MessageId id) {
    Rows rows =
        db.query("SELECT " MESSAGE_COLUMNS
                 " FROM messages WHERE id = ?1 AND conversation = ?2 AND role = 'user' AND hidden = 0",
                 id, conversation);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such message.");
    return message_at(rows);
}

std::optional<core::Message> read_last_user_message(Database& db, ConversationId id) {
    Rows rows = db.query("SELECT " MESSAGE_COLUMNS
                         " FROM messages WHERE conversation = ?1 AND role = 'user' AND hidden = 0 "
                         "ORDER BY sequence DESC LIMIT 1",
                         id);
    if (!rows.next()) return std::nullopt;
    return message_at(rows);
}

core::Page<core::Message> read_messages(Database& db, ConversationId id, const std::string& after,
                                        int limit) {
    check_limit(limit);
    const std::string list = list_name(id);
    const Place place = after.empty() ? Place{} : read_cursor(list, after);
    // One more than asked for tells whether there is a next page.
    core::Page<core::Message> page;
    page.items = all_of(db.query("SELECT " MESSAGE_COLUMNS
                                 " FROM messages WHERE conversation = ?1 AND sequence > ?2 AND hidden = 0 "
                                 "ORDER BY sequence LIMIT ?3",
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
    return all_of(db.query("SELECT " MESSAGE_COLUMNS
                           " FROM messages WHERE conversation = ?1 AND sequence < ?2 AND hidden = 0 "
                           "ORDER BY sequence DESC LIMIT ?3",
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
