#pragma once
// A conversation as a thread: what was said in it, whether a turn said it or a client put it there, and no
// tool calls. Values, and the port that the store implements; any thread. What is another owner's is
// Error{not_found}, as is what does not exist.

#include <string>
#include <vector>

#include "base/async.h"
#include "core/conversation.h"
#include "core/listing.h"
#include "core/message.h"

namespace assistd::core {

// The doors that begin conversations which are removed when nobody uses them, as the store names them.
inline constexpr const char* assistants_door = "assistants";
inline constexpr const char* chatkit_door = "chatkit";
inline constexpr const char* chatkit_sessions_door = "chatkit_sessions";

struct ThreadMessage {
    Message message;
    std::string assistant_id;  // of the turn that it belongs to; empty: none
};

struct ThreadMessageQuery {
    Owner owner;
    ConversationId conversation;
    std::optional<TurnId> turn = {};  // only what this one said
    ListRange<MessageId> range = {};
};

struct ThreadChange {
    std::optional<std::string> metadata = {};  // merged (metadata.h)
    std::optional<std::string> tool_resources = {};
};

class Threads {
  public:
    virtual ~Threads() = default;

    // The conversation with its first messages, all or nothing.
    virtual Task<void> add(Conversation conversation, std::vector<Message> messages) = 0;
    virtual Task<Conversation> change(Owner owner, ConversationId id, ThreadChange change) = 0;

    // Messages of no turn, in this order behind what is there, all or nothing.
    virtual Task<void> append(Owner owner, ConversationId id, std::vector<Message> messages) = 0;
    virtual Task<Slice<ThreadMessage>> messages(ThreadMessageQuery query) = 0;
    // Every message that is shown, tools' and notices too, from `from` on, which is the first of them; none:
    // from the list's beginning. Throws Error{validation} that names "after" when it is not in the
    // conversation.
    virtual Task<std::vector<Message>> messages_from(Owner owner, ConversationId conversation,
                                                     std::optional<MessageId> from, Order order,
                                                     int at_most) = 0;
    // All conversations of the owner, by creation.
    virtual Task<Slice<Conversation>> list(Owner owner, ListRange<ConversationId> range) = 0;
    virtual Task<ThreadMessage> message(Owner owner, ConversationId conversation, MessageId id) = 0;
    virtual Task<ThreadMessage> change_message(Owner owner, ConversationId conversation, MessageId id,
                                               std::string metadata_patch) = 0;
    // What a message says goes; calls of tools that it makes as well stay with their results. No turn may be
    // running, and what is kept in memory of the conversation must be forgotten.
    virtual Task<void> remove_message(Owner owner, ConversationId conversation, MessageId id) = 0;

    // Conversations of a door that nothing has changed since, the longest unused first, at most so many, and
    // none in which something runs. Returns how many there were.
    virtual Task<int> remove_unused(std::string door, Timestamp since, int at_most) = 0;
};

}  // namespace assistd::core
