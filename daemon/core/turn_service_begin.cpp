// Which turns begin, and how they are stored as they do.

#include "core/turn_service.h"

#include "base/error.h"

namespace assistd::core {

void TurnService::refuse_while_draining() const {
    const std::lock_guard guard(mutex_);
    throw_when_draining();
}

void TurnService::throw_when_draining() const {
    if (draining_)
        throw Error(ErrorCode::unavailable, "The daemon is shutting down.")
            .with_retry_after(std::chrono::seconds(5));
}

void TurnService::count_refusal(const Error& error) const {
    if (error.code() == ErrorCode::rate_limited)
        services_.meters->turn_refused(TurnRefusal::at_once);
    else if (error.code() == ErrorCode::unavailable)
        services_.meters->turn_refused(TurnRefusal::overload);
}

std::shared_ptr<TurnSlots::Place> TurnService::enter(const Asker& asker) {
    try {
        return std::make_shared<TurnSlots::Place>(services_.slots->enter(asker));
    } catch (const Error& error) {
        count_refusal(error);
        throw;
    }
}

Task<TurnSlots::Place> TurnService::admit(Asker asker, std::shared_ptr<TurnSlots::Place> given) {
    if (!given) given = enter(asker);
    TurnSlots::Place place = std::move(*given);
    if (!services_.spending) co_return place;
    try {
        co_await services_.spending->check(asker);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::rate_limited) services_.meters->turn_refused(TurnRefusal::day);
        throw;
    }
    co_return place;
}

Task<void> TurnService::begin_place(TurnSlots::Place& place, std::stop_token gone) {
    try {
        co_await place.begin(std::move(gone));
    } catch (const Error& error) {
        count_refusal(error);
        throw;
    }
}

// The model is asked while the disk is at work. Nobody learns of the turn before it is stored: its id and its
// feed are known here alone.
Task<TurnHandle> TurnService::begin(Prepared prepared) {
    Task<TurnBegun> stored = services_.store.begin_turn(prepared.turn, prepared.messages.front());
    const OneShot<> known;
    const Live live = launch(std::move(prepared), Write(known));
    try {
        co_await std::move(stored);
    } catch (...) {
        live.control->stop(StopCause::not_stored);
        // An exception of its own: each is looked at on another thread.
        known.fail(std::make_exception_ptr(Error(ErrorCode::unavailable, "The turn could not be stored.")));
        throw;
    }
    known.set();
    co_return live.handle;
}

// With a key: another one may have begun the same turn.
Task<TurnHandle> TurnService::begin_once(Prepared prepared) {
    const TurnBegun begun = co_await services_.store.begin_turn(prepared.turn, prepared.messages.front());
    if (!begun.is_new) co_return co_await find(prepared.turn.owner, begun.turn.id);
    co_return launch(std::move(prepared), std::nullopt).handle;
}

Task<TurnHandle> TurnService::begin_again(Prepared prepared) {
    const Owner owner = prepared.turn.owner;
    const TurnBegun begun =
        co_await services_.store.begin_turn_again(prepared.turn, prepared.turn.user_message);
    if (!begun.is_new) co_return co_await find(owner, begun.turn.id);
    // The conversation as it is without the message and what had answered it.
    services_.contexts.forget(prepared.conversation.id);
    prepared.conversation = co_await services_.store.conversation(owner, prepared.conversation.id);
    --prepared.conversation.message_count;
    co_return launch(std::move(prepared), std::nullopt).handle;
}

// The conversation went another way from one of its messages on.
Task<TurnHandle> TurnService::begin_instead(Prepared prepared, MessageId instead_of) {
    const Owner owner = prepared.turn.owner;
    const TurnBegun begun =
        co_await services_.store.begin_turn(prepared.turn, prepared.messages.front(), instead_of);
    if (!begun.is_new) co_return co_await find(owner, begun.turn.id);
    services_.contexts.forget(prepared.conversation.id);
    prepared.conversation = co_await services_.store.conversation(owner, prepared.conversation.id);
    --prepared.conversation.message_count;
    co_return launch(std::move(prepared), std::nullopt).handle;
}

// What the user said last becomes the turn's own; what was said before it is history like any other.
Task<TurnHandle> TurnService::begin_as_it_stands(Prepared prepared, std::vector<Message> said) {
    const Owner owner = prepared.turn.owner;
    const auto added = static_cast<std::int64_t>(said.size());
    const TurnBegun begun = co_await services_.store.begin_turn_as_it_stands(prepared.turn, std::move(said));
    if (!begun.is_new) co_return co_await find(owner, begun.turn.id);
    prepared.conversation.message_count += added - static_cast<std::int64_t>(prepared.messages.size());
    co_return launch(std::move(prepared), std::nullopt).handle;
}

}  // namespace assistd::core
