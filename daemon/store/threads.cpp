#include "store/threads.h"

#include "base/error.h"
#include "core/metadata.h"
#include "store/artifacts.h"
#include "store/blocks.h"
#include "store/conversations.h"
#include "store/message_rows.h"
#include "store/messages.h"
#include "store/windows.h"

namespace assistd::store {
namespace {

// What a thread shows: what was said, and nothing that was done.
#define TOLD                                                                                    \
    "(role = 'user' OR (role = 'assistant' AND EXISTS (SELECT 1 FROM json_each(blocks) "        \
    "WHERE json_extract(value, '$.type') = 'image' OR (json_extract(value, '$.type') = 'text' " \
    "AND json_extract(value, '$.text') <> ''))))"

#define SAID "hidden = 0 AND " TOLD

#define THREAD_MESSAGES                                                      \
    "SELECT " MESSAGE_COLUMNS                                                \
    ", coalesce((SELECT json_extract(options, '$.assistant_id') FROM turns " \
    "WHERE turns.id = messages.turn AND options <> ''), '') FROM messages "

core::ThreadMessage thread_message_at(const Rows& row) {
    return {message_at(row), row.text(message_columns)};
}

void check_owner(Database& db, const core::Owner& owner, ConversationId id) {
    Rows rows = db.query("SELECT 1 FROM conversations WHERE id = ?1 AND owner = ?2", id, owner);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such conversation.");
}

// A reply that was given again is no longer in the list of the thread's messages, but the run that gave it
// tells of it still.
core::ThreadMessage read_one(Database& db, ConversationId conversation, MessageId id) {
    Rows rows = db.query(THREAD_MESSAGES "WHERE id = ?1 AND conversation = ?2 AND " TOLD, id, conversation);
    if (!rows.next()) throw Error(ErrorCode::not_found, "There is no such message.");
    return thread_message_at(rows);
}

std::optional<Place> place_of(Database& db, ConversationId conversation, MessageId id) {
    Rows rows = db.query("SELECT sequence, conversation FROM messages WHERE id = ?1", id);
    if (rows.next()) {
        if (rows.uuid(1) != conversation.uuid) return std::nullopt;
        return Place{rows.integer(0), 0};
    }
    if (!made_at(id.uuid)) return std::nullopt;
    Rows before = db.query(
        "SELECT sequence FROM messages WHERE conversation = ?1 AND id < ?2 ORDER BY sequence DESC LIMIT 1",
        conversation, id);
    return Place{before.next() ? before.integer(0) + 1 : 0, 0};
}

#define SAID_BETWEEN \
    THREAD_MESSAGES "WHERE conversation = ?1 AND sequence > ?2 AND sequence < ?3 AND " SAID " ORDER BY "
#define SAID_BY_TURN                                                             \
    THREAD_MESSAGES                                                              \
    "WHERE turn = ?5 AND conversation = ?1 AND sequence > ?2 AND sequence < ?3 " \
    "AND role = 'assistant' AND " TOLD " ORDER BY "

core::Slice<core::ThreadMessage> read_said(Database& db, const core::ThreadMessageQuery& query) {
    check_limit(query.range.limit);
    check_owner(db, query.owner, query.conversation);
    const auto place = [&](MessageId id) { return place_of(db, query.conversation, id); };
    const Window window = window_of(query.range, place);
    const std::int64_t limit = static_cast<std::int64_t>(query.range.limit) + 1;
    std::vector<core::ThreadMessage> messages;
    const auto take = [&](Rows rows) {
        while (rows.next()) messages.push_back(thread_message_at(rows));
    };
    if (!query.turn)
        take(db.query(
            window.from_above ? SAID_BETWEEN "sequence DESC LIMIT ?4" : SAID_BETWEEN "sequence LIMIT ?4",
            query.conversation, window.above.order, window.below.order, limit));
    else
        take(db.query(
            window.from_above ? SAID_BY_TURN "sequence DESC LIMIT ?4" : SAID_BY_TURN "sequence LIMIT ?4",
            query.conversation, window.above.order, window.below.order, limit, *query.turn));
    return slice_of(std::move(messages), query.range.limit, window);
}

std::vector<core::Message> read_from(Database& db, ConversationId conversation, std::optional<MessageId> from,
                                     core::Order order, int at_most) {
    check_limit(at_most);
    const bool rising = order == core::Order::ascending;
    Place first = rising ? Place{} : Place::last();
    if (from) {
        const std::optional<Place> place = place_of(db, conversation, *from);
        if (!place) {
            const std::string sentence = "after names nothing that is in this conversation.";
            throw Error(ErrorCode::validation, sentence, {{"after", sentence}});
        }
        first = *place;
    }
    Rows rows = db.query(rising ? "SELECT " MESSAGE_COLUMNS
                                  " FROM messages WHERE conversation = ?1 AND sequence >= ?2 AND hidden = 0 "
                                  "ORDER BY sequence LIMIT ?3"
                                : "SELECT " MESSAGE_COLUMNS
                                  " FROM messages WHERE conversation = ?1 AND sequence <= ?2 AND hidden = 0 "
                                  "ORDER BY sequence DESC LIMIT ?3",
                         conversation, first.order, static_cast<std::int64_t>(at_most));
    std::vector<core::Message> messages;
    while (rows.next()) messages.push_back(message_at(rows));
    return messages;
}

core::Conversation change_thread(WriteScope& scope, const core::Owner& owner, ConversationId id,
                                 const core::ThreadChange& change, Timestamp time) {
    const core::Conversation before = read_conversation(scope.db, owner, id);
    std::optional<std::string> metadata;
    if (change.metadata) metadata = core::merged_metadata(before.metadata, *change.metadata);
    scope.db.run(
        "UPDATE conversations SET metadata = coalesce(?2, metadata), "
        "tool_resources = coalesce(?3, tool_resources), updated_at = max(updated_at, ?4) WHERE id = ?1",
        id, metadata, change.tool_resources, time);
    return read_conversation(scope.db, owner, id);
}

// The newest text that is left.
std::string preview_of(Database& db, ConversationId id) {
    Rows rows = db.query(
        "SELECT blocks FROM messages WHERE conversation = ?1 AND hidden = 0 ORDER BY sequence DESC", id);
    while (rows.next()) {
        core::Message message;
        message.blocks = blocks_from_json(rows.view(0));
        const MessageDraft draft = draft_of(std::move(message));
        if (!draft.preview.empty()) return draft.preview;
    }
    return "";
}

// Calls of tools must stay with their results, which follow them.
int remove_said(WriteScope& scope, const core::Message& message) {
    std::int64_t key = 0;
    bool is_counted = false;
    {
        Rows rows = scope.db.query("SELECT key, hidden FROM messages WHERE id = ?1", message.id);
        if (rows.next()) {
            key = rows.integer(0);
            is_counted = !rows.flag(1);
        }
    }
    scope.search.remove_message(key, message.text());
    if (message.tool_calls().empty()) {
        scope.db.run("DELETE FROM messages WHERE key = ?1", key);
        return is_counted ? 1 : 0;
    }
    std::vector<core::Block> rest = message.blocks;
    std::erase_if(rest,
                  [](const core::Block& block) { return std::holds_alternative<core::TextBlock>(block); });
    scope.db.run("UPDATE messages SET blocks = ?2 WHERE key = ?1", key, blocks_to_json(rest));
    return 0;
}

void remove_message(WriteScope& scope, const core::Owner& owner, ConversationId conversation, MessageId id,
                    Timestamp time) {
    check_owner(scope.db, owner, conversation);
    const core::ThreadMessage gone = read_one(scope.db, conversation, id);
    const int removed = remove_said(scope, gone.message);
    // It may say what the message said.
    scope.db.run("DELETE FROM summaries WHERE conversation = ?1", conversation);
    scope.db.run(
        "UPDATE conversations SET message_count = message_count - ?2, last_message_preview = ?3, "
        "updated_at = max(updated_at, ?4) WHERE id = ?1",
        conversation, removed, preview_of(scope.db, conversation), time);
}

// The ticket of the files that came loose, and how many conversations went.
struct Removed {
    std::int64_t ticket = 0;
    int count = 0;
};

Removed remove_unused_now(WriteScope& scope, const std::string& door, Timestamp since, int at_most) {
    std::vector<std::pair<core::Owner, ConversationId>> unused;
    {
        Rows rows = scope.db.query(
            "SELECT owner, id FROM conversations WHERE door = ?1 AND door <> '' AND updated_at < ?2 "
            "AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.id AND state = "
            "'running') "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE conversation = conversations.id AND state = 'running') "
            "ORDER BY updated_at LIMIT ?3",
            door, since, at_most);
        while (rows.next()) unused.emplace_back(rows.text(0), ConversationId{rows.uuid(1)});
    }
    Removed removed;
    for (const auto& [owner, id] : unused) {
        removed.ticket = std::max(removed.ticket, remove_conversation(scope, owner, id));
        ++removed.count;
    }
    return removed;
}

}  // namespace

