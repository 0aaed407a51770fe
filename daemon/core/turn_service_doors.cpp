// What doors ask of turns besides beginning and telling them: turns of which nothing is kept, turns that
// answer a conversation as it stands, turns of assistants, results that clients bring, and what keeps turns
// from beginning.

#include "core/turn_service.h"

#include <algorithm>

#include "base/error.h"
#include "core/assistant_options.h"
#include "core/turn_beginning.h"

namespace assistd::core {

// Refused here rather than in the turn, so that the asker is told before a stream begins.
Task<UnkeptHandle> TurnService::answer_unkept(UnkeptRequest request) {
    refuse_while_draining();
    const Asker asker{request.owner, request.by};
    TurnSlots::Place place = co_await admit(asker, std::move(request.place));
    co_await begin_place(place, {});
    refuse_shut_out(request.owner);
    const Beginning beginning(*this);
    Turn turn;
    turn.id = TurnId::make();
    turn.owner = std::move(request.owner);
    turn.created_at = now();
    turn.options = std::move(request.options);
    turn.provider = std::move(request.provider);
    turn.model = std::move(request.model);
    turn.request_id = std::move(request.request_id);
    Conversation nowhere;
    nowhere.owner = turn.owner;
    co_await check(turn, nowhere, nullptr);
    std::vector<MessagePtr> own;
    for (Message& message : request.messages)
        own.push_back(std::make_shared<const Message>(std::move(message)));
    const auto told = std::make_shared<UnkeptTurn>(services_.usage);
    const Live live = launch(std::move(turn), std::move(nowhere), std::move(own),
                             std::make_shared<TurnFeed>(), {}, std::move(place), std::nullopt, told);
    co_return UnkeptHandle{live.handle, told};
}

Task<TurnHandle> TurnService::start_in(ConversationLocks::Lock& held, TurnRequest request) {
    refuse_while_draining();
    const std::string hash = hash_of(request);
    const Asker asker{request.owner, request.by};
    TurnSlots::Place place = co_await admit(asker, std::move(request.place));
    co_return co_await start_locked(held, std::move(place), std::move(request), hash);
}

void TurnService::stop(const TurnHandle& handle) {
    const Turn& turn = *handle.turn;
    if (const auto running = live(turn.owner, turn.id)) running->control->stop(StopCause::user);
}

// A conversation's assistant answers in it, unless the door says how it is to be answered. Functions of a
// client are left out: nobody is there to call them. One that was deleted since is no assistant.
Task<void> TurnService::take_assistant(Turn& turn, const Conversation& conversation) {
    const auto id = AssistantId::parse(conversation.assistant_id);
    if (!id || !services_.assistants) co_return;
    std::optional<Assistant> assistant;
    try {
        assistant = co_await services_.assistants->find(turn.owner, *id);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    if (!assistant) co_return;
    TurnOptions options = options_of(*assistant, *services_.tools.offered_to(turn.owner));
    options.client_tools.clear();
    take_vector_stores(conversation.tool_resources, options);
    settle_search(options);
    turn.options = std::make_shared<const TurnOptions>(std::move(options));
    if (turn.model.empty() && turn.provider.empty()) turn.model = assistant->model;
}

bool TurnService::is_stopping(const Owner& owner, TurnId id) const {
    const auto running = live(owner, id);
    return running && running->control->token().stop_requested();
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

bool TurnService::keeps_any_of(const Owner& owner) const {
    const std::lock_guard guard(mutex_);
    return live_kept_.contains(owner);
}

Task<ConversationLocks::Lock> TurnService::hold(ConversationId id, std::stop_token gone) {
    return locks_.lock(id, false, std::move(gone));
}

void TurnService::end_all_of(const Owner& owner, const std::string& why) {
    std::vector<Live> running;
    {
        const std::lock_guard guard(mutex_);
        for (const auto& [id, live] : live_)
            if (live.handle.turn->owner == owner) running.push_back(live);
    }
    for (const Live& live : running) live.control->stop(StopCause::shut_out, why);
}

void TurnService::refuse_shut_out(const Owner& owner) const {
    const std::string why = why_shut_out(services_.shut_out, owner);
    if (!why.empty()) throw Error(ErrorCode::forbidden, why);
}

void TurnService::forget(ConversationId id) {
    services_.contexts.forget(id);
}

}  // namespace assistd::core
