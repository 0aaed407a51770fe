#pragma once
// What a door asks for when it begins a turn, and the turn and message that come of it. Values and pure
// functions.

#include <stop_token>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "core/asker.h"
#include "core/message.h"
#include "core/turn.h"
#include "core/turn_options.h"
#include "core/turn_slots.h"

namespace assistd::core {

struct TurnRequest {
    Owner owner;
    CameBy by = {};  // for limits
    // Given by TurnService::enter() when the request came; null: it is asked for one now.
    std::shared_ptr<TurnSlots::Place> place = nullptr;
    ConversationId conversation;
    std::string content;
    std::vector<Artifact> attachments;
    std::string project_id;
    std::string idempotency_key;  // empty: none
    // Answers the last user message once more instead: content, attachments and project are that message's.
    bool again = false;
    // Answers what was said in the conversation since its last answer instead: there is no content, but
    // `said`, messages of no turn, is put behind what is there first, in the turn's own commit.
    bool as_it_stands = false;
    std::vector<Message> said = {};
    // Not nil: what was said from this message of the user's on is taken back and hidden, and the content is
    // said instead. With `again`, the message itself stays and is answered once more.
    MessageId back_to;
    // Which model answers; empty: as the conversation says.
    std::string provider;
    std::string model;
    TurnOptionsPtr options = usual_options();
    bool unattended = false;  // as in TurnOptions, whatever an assistant's settings are
    std::string metadata = "{}";
    std::string message_metadata = "{}";  // of the user's message
    std::string request_id = {};          // for the log
    bool wait = true;      // for a turn that runs in this conversation; otherwise Error{conflict}
    std::stop_token gone;  // the client left while it waited
};

// A turn of which nothing is kept: the whole history comes with it.
struct UnkeptRequest {
    Owner owner;
    CameBy by = {};                                     // for limits
    std::shared_ptr<TurnSlots::Place> place = nullptr;  // as in TurnRequest
    std::string provider;                               // empty: the configured default
    std::string model;
    TurnOptionsPtr options = usual_options();
    std::vector<Message> messages;  // oldest first
    std::string request_id = {};    // for the log
};

// Notices that one idempotency key is used for two different requests; no more.
std::string hash_of(const TurnRequest& request);
Turn turn_of(const TurnRequest& request, const std::string& hash);
Message user_message_of(const TurnRequest& request, TurnId turn);

}  // namespace assistd::core
