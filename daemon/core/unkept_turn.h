#pragma once
// The store of a turn of which nothing is kept: the asker brings the whole history along and keeps the
// answer. What it spent is booked all the same. Owned by the turn and whoever asked; any thread.

#include <mutex>
#include <vector>

#include "core/ports.h"

namespace assistd::core {

class UnkeptTurn : public TurnStore {
  public:
    explicit UnkeptTurn(UsageBook& usage) : usage_(usage) {}

    // What the turn has said and learnt so far, in the order in which it came.
    std::vector<Message> messages() const;

    Write set_first_title(ConversationId, const std::string&) override;
    Write append_message(const Message& message) override;
    Write mark_call_started(TurnId, const std::string&) override;
    Write ask_approval(TurnId, const Approval&) override;
    Task<Approval> decide_approval(TurnId, std::string, ApprovalState, std::string) override;
    Task<std::vector<Approval>> approvals(TurnId) override;
    Write end_turn(const Turn& turn, std::optional<Message> last_message) override;
    Task<std::vector<StoredToolCall>> tool_calls(TurnId) override;

  private:
    std::int64_t results() const;  // how many calls of tools have been answered

    UsageBook& usage_;
    mutable std::mutex mutex_;
    std::vector<Message> messages_;
};

}  // namespace assistd::core