Task<void> SqliteThreads::add(core::Conversation conversation, std::vector<core::Message> messages) {
    auto work = [conversation = std::move(conversation),
                 drafts = drafts_of(std::move(messages))](WriteScope& scope) {
        add_conversation(scope, conversation);
        for (const MessageDraft& draft : drafts) append_message(scope, draft);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::Conversation> SqliteThreads::change(core::Owner owner, ConversationId id,
                                               core::ThreadChange change) {
    auto work = [owner = std::move(owner), id, change = std::move(change), time = now()](WriteScope& scope) {
        return change_thread(scope, owner, id, change, time);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<void> SqliteThreads::append(core::Owner owner, ConversationId id, std::vector<core::Message> messages) {
    auto work = [owner = std::move(owner), id, drafts = drafts_of(std::move(messages))](WriteScope& scope) {
        core::check_takes_messages(read_conversation(scope.db, owner, id));
        for (const MessageDraft& draft : drafts) append_message(scope, draft);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<core::Slice<core::ThreadMessage>> SqliteThreads::messages(core::ThreadMessageQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_said(db, query); });
}

Task<std::vector<core::Message>> SqliteThreads::messages_from(core::Owner owner, ConversationId conversation,
                                                              std::optional<MessageId> from,
                                                              core::Order order, int at_most) {
    return readers_.read([owner = std::move(owner), conversation, from, order, at_most](Database& db) {
        check_owner(db, owner, conversation);
        return read_from(db, conversation, from, order, at_most);
    });
}

Task<core::Slice<core::Conversation>> SqliteThreads::list(core::Owner owner,
                                                          core::ListRange<ConversationId> range) {
    return readers_.read(
        [owner = std::move(owner), range](Database& db) { return list_conversations(db, owner, range); });
}

Task<core::ThreadMessage> SqliteThreads::message(core::Owner owner, ConversationId conversation,
                                                 MessageId id) {
    return readers_.read([owner = std::move(owner), conversation, id](Database& db) {
        check_owner(db, owner, conversation);
        return read_one(db, conversation, id);
    });
}

Task<core::ThreadMessage> SqliteThreads::change_message(core::Owner owner, ConversationId conversation,
                                                        MessageId id, std::string metadata_patch) {
    auto work = [owner = std::move(owner), conversation, id,
                 patch = std::move(metadata_patch)](WriteScope& scope) {
        check_owner(scope.db, owner, conversation);
        const core::ThreadMessage before = read_one(scope.db, conversation, id);
        scope.db.run("UPDATE messages SET metadata = ?2 WHERE id = ?1", id,
                     core::merged_metadata(before.message.metadata, patch));
        return read_one(scope.db, conversation, id);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<void> SqliteThreads::remove_message(core::Owner owner, ConversationId conversation, MessageId id) {
    auto work = [owner = std::move(owner), conversation, id, time = now()](WriteScope& scope) {
        store::remove_message(scope, owner, conversation, id, time);
    };
    return result_of(writer_.submit(std::move(work)));
}

Task<int> SqliteThreads::remove_unused(std::string door, Timestamp since, int at_most) {
    auto work = [door = std::move(door), since, at_most](WriteScope& scope) {
        return remove_unused_now(scope, door, since, at_most);
    };
    const auto done = writer_.submit(std::move(work));
    const Removed removed = co_await done.wait();
    if (removed.count > 0) co_await sweep(writer_, files_, removed.ticket);
    co_return removed.count;
}

}  // namespace assistd::store
