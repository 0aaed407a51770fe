#include "core/turn_approvals.h"

namespace assistd::core {

TurnApprovals::Decision TurnApprovals::wait_for(const std::string& call_id) {
    Decision decision;
    const std::lock_guard lock(mutex_);
    if (closed_)
        decision.set(std::nullopt);
    else
        waiting_.insert_or_assign(call_id, decision);
    return decision;
}

void TurnApprovals::decided(const Approval& approval) {
    std::optional<Decision> decision;
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiting_.find(approval.call_id);
        if (found == waiting_.end()) return;
        decision = found->second;
        waiting_.erase(found);
    }
    decision->set(approval);
}

void TurnApprovals::close() {
    std::map<std::string, Decision> waiting;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        waiting.swap(waiting_);
    }
    for (const auto& [call, decision] : waiting) decision.set(std::nullopt);
}

}  // namespace assistd::core
