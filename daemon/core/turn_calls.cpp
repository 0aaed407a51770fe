#include "core/turn_calls.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "base/error.h"
#include "core/tool_outcomes.h"

namespace assistd::core {
namespace {

ToolOutcome nobody_to_ask(const std::string& tool) {
    ToolOutcome outcome =
        failed_outcome(ToolErrorType::PermissionError,
                       tool +
                           " needs a person's approval, and nobody can be asked where this request came "
                           "from; ask for it again "
                           "where somebody can answer, as in the page or in assistctl chat.",
                       false);
    outcome.refusal = CallRefusal::unanswered;
    return outcome;
}

}  // namespace

TurnCalls::TurnCalls(TurnStore& store, Tools& tools, const Budget& budget, TurnRecord& record,
                     TurnControl& control, TimeLimit& limit, int made)
    : store_(store),
      tools_(tools),
      budget_(budget),
      record_(record),
      control_(control),
      limit_(limit),
      made_(made) {}

Task<std::vector<MessagePtr>> TurnCalls::run(std::vector<ToolCallBlock> calls) {
    const TurnOptions& options = *record_.turn().options;
    std::vector<ToolCallBlock> own;
    std::vector<ToolCallBlock> of_client;
    std::vector<std::string> order;
    for (ToolCallBlock& call : calls) {
        order.push_back(call.call_id);
        (options.is_client_tool(call.name) ? of_client : own).push_back(std::move(call));
    }
    std::vector<MessagePtr> results = co_await run_own(std::move(own));
    if (of_client.empty() || options.client_calls_end_it) co_return results;
    const std::vector<MessagePtr> brought = co_await ask_client(std::move(of_client));
    results.insert(results.end(), brought.begin(), brought.end());
    const auto place = [&order](const MessagePtr& result) {
        const auto& block = std::get<ToolResultBlock>(result->blocks.front());
        return std::find(order.begin(), order.end(), block.call_id);
    };
    std::sort(results.begin(), results.end(),
              [&](const MessagePtr& a, const MessagePtr& b) { return place(a) < place(b); });
    co_return results;
}

// As the client gave it: a text that is no result of ours.
Task<std::vector<MessagePtr>> TurnCalls::ask_client(std::vector<ToolCallBlock> calls) {
    made_ += static_cast<int>(calls.size());
    const std::optional<std::vector<ClientOutput>> outputs = co_await client_outputs(calls);
    // Whoever brought them, or tries to now, is not left waiting, whatever becomes of the turn.
    struct Settled {
        ClientCalls& calls;
        ~Settled() { calls.settled(); }
    } const settled{control_.client_calls()};
    if (!outputs) throw Error(ErrorCode::cancelled, "The turn does not wait for its client any longer.");
    std::vector<MessagePtr> results;
    for (const ToolCallBlock& call : calls) {
        const auto output = std::find_if(outputs->begin(), outputs->end(), [&](const ClientOutput& one) {
            return one.call_id == call.call_id;
        });
        ToolOutcome outcome;
        outcome.success = true;
        outcome.body = output->output;
        results.push_back(record_.result(call, outcome));
    }
    co_await record_.committed();
    co_return results;
}

// Nothing when the turn was stopped, its time is over or the daemon shuts down; the control says which.
Task<std::optional<std::vector<ClientOutput>>> TurnCalls::client_outputs(std::vector<ToolCallBlock> calls) {
    // Not before: whoever sees that the calls wait may look at what is stored of them, and finds them waiting
    // again after a crash.
    co_await record_.committed();
    const ClientCalls::Answer answer = control_.client_calls().wait_for(calls);
    record_.waits_for(calls);

    const TimeLimit::Pause pause(limit_);
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer patience(here, budget_.approval_timeout);
    if (const Timestamp end = record_.turn().options->expires_at; end != Timestamp())
        patience.expires_after(std::max(end - now(), std::chrono::microseconds(0)));
    bool is_over = false;
    patience.async_wait([&is_over, answer](const boost::system::error_code& error) {
        if (!error && answer.set(std::nullopt)) is_over = true;
    });
    const std::stop_callback on_stop(control_.token(), [answer] { answer.set(std::nullopt); });
    std::optional<std::vector<ClientOutput>> outputs = co_await answer.wait();
    patience.cancel();
    if (is_over)
        control_.stop(StopCause::expired);
    else if (!outputs && !control_.token().stop_requested())
        control_.stop(StopCause::shutdown);
    co_return outputs;
}

Task<std::vector<MessagePtr>> TurnCalls::run_own(std::vector<ToolCallBlock> calls) {
    const int most = budget_.max_tool_calls;
    std::vector<Task<MessagePtr>> running;
    for (ToolCallBlock& call : calls) {
        const bool within_budget = ++made_ <= most || most == 0;
        running.push_back(run_one(std::move(call), within_budget));
    }
    std::vector<MessagePtr> results;
    std::exception_ptr error;
    try {
        results = co_await when_all(std::move(running));
    } catch (...) {
        error = std::current_exception();
    }
    // The others had the time that a shutdown leaves; from here on the turn waits for the restart.
    if (!left_waiting_.empty()) control_.stop(StopCause::shutdown);
    if (error) std::rethrow_exception(error);
    if (control_.token().stop_requested()) throw Error(ErrorCode::cancelled, "The turn was stopped.");
    co_return results;
}

Task<std::vector<MessagePtr>> TurnCalls::resume() {
    std::vector<StoredToolCall> open = co_await store_.tool_calls(record_.turn().id);
    std::erase_if(open, [](const StoredToolCall& call) { return call.finished; });
    const std::vector<Approval> asked = co_await store_.approvals(record_.turn().id);
    for (const Approval& approval : asked) asked_before_.emplace(approval.call_id, approval);
    std::vector<ToolCallBlock> again;
    for (const StoredToolCall& call : open)
        if (may_run_again(call)) again.push_back({call.call_id, call.name, call.arguments});
    const std::vector<MessagePtr> ran = co_await run(std::move(again));
    auto result = ran.begin();
    std::vector<MessagePtr> results;
    for (const StoredToolCall& call : open) {
        const ToolCallBlock block{call.call_id, call.name, call.arguments};
        if (may_run_again(call)) {
            results.push_back(*result++);
        } else if (!call.job.is_nil()) {
            // Only its result was not stored; the job goes on by itself.
            results.push_back(record_.result(block, running_outcome(call.name, call.job, 0)));
        } else {
            const ToolOutcome unknown = failed_outcome(ToolErrorType::InternalError,
                                                       "The daemon was restarted while this call ran, and it "
                                                       "may not simply run again: its outcome is unknown.",
                                                       false);
            results.push_back(record_.result(block, unknown));
        }
    }
    co_return results;
}

bool TurnCalls::may_run_again(const StoredToolCall& call) const {
    if (!call.job.is_nil()) return false;
    if (!call.started) return true;
    const auto tools = tools_.all();
    const ToolSpec* tool = tools->find(call.name);
    return tool && tool->effects.idempotent;
}

Task<MessagePtr> TurnCalls::run_one(ToolCallBlock call, bool within_budget) {
    ToolOutcome outcome;
    if (within_budget) {
        outcome = co_await execute(call);
    } else {
        outcome = failed_outcome(
            ToolErrorType::QuotaExceededError,
            "The turn's budget of " + std::to_string(budget_.max_tool_calls) + " tool calls is used up.",
            false);
    }
    // A shutdown is no result: the call is taken up again after the restart.
    if (control_.cause() == StopCause::shutdown || left_waiting_.contains(call.call_id))
        throw Error(ErrorCode::cancelled, "The daemon is shutting down.");
    MessagePtr result = record_.result(call, outcome);
    if (started_.contains(call.call_id)) co_await record_.committed();
    co_return result;
}

Task<ToolOutcome> TurnCalls::execute(ToolCallBlock call) {
    const bool is_limited = record_.turn().options->tools && offered_;
    if (is_limited && !offered_->find(call.name) && !offered_->find_waiting(call.name))
        co_return failed_outcome(ToolErrorType::ToolNotFoundError,
                                 "There is no tool " + call.name + " in this conversation.", false);
    ToolCall request;
    request.call_id = call.call_id;
    request.name = call.name;
    // What the model was told of the tool is what is to be called.
    const ToolSpec* told = offered_ ? offered_->find(call.name) : nullptr;
    if (told) request.plugin = told->plugin;
    request.arguments = call.arguments;
    request.owner = record_.turn().owner;
    request.project_id = record_.turn().project_id;
    request.conversation = record_.turn().conversation;
    request.turn = record_.turn().id;
    const TurnOptions& options = *record_.turn().options;
    request.search = {options.vector_stores, options.search_results, options.search_threshold,
                      record_.search_number(call)};
    request.stop = control_.token();
    request.gate = [this, call](std::shared_ptr<const ToolSpec> tool) {
        return before_it_runs(call, std::move(tool));
    };
    const ProgressSink progress = record_.progress_of(call);
    try {
        co_return co_await tools_.execute(std::move(request), progress);
    } catch (const Error& error) {
        // What cannot be stored before a call is no result of the call.
        if (at_gate_.contains(call.call_id)) throw;
        co_return failed_outcome(ToolErrorType::InternalError, error.what(), true);
    }
}

// What is left to do when every check has passed: a person's word, and the mark that the tool may have had
// effects.
Task<GateAnswer> TurnCalls::before_it_runs(ToolCallBlock call, std::shared_ptr<const ToolSpec> tool) {
    GateAnswer answer;
    at_gate_.insert(call.call_id);
    if (tool->needs_approval && record_.turn().options->unattended) {
        at_gate_.erase(call.call_id);
        answer.refusal = nobody_to_ask(call.name);
        co_return answer;
    }
    if (tool->needs_approval || asked_before_.contains(call.call_id)) {
        const Approval approval = co_await approval_of(call, tool);
        answer.by_person =
            approval.state == ApprovalState::allowed || approval.state == ApprovalState::refused;
        if (approval.state != ApprovalState::allowed) {
            at_gate_.erase(call.call_id);
            answer.refusal = refusal(approval);
            co_return answer;
        }
    }
    if (!tool->effects.idempotent) {
        started_.insert(call.call_id);
        record_.call_starts(call);
        co_await record_.committed();
    }
    at_gate_.erase(call.call_id);
    co_return answer;
}

// Returns it still waiting when nobody will decide any more.
Task<Approval> TurnCalls::approval_of(ToolCallBlock call, std::shared_ptr<const ToolSpec> tool) {
    Approval approval;
    const auto before = asked_before_.find(call.call_id);
    if (before != asked_before_.end()) approval = before->second;
    if (approval.state != ApprovalState::waiting) co_return approval;

    const TurnApprovals::Decision decision = control_.approvals().wait_for(call.call_id);
    if (before == asked_before_.end()) approval = record_.asks(call, *tool);
    co_await record_.committed();
    if (before != asked_before_.end()) {
        // A person may have decided after this turn had read what was asked, and before anybody waited here.
        const std::vector<Approval> stored = co_await store_.approvals(record_.turn().id);
        for (const Approval& one : stored)
            if (one.call_id == call.call_id && one.state != ApprovalState::waiting) co_return one;
    }

    const TimeLimit::Pause pause(limit_);
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer patience(here, budget_.approval_timeout);
    if (const Timestamp end = record_.turn().options->expires_at; end != Timestamp())
        patience.expires_after(std::clamp<std::chrono::microseconds>(
            end - now(), std::chrono::microseconds(0), budget_.approval_timeout));
    bool is_over = false;
    patience.async_wait([&is_over, decision](const boost::system::error_code& error) {
        if (!error && decision.set(std::nullopt)) is_over = true;
    });
    const std::stop_callback on_stop(control_.token(), [decision] { decision.set(std::nullopt); });
    const std::optional<Approval> decided = co_await decision.wait();
    patience.cancel();
    if (decided) co_return *decided;
    if (is_over) {
        // A person may have decided at this moment: the first decision counts.
        co_return co_await store_.decide_approval(record_.turn().id, call.call_id, ApprovalState::expired,
                                                  {});
    }
    if (!control_.token().stop_requested()) left_waiting_.insert(call.call_id);
    co_return approval;
}

ToolOutcome TurnCalls::refusal(const Approval& approval) const {
    ToolOutcome outcome;
    switch (approval.state) {
        case ApprovalState::refused:
            outcome =
                failed_outcome(ToolErrorType::PermissionError,
                               "A person refused this call of " + approval.name +
                                   (approval.reason.empty() ? "." : ", with this reason: " + approval.reason),
                               false);
            outcome.refusal = CallRefusal::person;
            return outcome;
        case ApprovalState::expired:
            outcome =
                failed_outcome(ToolErrorType::PermissionError,
                               "Nobody decided within " + std::to_string(budget_.approval_timeout.count()) +
                                   " s whether " + approval.name + " may run, which counts as a refusal.",
                               false);
            outcome.refusal = CallRefusal::unanswered;
            return outcome;
        default:
            break;
    }
    return failed_outcome(ToolErrorType::CancelledError,
                          approval.name + " was cancelled while it waited for a person's approval.", true);
}

}  // namespace assistd::core
