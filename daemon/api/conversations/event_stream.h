#pragma once
// TurnEvents in the conversation API's wire format, and the chat reply that they add up to.

#include <string>
#include <vector>

#include "api/conversations/render.h"
#include "core/events.h"
#include "core/turn_service.h"
#include "http/reply.h"

namespace assistd::api::conversations {

// Sees every event of a turn from its first and keeps what the final reply needs.
class ReplyCollector {
  public:
    void see(const core::TurnEvent& event);
    bool ended() const { return ended_; }
    const core::Turn& turn() const { return turn_; }

    // The chat reply of a completed turn: the final message with what was done on the way.
    Json reply() const;
    // What became of a turn that was not completed; throws nothing.
    Error error() const;

  private:
    bool ended_ = false;
    core::Turn turn_;
    std::shared_ptr<const core::Message> last_message_;
    struct Call {
        std::string id;
        std::string name;
        bool ran = false;
        std::vector<core::ArtifactRef> artifacts = {};
    };
    std::vector<Call> calls_;  // in call order, whichever ends first
};

struct WireEvent {
    std::string name;
    Json data;
};
// `seen` has seen this event and all before it.
WireEvent wire_event(const core::TurnEvent& event, const ReplyCollector& seen);

// The events of a feed after `after`, then live ones, until the turn ends or the client has gone.
http::Reply stream_of(core::TurnHandle handle, std::int64_t after, std::stop_token gone);

}  // namespace assistd::api::conversations
