#pragma once
// A turn's events as the events of a ChatKit stream (protocol of chatkit-python 1.6): unnamed server-sent
// events of one JSON object each. One stream; used by one coroutine at a time.

#include <optional>
#include <string>
#include <vector>

#include "api/chatkit/items.h"
#include "core/events.h"

namespace assistd::api::chatkit {

std::string frame(const Json& event);
std::string error_frame(const std::string& message, bool allow_retry);
std::string stream_options_frame();
std::string item_done(const Json& item);

class ThreadEvents {
  public:
    ThreadEvents(core::Conversation thread, core::TurnOptionsPtr options, Setting setting);

    // What the event comes to: frames, or nothing.
    std::string see(const core::TurnEvent& event);
    // Nothing more is told in this stream: the turn has ended, or it waits for what the client answers.
    bool over() const { return over_; }
    // It waits: whoever brings the answer goes on with the turn's later events.
    bool waits() const { return waits_; }
    // Follows an event that another stream has told.
    void skip(const core::TurnEvent& event);

  private:
    std::string open_message(MessageId id);
    std::string delta(const core::MessageDelta& piece);
    std::string think(const core::ThoughtDelta& piece);
    std::string close_thoughts();
    std::string complete(const core::Message& message);
    std::string close_message(const core::Message& message);
    std::string open_workflow(const core::Message& message);
    std::string finish_call(const core::ToolCallFinished& result);
    std::string ask(const core::Approval& approval);
    std::string hand_out(const core::ClientCallsRequired& calls);
    std::string tell_update();
    std::string end(const core::Turn& turn);
    core::Message with_id(MessageId id) const;

    core::Conversation thread_;
    const Setting setting_;
    CallFacts facts_;
    std::optional<MessageId> open_;  // the message that is being told
    std::string text_;
    std::optional<MessageId> thinking_;  // the message whose thoughts were told last
    bool are_thoughts_open_ = false;
    std::string thoughts_;
    std::size_t told_thoughts_ = 0;  // bytes of them
    core::Message calling_;          // the last message with calls
    Json tasks_ = Json::array();
    std::vector<core::ToolCallBlock> running_;  // the calls of the workflow that is open
    bool is_updated_ = false;                   // which is not told yet
    bool over_ = false;
    bool waits_ = false;
};

}  // namespace assistd::api::chatkit
