#pragma once
// In a conversation that is kept, a turn that handed calls out waits for their results, which the client's
// next request brings. A client that did not get the answer sends the same request once more. Used by the
// door, one request at a time.

#include <vector>

#include "api/services.h"
#include "core/client_calls.h"

namespace assistd::api::openai {

// The turn that goes on with the results, and the last of its events that was told before.
struct GoneOn {
    core::TurnHandle turn;
    std::int64_t after = 0;
    bool broke_off = false;  // it has ended since, and without an answer
};

// Gives the results to the turn that waits for them. Those that the newest turn had got already, all the
// same, lead to that turn again. Throws Error{conflict} when neither is so, and Error{validation} for results
// that do not fit the calls that wait.
Task<GoneOn> bring(const Services& services, core::Owner owner, ConversationId conversation,
                   std::vector<core::ClientOutput> outputs);

}  // namespace assistd::api::openai
