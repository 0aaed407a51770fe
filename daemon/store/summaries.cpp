#include "store/summaries.h"

namespace assistd::store {

void put_summary(WriteScope& scope, const core::Summary& summary) {
    scope.db.run(
        "INSERT OR REPLACE INTO summaries (conversation, upto_turn, text, created_at) "
        "SELECT id, ?2, ?3, ?4 FROM conversations WHERE id = ?1",
        summary.conversation, summary.upto, summary.text, summary.created_at);
}

std::optional<core::Summary> read_summary(Database& db, ConversationId id) {
    Rows rows = db.query("SELECT upto_turn, text, created_at FROM summaries WHERE conversation = ?1", id);
    if (!rows.next()) return std::nullopt;
    return core::Summary{id, {rows.uuid(0)}, rows.text(1), rows.time(2)};
}

}  // namespace assistd::store
