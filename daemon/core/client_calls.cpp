#include "core/client_calls.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace assistd::core {
namespace {

// One sentence for each that does not fit the calls that wait.
std::vector<FieldError> misfits(const std::vector<ToolCallBlock>& waiting,
                                const std::vector<ClientOutput>& outputs) {
    std::vector<FieldError> wrong;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::string& id = outputs[i].call_id;
        const std::string field = "tool_outputs[" + std::to_string(i) + "].tool_call_id";
        const auto is_it = [&](const auto& one) { return one.call_id == id; };
        if (std::none_of(waiting.begin(), waiting.end(), is_it))
            wrong.push_back({field, "No call with the id \"" + id + "\" waits for a result."});
        else if (std::count_if(outputs.begin(), outputs.begin() + static_cast<std::ptrdiff_t>(i), is_it) > 0)
            wrong.push_back({field, "The call \"" + id + "\" has two results."});
    }
    for (const ToolCallBlock& call : waiting) {
        const bool there = std::any_of(outputs.begin(), outputs.end(),
                                       [&](const ClientOutput& one) { return one.call_id == call.call_id; });
        if (!there)
            wrong.push_back({"tool_outputs", "The result of the call \"" + call.call_id + "\" of " +
                                                 call.name +
                                                 " is missing; the results of all calls are given at once."});
    }
    return wrong;
}

}  // namespace

ClientCalls::Answer ClientCalls::wait_for(std::vector<ToolCallBlock> calls) {
    const std::lock_guard lock(mutex_);
    const Answer answer;
    if (closed_) {
        answer.set(std::nullopt);
        return answer;
    }
    waiting_ = std::move(calls);
    answer_ = answer;
    return answer;
}

void ClientCalls::settled() {
    std::vector<OneShot<>> submitters;
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
        answer_.reset();
        submitters.swap(submitters_);
    }
    for (const OneShot<>& submitter : submitters) submitter.set();
}

std::vector<ToolCallBlock> ClientCalls::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
}

Task<void> ClientCalls::submit(std::vector<ClientOutput> outputs) {
    const OneShot<> stored;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty())
            throw Error(ErrorCode::conflict, "The turn does not wait for the results of any call.");
        std::vector<FieldError> wrong = misfits(waiting_, outputs);
        if (!wrong.empty()) {
            const std::string sentence = wrong.front().message;
            throw Error(ErrorCode::validation, sentence, std::move(wrong));
        }
        waiting_.clear();
        submitters_.push_back(stored);
        answer_->set(std::move(outputs));
    }
    co_await stored.wait();
}

void ClientCalls::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (answer_) answer_->set(std::nullopt);
}

}  // namespace assistd::core
