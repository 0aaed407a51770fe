#pragma once
// The tool calls of one turn: side by side, within the turn's budget, with a person's approval where a tool
// needs it, and taken up again after a restart. Owned by the TurnLoop; used on the turn's strand only.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/approval.h"
#include "core/ports.h"
#include "core/time_limit.h"
#include "core/turn_control.h"
#include "core/turn_record.h"

namespace assistd::core {

class TurnCalls {
  public:
    // All of it outlives this. `made` calls were made before a restart.
    TurnCalls(TurnStore& store, Tools& tools, const Budget& budget, TurnRecord& record, TurnControl& control,
              TimeLimit& limit, int made);

    int made() const { return made_; }
    // The tools that the model was told of; others are not called.
    void offer(std::shared_ptr<const ToolSet> tools) { offered_ = std::move(tools); }

    // Runs the calls of one reply, then waits for the results of those that the client makes itself, unless
    // these end the turn. The results are in call order. Throws Error{cancelled} when the turn was stopped.
    Task<std::vector<MessagePtr>> run(std::vector<ToolCallBlock> calls);
    // After a restart: the calls of stored replies that have no stored result yet.
    Task<std::vector<MessagePtr>> resume();

  private:
    Task<std::vector<MessagePtr>> run_own(std::vector<ToolCallBlock> calls);
    Task<std::vector<MessagePtr>> ask_client(std::vector<ToolCallBlock> calls);
    Task<std::optional<std::vector<ClientOutput>>> client_outputs(std::vector<ToolCallBlock> calls);
    Task<MessagePtr> run_one(ToolCallBlock call, bool within_budget);
    Task<ToolOutcome> execute(ToolCallBlock call);
    Task<GateAnswer> before_it_runs(ToolCallBlock call, std::shared_ptr<const ToolSpec> tool);
    Task<Approval> approval_of(ToolCallBlock call, std::shared_ptr<const ToolSpec> tool);
    ToolOutcome refusal(const Approval& approval) const;
    bool may_run_again(const StoredToolCall& call) const;

    TurnStore& store_;
    Tools& tools_;
    const Budget& budget_;
    TurnRecord& record_;
    TurnControl& control_;
    TimeLimit& limit_;
    int made_;
    std::shared_ptr<const ToolSet> offered_;
    std::map<std::string, Approval> asked_before_;  // the restart
    std::set<std::string> at_gate_;                 // calls that may not run yet
    std::set<std::string> started_;                 // calls that may not run twice
    std::set<std::string> left_waiting_;            // for a person, since the daemon shuts down
};

}  // namespace assistd::core
