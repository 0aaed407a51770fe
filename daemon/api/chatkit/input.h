#pragma once
// What a user says in ChatKit, read and made into the request for a turn.

#include "api/chatkit/items.h"
#include "api/openai/fields.h"
#include "api/services.h"
#include "core/turn_request.h"

namespace assistd::api::chatkit {

struct UserInput {
    std::string text;                      // with tags as their texts; never blank
    std::vector<std::string> attachments;  // ids as the client wrote them
    std::string quoted_text;
    Json inference_options = Json::object();
};

// "input" of the parameters. Throws Error{validation} that names the field.
UserInput read_input(const openai::Fields& params);

// The turn that answers it, in a conversation whose assistant may be the one that the input names as its
// model. Its attachments are the user's. Throws Error{validation | not_found}.
Task<core::TurnRequest> turn_for(const Services& services, core::Owner owner, core::Conversation thread,
                                 UserInput input);
// The same for a message that is answered again.
Task<core::TurnRequest> turn_again(const Services& services, core::Owner owner, core::Conversation thread,
                                   core::Message message);

// The assistant that the input names as its model, if it names one.
std::optional<AssistantId> assistant_named(const UserInput& input);

}  // namespace assistd::api::chatkit
