#include "core/unkept_turn.h"

#include <algorithm>

#include "base/error.h"

namespace assistd::core {
namespace {

// There is nothing to wait for.
Write done() {
    const OneShot<> done;
    done.set();
    return Write(done);
}

}  // namespace

std::vector<Message> UnkeptTurn::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

Write UnkeptTurn::set_first_title(ConversationId, const std::string&) {
    return done();
}

Write UnkeptTurn::append_message(const Message& message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
    return done();
}

Write UnkeptTurn::mark_call_started(TurnId, const std::string&) {
    return done();
}

Write UnkeptTurn::ask_approval(TurnId, const Approval&) {
    return done();
}

Task<Approval> UnkeptTurn::decide_approval(TurnId, std::string call_id, ApprovalState, std::string) {
    throw Error(ErrorCode::not_found, "The call " + call_id + " waits for nobody.");
    co_return Approval();
}

Task<std::vector<Approval>> UnkeptTurn::approvals(TurnId) {
    co_return std::vector<Approval>();
}

// The answer does not wait for the book, and is given also when the store is down; the store logs that.
Write UnkeptTurn::end_turn(const Turn& turn, std::optional<Message> last_message) {
    if (last_message) append_message(*last_message);
    UsageEntry entry;
    entry.owner = turn.owner;
    entry.at = turn.finished_at;
    entry.purpose = "completion";
    entry.provider = turn.answered_provider.empty() ? turn.provider : turn.answered_provider;
    entry.model = turn.answered_provider.empty() ? turn.model : turn.answered_model;
    entry.usage = turn.usage;
    entry.outcome = name_of(turn.state);
    entry.requests = turn.rounds;
    entry.tool_calls = results();
    entry.duration = std::max(turn.finished_at - turn.created_at, {});
    usage_.add(entry);
    return done();
}

Task<std::vector<StoredToolCall>> UnkeptTurn::tool_calls(TurnId) {
    co_return std::vector<StoredToolCall>();
}

std::int64_t UnkeptTurn::results() const {
    const std::lock_guard lock(mutex_);
    return std::ranges::count(messages_, Role::tool, &Message::role);
}

}  // namespace assistd::core
