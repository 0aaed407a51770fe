#include "store/search_hits.h"

#include <algorithm>

#include "store/blocks.h"
#include "store/excerpts.h"

namespace assistd::store {
namespace {

// For SQL: a list cannot be bound.
std::string as_json(const std::vector<std::int64_t>& keys) {
    std::string json = "[";
    for (const std::int64_t key : keys) json += (json.size() > 1 ? "," : "") + std::to_string(key);
    return json + "]";
}

}  // namespace

void add_hits(Database& db, Listed<core::Conversation>& found, const std::string& words) {
    if (found.items.empty()) return;
    Excerpts excerpts;
    const std::string keys = as_json(found.keys);
    // Beside max() stand the columns of the row that has it.
    Rows rows = db.query(
        "SELECT conversation, id, blocks, max(sequence) FROM messages WHERE hidden = 0 AND conversation IN "
        "(SELECT id FROM conversations WHERE key IN (SELECT value FROM json_each(?1))) AND key IN "
        "(SELECT rowid FROM message_search WHERE message_search MATCH ?2) GROUP BY conversation",
        keys, words);
    while (rows.next()) {
        const ConversationId id{rows.uuid(0)};
        const auto conversation = std::find_if(found.items.begin(), found.items.end(),
                                               [&](const core::Conversation& one) { return one.id == id; });
        if (conversation == found.items.end()) continue;
        core::Message message;
        message.blocks = blocks_from_json(rows.view(2));
        conversation->hit = {{rows.uuid(1)}, excerpts.of(message.text(), words)};
    }
}

}  // namespace assistd::store
