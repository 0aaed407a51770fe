#pragma once
// The "messages" of a chat completion as messages of the core. Pure functions.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/openai/fields.h"
#include "core/message.h"

namespace assistd::api::openai {

// What stands between what a model says before it runs a tool and what it says afterwards.
inline constexpr std::string_view between_messages = "\n\n";

struct ChatMessages {
    std::string instructions;             // the system and developer messages at the beginning
    std::vector<core::Message> messages;  // the others, oldest first; those of the same kind stay apart
};

// What a turn of ours said and learnt around the calls that it handed out to the client, by the id of one of
// them; empty: that is not known (any more).
using HandedOut = std::function<std::vector<core::Message>(const std::string& call_id)>;

// Throws Error{validation} that names the field. `handed_out` may be null.
ChatMessages read_chat_messages(const Fields& body, const HandedOut& handed_out);

}  // namespace assistd::api::openai
