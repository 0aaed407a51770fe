#include "core/conversation.h"

#include "base/error.h"

namespace assistd::core {

void check_takes_messages(const Conversation& conversation) {
    if (conversation.state == ConversationState::open) return;
    std::string sentence = "This conversation is " + std::string(name_of(conversation.state));
    sentence += conversation.state_reason.empty() ? "." : ": " + conversation.state_reason;
    throw Error(ErrorCode::conflict, sentence);
}

}  // namespace assistd::core
