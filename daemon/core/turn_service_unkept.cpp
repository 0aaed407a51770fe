// Turns of which nothing is kept, and what clients bring to turns that wait for them.

#include "core/turn_service.h"

#include "base/error.h"
#include "core/turn_beginning.h"

namespace assistd::core {

// Refused here rather than in the turn, so that the asker is told before a stream begins.
Task<UnkeptHandle> TurnService::answer_unkept(UnkeptRequest request) {
    refuse_while_draining();
    const Beginning beginning(*this);
    Turn turn;
    turn.id = TurnId::make();
    turn.owner = std::move(request.owner);
    turn.created_at = now();
    turn.options = std::move(request.options);
    turn.provider = std::move(request.provider);
    turn.model = std::move(request.model);
    Conversation nowhere;
    nowhere.owner = turn.owner;
    co_await check(turn, nowhere, nullptr);
    std::vector<MessagePtr> own;
    for (Message& message : request.messages)
        own.push_back(std::make_shared<const Message>(std::move(message)));
    const auto told = std::make_shared<UnkeptTurn>(services_.usage);
    const Live live = launch(std::move(turn), std::move(nowhere), std::move(own),
                             std::make_shared<TurnFeed>(), {}, std::nullopt, told);
    co_return UnkeptHandle{live.handle, told};
}

void TurnService::stop(const TurnHandle& handle) {
    const Turn& turn = *handle.turn;
    if (const auto running = live(turn.owner, turn.id)) running->control->stop(StopCause::user);
}

Task<void> TurnService::submit(Owner owner, TurnId id, std::vector<ClientOutput> outputs) {
    const auto running = live(owner, id);
    if (!running) {
        co_await services_.store.turn(std::move(owner), id);  // not found for everybody else
        throw Error(ErrorCode::conflict, "The turn has ended; it waits for nothing.");
    }
    co_await running->control->client_calls().submit(std::move(outputs));
}

std::vector<ToolCallBlock> TurnService::client_calls(const Owner& owner, TurnId id) const {
    const auto running = live(owner, id);
    return running ? running->control->client_calls().waiting() : std::vector<ToolCallBlock>();
}

std::optional<TurnId> TurnService::running_in(const Owner& owner, ConversationId id) const {
    const std::lock_guard guard(mutex_);
    for (const auto& [turn, live] : live_)
        if (live.handle.turn->conversation == id && live.handle.turn->owner == owner) return turn;
    return std::nullopt;
}

}  // namespace assistd::core
