#pragma once
// A turn's events as the thread.* events of a run. One step and one message are open at a time, everything is
// told once, and texts are told in pieces that add up: what clients' accumulators count on. One stream; used
// by one coroutine at a time.

#include <optional>
#include <string>
#include <vector>

#include "api/assistants/run_objects.h"
#include "core/events.h"

namespace assistd::api::assistants {

// "event: NAME\ndata: …\n\n".
std::string event_frame(const std::string& name, const Json& data);
// As its clients read it: {"error": {…}} with the same fields beside it.
std::string error_frame(const Error& error);
std::string done_frame();

class RunEvents {
  public:
    // With `resumed`, the turn waited for its client and goes on: it begins with the end of that step, the
    // calls of which have these results now.
    RunEvents(core::Turn turn, StepIncludes includes, std::optional<Step> resumed = std::nullopt);

    // What comes before the first event of the turn.
    std::string begin();
    std::string see(const core::TurnEvent& event);
    // The run has ended or waits for the client, and everything is told.
    bool over() const { return over_; }

  private:
    std::string run(const std::string& status, const RunState& state = {}) const;
    std::string step(const std::string& event) const;
    std::string open_message(MessageId id);
    std::string delta(const core::MessageDelta& piece);
    std::string complete(const core::Message& message);
    std::string close_message(const core::Message& message);
    std::string open_calls(const core::Message& message);
    std::string finish_call(const core::ToolCallFinished& result);
    std::string end(const core::Turn& turn);
    Json message_object(const std::string& status, core::Message message) const;

    core::Turn turn_;
    const StepIncludes includes_;
    std::optional<Step> step_;  // that is open
    bool message_open_ = false;
    Timestamp message_begun_;
    std::string text_;
    bool over_ = false;
};

}  // namespace assistd::api::assistants
