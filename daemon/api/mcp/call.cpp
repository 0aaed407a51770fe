#include "api/mcp/call.h"

#include <algorithm>
#include <array>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>

#include "api/mcp/call_result.h"
#include "api/mcp/server_info.h"
#include "base/activity.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/logging.h"
#include "core/project_check.h"
#include "core/tool_outcomes.h"

namespace assistd::api::mcp {
namespace {

using core::ToolErrorType;

// Clients give up after a minute of silence, if told nothing else.
constexpr auto longest_silence = std::chrono::seconds(10);
// Of progress: how often it is told, and how much of it at once.
constexpr double per_second = 20;

constexpr std::array<std::string_view, 8> levels = {"debug", "info",     "notice", "warning",
                                                    "error", "critical", "alert",  "emergency"};

core::GateAnswer refuse(const std::string& sentence, core::CallRefusal why) {
    core::GateAnswer answer;
    answer.by_person = why == core::CallRefusal::person;
    answer.refusal = core::failed_outcome(ToolErrorType::PermissionError, sentence, false);
    answer.refusal->refusal = why;
    return answer;
}

Json question_params(const core::ToolSpec& tool, const std::string& arguments) {
    const std::string title = tool.title.empty() ? tool.name : tool.title;
    const std::string message = "May the tool \"" + title + "\" (" + tool.name + ") run? " +
                                tool.description + " Arguments: " + arguments.substr(0, 2'000);
    Json schema = {{"type", "object"}};
    schema["properties"] = Json::object();
    Json params = {{"mode", "form"}, {"message", message}};
    params["requestedSchema"] = std::move(schema);
    return params;
}

Task<void> hold(std::shared_ptr<Call>, Task<void> work) {
    co_await std::move(work);
}

}  // namespace

bool is_log_level(std::string_view level) {
    return std::find(levels.begin(), levels.end(), level) != levels.end();
}

Call::Call(const Backend& backend, OpenQuestions& questions, std::chrono::seconds patience,
           CallRequest request)
    : backend_(backend),
      questions_(questions),
      patience_(patience),
      request_(std::move(request)),
      running_as_(to_text(request_.id)) {}

Call::~Call() {
    log_->end();
    leave_session();
}

bool Call::enter_session() {
    registered_ = request_.session && request_.session->begin(running_as_, stop_);
    return registered_;
}

// Once: another request may have the id by now.
void Call::leave_session() {
    if (registered_.exchange(false)) request_.session->finish(running_as_);
}

void Call::stop_with_daemon() {
    daemon_stops_ = true;
    stop();
}

void Call::stop_when_left(Executor executor, std::chrono::seconds time_to_come_back) {
    log_->when_left([weak = weak_from_this(), executor, time_to_come_back] {
        if (const auto self = weak.lock()) self->left_alone(executor, time_to_come_back);
    });
}

void Call::start(Executor executor) {
    const Executor strand = continuing(asio::make_strand(std::move(executor)));
    asio::co_spawn(strand, hold(shared_from_this(), run()), asio::detached);
}

void Call::left_alone(const Executor& executor, std::chrono::seconds grace) {
    if (grace.count() == 0) return stop();
    const auto timer = std::make_shared<asio::steady_timer>(executor, grace);
    timer->async_wait([weak = weak_from_this(), timer](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!error && self && !self->log_->is_read()) self->stop();
    });
}

Task<void> Call::run() {
    const Executor here = co_await asio::this_coro::executor;
    if (!request_.progress_token.is_null()) {
        heartbeat_.emplace(here);
        asio::co_spawn(here, hold(shared_from_this(), keep_client_patient()), asio::detached);
    }
    Json message;
    try {
        Json result = co_await this->result();
        if (!request_.session) result = modern_result(std::move(result));
        message = result_message(request_.id, std::move(result));
    } catch (const std::exception& error) {
        log::error("a call over MCP failed tool={} error={}", request_.tool->name, error.what());
        const RpcError failure(code::internal_error, "The call failed inside the daemon; its log says why.");
        message = error_message(request_.id, failure);
    }
    leave_session();
    // Who cancelled it does not wait for an answer.
    if (!stop_.stop_requested() || daemon_stops_) log_->push(to_text(message));
    log_->end();
    if (heartbeat_) heartbeat_->cancel();
}

Task<Json> Call::result() {
    core::ToolCall call;
    call.call_id = "call_" + Uuid::make().hex();
    call.name = request_.tool->name;
    call.arguments = request_.arguments;
    call.owner = request_.owner;
    call.project_id = request_.project_id;
    call.caller_waits = true;
    call.stop = stop_.get_token();
    call.gate = [this](std::shared_ptr<const core::ToolSpec> tool) { return ask(std::move(tool)); };
    const core::ProgressSink progress = [this](const core::ToolProgress& news) { tell_progress(news); };
    std::optional<core::ToolOutcome> outcome;
    std::string trouble;
    try {
        const std::optional<std::string> problem =
            co_await core::problem_with_project(backend_.projects, call.owner, call.project_id);
        if (problem) co_return failed_result(*problem);
        tell_log("info", call.name + " begins.");
        outcome = co_await backend_.tools.execute(std::move(call), progress);
    } catch (const Error& error) {
        trouble = error.what();
    }
    if (!outcome) co_return failed_result(trouble);
    if (question_) co_return std::move(*question_);
    tell_log(outcome->success ? "info" : "error",
             outcome->success ? request_.tool->name + " has ended." : outcome->summary);
    co_return co_await call_result(backend_, request_.owner, request_.tool, std::move(*outcome));
}

Task<void> Call::keep_client_patient() {
    while (!log_->ended()) {
        heartbeat_->expires_after(longest_silence);
        boost::system::error_code problem;
        co_await heartbeat_->async_wait(asio::redirect_error(asio::use_awaitable, problem));
        if (problem) co_return;
        core::ToolProgress same;
        {
            const std::lock_guard lock(mutex_);
            same = latest_;
        }
        tell_progress(same);
    }
}

// In percent. Each report must be above the one before, also when nothing has changed.
void Call::tell_progress(const core::ToolProgress& news) {
    Json params;
    bool is_new_note = false;
    {
        const std::lock_guard lock(mutex_);
        is_new_note = !news.note.empty() && news.note != latest_.note;
        latest_ = news;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
        if (reports_ >= per_second * (1 + passed.count())) return;
        ++reports_;
        told_ = std::max(news.fraction * 100, told_ < 0 ? 0 : told_ + 0.0001);
        params = {{"progressToken", request_.progress_token}, {"progress", told_}};
        if (told_ <= 100) params["total"] = 100;
    }
    if (!news.note.empty()) params["message"] = news.note;
    if (!request_.progress_token.is_null())
        log_->push(to_text(notification("notifications/progress", std::move(params))));
    if (is_new_note) tell_log("info", news.note);
}

void Call::tell_log(std::string_view level, const std::string& text) {
    const auto wanted = std::find(levels.begin(), levels.end(), request_.log_level);
    if (wanted == levels.end() || std::find(levels.begin(), levels.end(), level) < wanted) return;
    Json params = {{"level", level}, {"logger", request_.tool->name}, {"data", text}};
    log_->push(to_text(notification("notifications/message", std::move(params))));
}

Task<core::GateAnswer> Call::ask(std::shared_ptr<const core::ToolSpec> tool) {
    core::GateAnswer answer;
    if (!tool->needs_approval) co_return answer;
    if (request_.answer) co_return answered(*tool, *request_.answer);
    if (!request_.can_elicit) {
        const std::string sentence =
            tool->name +
            " needs a person's approval, and this client cannot ask its person (it announced no "
            "elicitation). A person can run it with \"assistctl tools run " +
            tool->name + "\" or POST /api/v1/ai/tools/" + tool->name +
            "/execute; a rule under policy or tools." + tool->name +
            ".approval: never in the daemon's configuration lets it run unasked.";
        co_return refuse(sentence, core::CallRefusal::unanswered);
    }
    if (request_.session) co_return co_await ask_on_stream(tool);
    const Json asked = {{"method", "elicitation/create"},
                        {"params", question_params(*tool, request_.arguments)}};
    Json question = {{"resultType", "input_required"}};
    question["inputRequests"]["approval"] = asked;
    question["requestState"] = questions_.ask(request_.owner, request_.same_call);
    question_ = std::move(question);
    co_return refuse("A person is asked whether " + tool->name + " may run.", core::CallRefusal::unanswered);
}

Task<core::GateAnswer> Call::ask_on_stream(std::shared_ptr<const core::ToolSpec> tool) {
    const Session::Question question = request_.session->ask();
    log_->push(
        to_text(mcp::request(question.id, "elicitation/create", question_params(*tool, request_.arguments))));
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer patience(here, patience_);
    patience.async_wait([answer = question.answer](const boost::system::error_code& error) {
        if (!error) answer.set(std::nullopt);
    });
    const std::stop_callback on_stop(stop_.get_token(),
                                     [answer = question.answer] { answer.set(std::nullopt); });
    const std::optional<Json> reply = co_await question.answer.wait();
    patience.cancel();
    request_.session->forget(question.id);
    if (reply) {
        const Json& action = member(*reply, "action");
        co_return answered(*tool, action.is_string() ? action.get<std::string>() : "");
    }
    log_->push(to_text(notification("notifications/cancelled", {{"requestId", question.id}})));
    if (!stop_.stop_requested()) co_return answered(*tool, "");
    core::GateAnswer answer;
    answer.refusal =
        core::failed_outcome(ToolErrorType::CancelledError,
                             tool->name + " was cancelled while it waited for a person's approval.", true);
    co_return answer;
}

core::GateAnswer Call::answered(const core::ToolSpec& tool, const std::string& action) const {
    core::GateAnswer answer;
    answer.by_person = true;
    if (action == "accept") return answer;
    if (action == "decline")
        return refuse("A person refused this call of " + tool.name + ".", core::CallRefusal::person);
    return refuse("Nobody said whether " + tool.name + " may run, which counts as a refusal.",
                  core::CallRefusal::unanswered);
}

}  // namespace assistd::api::mcp
