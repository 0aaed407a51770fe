#pragma once
// One tools/call while it runs, on a strand of its own: what it tells meanwhile and its end are messages of a
// log, which a client reads as an event stream. Shared by its coroutine, the session and the stream's reader;
// any thread but where said.

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "api/mcp/backend.h"
#include "api/mcp/event_log.h"
#include "api/mcp/open_questions.h"
#include "api/mcp/session.h"
#include "api/mcp/wire.h"

namespace assistd::api::mcp {

// Who calls what, as the door has read it.
struct CallRequest {
    Json id;
    std::shared_ptr<const core::ToolSpec> tool;
    std::string arguments;  // JSON text of an object
    std::string project_id;
    std::string same_call;  // equal for calls that do the same
    core::Owner owner;
    Json progress_token;               // null: no progress is wanted
    std::string log_level;             // empty: no log is wanted
    bool can_elicit = false;           // the client asks its person when told to
    std::shared_ptr<Session> session;  // null: modern
    // Modern: what the person said to a question that this call was answered with before.
    std::optional<std::string> answer;
};

bool is_log_level(std::string_view level);

class Call : public std::enable_shared_from_this<Call> {
  public:
    Call(const Backend& backend, OpenQuestions& questions, std::chrono::seconds patience,
         CallRequest request);

    ~Call();

    // When its reader leaves, and none comes back in time, it is stopped. To be called before there is one.
    void stop_when_left(Executor executor, std::chrono::seconds time_to_come_back);
    // Lets the session cancel it. False when a request of that id runs there already.
    bool enter_session();
    // Begins on a strand of `executor`. To be called once.
    void start(Executor executor);
    void stop() { stop_.request_stop(); }  // nobody waits for an answer
    void stop_with_daemon();               // whoever reads it is still answered
    const std::shared_ptr<EventLog>& log() const { return log_; }

  private:
    void leave_session();
    void left_alone(const Executor& executor, std::chrono::seconds grace);
    Task<void> run();
    Task<Json> result();
    Task<void> keep_client_patient();
    Task<core::GateAnswer> ask(std::shared_ptr<const core::ToolSpec> tool);
    Task<core::GateAnswer> ask_on_stream(std::shared_ptr<const core::ToolSpec> tool);
    core::GateAnswer answered(const core::ToolSpec& tool, const std::string& action) const;
    void tell_progress(const core::ToolProgress& news);
    void tell_log(std::string_view level, const std::string& text);

    const Backend& backend_;
    OpenQuestions& questions_;
    const std::chrono::seconds patience_;  // for a person
    const CallRequest request_;
    const std::string running_as_;  // in the session
    const std::shared_ptr<EventLog> log_ = std::make_shared<EventLog>();
    std::stop_source stop_;
    std::atomic<bool> daemon_stops_{false};
    std::atomic<bool> registered_{false};
    std::optional<Json> question_;  // modern: what the client is to ask before it calls again
    std::optional<boost::asio::steady_timer> heartbeat_;

    std::mutex mutex_;  // for what progress changes, which comes on other threads
    core::ToolProgress latest_;
    double told_ = -1;
    double reports_ = 0;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace assistd::api::mcp
