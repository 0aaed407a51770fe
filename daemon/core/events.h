#pragma once
// The one story that the core tells: what happens in a turn, in order. Every door writes these events in its
// own wire format and adds nothing. Immutable once emitted; shared between threads as pointers to const.

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/approval.h"
#include "core/message.h"
#include "core/tool.h"
#include "core/turn.h"

namespace assistd::core {

struct TurnStarted {
    MessageId user_message;
    std::string provider;
    std::string model;
};
struct MessageDelta {
    MessageId message;
    std::string text;  // whole code points only
};
// What the model thinks before it speaks. Thoughts of an attempt that came to nothing may be among them: the
// completed message has those that count.
struct ThoughtDelta {
    MessageId message;
    std::string text;  // whole code points only
};
struct ToolCallStarted {
    std::string call_id;
    std::string name;
    std::string arguments;
};
// The call waits until a person has decided, or for so long that it counts as refused.
struct ApprovalRequired {
    std::shared_ptr<const Approval> approval;
};
// All else is done: the turn goes on when the client has brought the results of these calls.
struct ClientCallsRequired {
    std::vector<ToolCallBlock> calls;
};
struct ToolCallProgress {
    std::string call_id;
    std::string name;
    double fraction = 0;
    std::string note;
};
struct ToolCallFinished {
    std::string call_id;
    std::string name;
    bool success = false;
    std::string summary;
    std::vector<ArtifactRef> artifacts;
    std::string job;         // the job's id in text when it goes on in the background, else empty
    std::string error_type;  // a ToolErrorType's name when it failed, else empty
    std::shared_ptr<const std::string> content;  // the whole result, as the model sees it
};
// An assistant message is complete and stored; one without tool calls is the turn's reply.
struct MessageCompleted {
    std::shared_ptr<const Message> message;
};
struct TitleUpdated {
    std::string title;
};
// The turn's last event, whatever became of it.
struct TurnEnded {
    std::shared_ptr<const Turn> turn;
};

// Small, since nearly all events are pieces of text.
using TurnEventBody = std::variant<TurnStarted, MessageDelta, ToolCallStarted, ToolCallProgress,
                                   ToolCallFinished, MessageCompleted, TitleUpdated, TurnEnded,
                                   ApprovalRequired, ClientCallsRequired, ThoughtDelta>;

struct TurnEvent {
    std::int64_t id = 0;  // counts up within the turn; gaps are possible after a restart
    TurnEventBody body;
};
using TurnEventPtr = std::shared_ptr<const TurnEvent>;

}  // namespace assistd::core
