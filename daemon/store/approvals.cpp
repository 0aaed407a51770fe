#include "store/approvals.h"

#include "base/error.h"

namespace assistd::store {
namespace {

#define APPROVAL_COLUMNS                                                                                    \
    "approvals.call_id, name, arguments, effects, sentence, event_id, state, reason, asked_at, decided_at " \
    "FROM approvals JOIN tool_calls USING (turn, call_id)"

struct Effect {
    std::string_view word;
    bool core::ToolEffects::*flag;
};
constexpr Effect effects[] = {{"reads", &core::ToolEffects::reads},
                              {"writes", &core::ToolEffects::writes},
                              {"network", &core::ToolEffects::network},
                              {"destructive", &core::ToolEffects::destructive},
                              {"idempotent", &core::ToolEffects::idempotent}};

std::string words_of(const core::ToolEffects& of) {
    std::string words;
    for (const Effect& effect : effects)
        if (of.*effect.flag) words.append(words.empty() ? "" : " ").append(effect.word);
    return words;
}

core::ToolEffects effects_in(std::string_view words) {
    core::ToolEffects found;
    for (const Effect& effect : effects)
        found.*effect.flag = words.find(effect.word) != std::string_view::npos;
    return found;
}

core::ApprovalState state_named(std::string_view name) {
    using enum core::ApprovalState;
    for (const core::ApprovalState state : {waiting, allowed, refused})
        if (core::name_of(state) == name) return state;
    return expired;
}

core::Approval approval_at(const Rows& row) {
    core::Approval approval;
    approval.call_id = row.text(0);
    approval.name = row.text(1);
    approval.arguments = row.text(2);
    approval.effects = effects_in(row.view(3));
    approval.sentence = row.text(4);
    approval.event_id = row.integer(5);
    approval.state = state_named(row.view(6));
    approval.reason = row.text(7);
    approval.asked_at = row.time(8);
    approval.decided_at = row.time(9);
    return approval;
}

}  // namespace

void ask_approval(WriteScope& scope, TurnId turn, const core::Approval& approval) {
    scope.db.run(
        "INSERT INTO approvals (turn, call_id, effects, sentence, event_id, state, asked_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        turn, approval.call_id, words_of(approval.effects), approval.sentence, approval.event_id,
        core::name_of(approval.state), approval.asked_at);
}

core::Approval decide_approval(WriteScope& scope, TurnId turn, const std::string& call_id,
                               core::ApprovalState decision, const std::string& reason, Timestamp time) {
    scope.db.run(
        "UPDATE approvals SET state = ?3, reason = ?4, decided_at = ?5 "
        "WHERE turn = ?1 AND call_id = ?2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM tool_calls "
        "WHERE tool_calls.turn = ?1 AND tool_calls.call_id = ?2 AND finished_at = 0)",
        turn, call_id, core::name_of(decision), reason, time);
    Rows rows = scope.db.query(
        "SELECT " APPROVAL_COLUMNS " WHERE approvals.turn = ?1 AND approvals.call_id = ?2", turn, call_id);
    if (!rows.next())
        throw Error(ErrorCode::not_found,
                    "There is no call of that id that waits for a person in this turn.");
    return approval_at(rows);
}

std::vector<core::Approval> read_approvals(Database& db, TurnId turn) {
    Rows rows = db.query("SELECT " APPROVAL_COLUMNS " WHERE approvals.turn = ?1 ORDER BY event_id", turn);
    std::vector<core::Approval> approvals;
    while (rows.next()) approvals.push_back(approval_at(rows));
    return approvals;
}

}  // namespace assistd::store
