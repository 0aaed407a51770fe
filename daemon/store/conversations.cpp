#include "store/conversations.h"

#include <fmt/format.h>

#include "base/error.h"
#include "core/titles.h"
#include "store/artifact_rows.h"
#include "store/blocks.h"
#include "store/listed.h"
#include "store/messages.h"
#include "store/projects.h"
#include "store/search_hits.h"
#include "store/windows.h"

namespace assistd::store {
namespace {

#define CONVERSATION_COLUMNS                                                                             \
    "key, id, owner, project_id, title, provider, model, assistant_id, metadata, archived, created_at, " \
    "updated_at, "                                                                                       \
    "message_count, last_message_preview, title_source, title_is_news, door, tool_resources, state, "    \
    "state_reason"

core::TitleSource source_named(std::string_view name) {
    for (const core::TitleSource source :
         {core::TitleSource::first_message, core::TitleSource::model, core::TitleSource::user})
        if (core::name_of(source) == name) return source;
    return core::TitleSource::none;
}

core::ConversationState state_named(std::string_view name) {
    for (const core::ConversationState state :
         {core::ConversationState::locked, core::ConversationState::closed})
        if (core::name_of(state) == name) return state;
    return core::ConversationState::open;
}

// As the column has it.
std::string_view text_of(core::ConversationState state) {
    return state == core::ConversationState::open ? std::string_view() : core::name_of(state);
}

core::Conversation conversation_at(const Rows& row) {
    core::Conversation conversation;
    conversation.id = {row.uuid(1)};
    conversation.owner = row.text(2);
    conversation.project_id = row.text(3);
    conversation.title = row.text(4);
    conversation.provider = row.text(5);
    conversation.model = row.text(6);
    conversation.assistant_id = row.text(7);
    conversation.metadata = row.text(8);
    conversation.archived = row.flag(9);
    conversation.created_at = row.time(10);
    conversation.updated_at = row.time(11);
    conversation.message_count = row.integer(12);
    conversation.last_message_preview = row.text(13);
    conversation.title_source = source_named(row.view(14));
    conversation.title_is_news = row.flag(15);
    conversation.door = row.text(16);
    conversation.tool_resources = row.text(17);
    conversation.state = state_named(row.view(18));
    conversation.state_reason = row.text(19);
    return conversation;
}

// What the index must know of a conversation that is changed or goes.
struct Titled {
    std::int64_t key = 0;
    std::string title;
};

Titled find_titled(Database& db, const core::Owner& owner, ConversationId id) {
    Rows rows = db.query("SELECT key, title FROM conversations WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such conversation.");
    return {rows.integer(0), rows.text(1)};
}

Listed<core::Conversation> list_all(Database& db, const core::ConversationQuery& query, Place before) {
    return collect(db.query("SELECT " CONVERSATION_COLUMNS
                            " FROM conversations WHERE owner = ?1 AND (updated_at, key) < (?2, ?3) "
                            "AND (?4 IS NULL OR project_id = ?4) AND (?5 IS NULL OR archived = ?5) "
                            "AND (?7 IS NULL OR door = ?7) ORDER BY updated_at DESC, key DESC LIMIT ?6",
                            query.owner, before.order, before.key, query.project_id, query.archived,
                            static_cast<std::int64_t>(query.limit) + 1, query.door),
                   conversation_at);
}

Listed<core::Conversation> list_matching(Database& db, const core::ConversationQuery& query, Place before,
                                         const std::string& words) {
    return collect(db.query("SELECT " CONVERSATION_COLUMNS
                            " FROM conversations WHERE owner = ?1 AND (updated_at, key) < (?2, ?3) "
                            "AND (?4 IS NULL OR project_id = ?4) AND (?5 IS NULL OR archived = ?5) "
                            "AND (?8 IS NULL OR door = ?8) "
                            "AND (key IN (SELECT rowid FROM title_search WHERE title_search MATCH ?7) "
                            "OR id IN (SELECT conversation FROM messages WHERE hidden = 0 AND key IN "
                            "(SELECT rowid FROM message_search WHERE message_search MATCH ?7))) "
                            "ORDER BY updated_at DESC, key DESC LIMIT ?6",
                            query.owner, before.order, before.key, query.project_id, query.archived,
                            static_cast<std::int64_t>(query.limit) + 1, words, query.door),
                   conversation_at);
}

std::string first_said(Database& db, ConversationId id) {
    Rows rows = db.query(
        "SELECT blocks FROM messages WHERE conversation = ?1 AND role = 'user' AND hidden = 0 "
        "ORDER BY sequence LIMIT 1",
        id);
    if (!rows.next()) return {};
    core::Message message;
    message.blocks = blocks_from_json(rows.view(0));
    const std::string text = message.text();
    return text.empty() ? text : core::title_from(text);
}

std::string list_name(const core::ConversationQuery& query) {
    return fmt::format("conversations|{}|{}|{}|{}|{}", query.owner, query.door ? "=" + *query.door : "",
                       query.project_id ? "=" + *query.project_id : "",
                       query.archived ? (*query.archived ? "archived" : "open") : "", query.search);
}

}  // namespace

void add_conversation(WriteScope& scope, const core::Conversation& conversation) {
    const core::TitleSource titled_by =
        conversation.title.empty() ? core::TitleSource::none : core::TitleSource::user;
    scope.db.run(
        "INSERT INTO conversations (id, owner, project_id, title, provider, model, assistant_id, metadata, "
        "archived, created_at, updated_at, title_source, door, tool_resources) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        conversation.id, conversation.owner,
        project_if_there(scope.db, conversation.owner, conversation.project_id), conversation.title,
        conversation.provider, conversation.model, conversation.assistant_id, conversation.metadata,
        conversation.archived, conversation.created_at,
        std::max(conversation.created_at, conversation.updated_at), core::name_of(titled_by),
        conversation.door, conversation.tool_resources);
    scope.search.add_title(scope.db.last_insert_key(), conversation.title);
}

core::Conversation change_conversation(WriteScope& scope, const core::Owner& owner, ConversationId id,
                                       const core::ConversationChange& change, Timestamp time) {
    const Titled old = find_titled(scope.db, owner, id);
    std::optional<std::string> project = change.project_id;
    if (project) project = project_if_there(scope.db, owner, *project);
    std::optional<std::string_view> state;
    if (change.state) state = text_of(*change.state);
    std::optional<std::string_view> titled_by;
    // A title that was taken away is nobody's: the next turn gives one again.
    if (change.title)
        titled_by = core::name_of(change.title->empty() ? core::TitleSource::none : core::TitleSource::user);
    scope.db.run(
        "UPDATE conversations SET title = coalesce(?2, title), metadata = coalesce(?3, metadata), "
        "provider = coalesce(?4, provider), model = coalesce(?5, model), archived = coalesce(?6, archived), "
        "project_id = coalesce(?8, project_id), title_source = coalesce(?9, title_source), "
        "state = coalesce(?10, state), state_reason = coalesce(?11, state_reason), "
        "title_is_news = CASE WHEN ?9 IS NULL THEN title_is_news ELSE 0 END, "
        "updated_at = max(updated_at, ?7) WHERE key = ?1",
        old.key, change.title, change.metadata, change.provider, change.model, change.archived, time, project,
        titled_by, state, change.state_reason);
    if (change.title && *change.title != old.title) {
        scope.search.remove_title(old.key, old.title);
        scope.search.add_title(old.key, *change.title);
    }
    return read_conversation(scope.db, owner, id);
}

void set_first_title(WriteScope& scope, ConversationId id, const std::string& title) {
    Rows rows = scope.db.query(
        "UPDATE conversations SET title = ?2, title_source = 'first_message' WHERE id = ?1 AND title = '' "
        "RETURNING key",
        id, title);
    if (rows.next()) scope.search.add_title(rows.integer(0), title);
}

void set_model_title(WriteScope& scope, ConversationId id, const std::string& title) {
    Titled old;
    {
        Rows rows = scope.db.query(
            "SELECT key, title FROM conversations WHERE id = ?1 AND title_source IN ('', 'first_message')",
            id);
        if (!rows.next()) return;
        old = {rows.integer(0), rows.text(1)};
    }
    const bool is_new = !title.empty() && title != old.title;
    scope.db.run(
        "UPDATE conversations SET title = ?2, title_source = 'model', title_is_news = ?3 WHERE key = ?1",
        old.key, is_new ? title : old.title, is_new);
    if (!is_new) return;
    scope.search.remove_title(old.key, old.title);
    scope.search.add_title(old.key, title);
}

std::int64_t remove_conversation(WriteScope& scope, const core::Owner& owner, ConversationId id) {
    const Titled gone = find_titled(scope.db, owner, id);
    unindex_messages(scope, id);
    scope.search.remove_title(gone.key, gone.title);
    const std::int64_t ticket = loosen_files_of(scope.db, id);
    // Messages refer to turns too, so they go first; turns, calls, jobs and artifacts follow the
    // conversation.
    scope.db.run("DELETE FROM messages WHERE conversation = ?1", id);
    scope.db.run("DELETE FROM conversations WHERE key = ?1", gone.key);
    return ticket;
}

core::Conversation read_conversation(Database& db, const core::Owner& owner, ConversationId id) {
    Rows rows = db.query("SELECT " CONVERSATION_COLUMNS " FROM conversations WHERE id = ?1 AND owner = ?2",
                         id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such conversation.");
    return conversation_at(rows);
}

std::optional<core::Conversation> find_conversation(Database& db, std::int64_t key) {
    Rows rows = db.query("SELECT " CONVERSATION_COLUMNS " FROM conversations WHERE key = ?1", key);
    if (!rows.next()) return std::nullopt;
    return conversation_at(rows);
}

core::Slice<core::Conversation> list_conversations(Database& db, const core::Owner& owner,
                                                   const core::ListRange<ConversationId>& range) {
    check_limit(range.limit);
    const auto place = [&](ConversationId id) -> std::optional<Place> {
        Rows rows = db.query("SELECT key FROM conversations WHERE id = ?1 AND owner = ?2", id, owner);
        if (!rows.next()) return std::nullopt;
        return Place{rows.integer(0), 0};
    };
    const Window window = window_of(range, place);
#define OWNED_BETWEEN                                                       \
    "SELECT " CONVERSATION_COLUMNS                                          \
    " FROM conversations WHERE owner = ?1 AND key > ?2 AND key < ?3 ORDER " \
    "BY "
    Rows rows =
        db.query(window.from_above ? OWNED_BETWEEN "key DESC LIMIT ?4" : OWNED_BETWEEN "key LIMIT ?4", owner,
                 window.above.order, window.below.order, static_cast<std::int64_t>(range.limit) + 1);
    std::vector<core::Conversation> found;
    while (rows.next()) found.push_back(conversation_at(rows));
    return slice_of(std::move(found), range.limit, window);
}

core::Page<core::Conversation> read_conversations(Database& db, const core::ConversationQuery& query) {
    check_limit(query.limit);
    const std::string list = list_name(query);
    const Place before = query.cursor.empty() ? Place::last() : read_cursor(list, query.cursor);
    const std::string words = fts_query(query.search);
    if (!query.search.empty() && words.empty()) return {};  // nothing that could be found
    Listed<core::Conversation> listed =
        words.empty() ? list_all(db, query, before) : list_matching(db, query, before, words);
    for (core::Conversation& conversation : listed.items)
        if (conversation.title.empty()) conversation.first_message_preview = first_said(db, conversation.id);
    if (!words.empty()) add_hits(db, listed, words);
    return page_of(std::move(listed), query.limit, list);
}

}  // namespace assistd::store
