#include "core/turn_request.h"

#include "core/attachments.h"

namespace assistd::core {

// FNV-1a.
std::string hash_of(const TurnRequest& request) {
    std::uint64_t hash = 14695981039346656037ULL;
    const auto mix = [&hash](std::string_view text) {
        for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ULL;
        hash = (hash ^ 0xFF) * 1099511628211ULL;
    };
    mix(request.conversation.text());
    mix(request.content);
    mix(request.project_id);
    if (request.again) mix("again");
    if (request.as_it_stands) mix("as it stands");
    if (!request.back_to.is_nil()) mix("back to " + request.back_to.text());
    for (const Message& message : request.said) mix(message.text());
    if (!request.model.empty()) mix("by " + request.provider + ":" + request.model);
    if (request.options != usual_options()) mix(text_of(*request.options));
    for (const Artifact& attachment : request.attachments) mix(attachment.handle);
    return std::to_string(hash);
}

Message user_message_of(const TurnRequest& request, TurnId turn) {
    Message message;
    message.id = MessageId::make();
    message.conversation = request.conversation;
    message.turn = turn;
    message.role = Role::user;
    message.blocks.push_back(TextBlock{request.content});
    attach(message, request.attachments);
    message.created_at = now();
    message.metadata = request.message_metadata;
    return message;
}

Turn turn_of(const TurnRequest& request, const std::string& hash) {
    Turn turn;
    turn.id = TurnId::make();
    turn.conversation = request.conversation;
    turn.owner = request.owner;
    turn.project_id = request.project_id;
    turn.idempotency_key = request.idempotency_key;
    turn.request_hash = hash;
    turn.options = request.options;
    turn.metadata = request.metadata;
    turn.request_id = request.request_id;
    turn.created_at = now();
    return turn;
}

}  // namespace assistd::core
