#include "api/openai/brought_results.h"

#include <algorithm>

#include "base/error.h"

namespace assistd::api::openai {
namespace {

bool is_waiting_for(const std::vector<core::ToolCallBlock>& calls,
                    const std::vector<core::ClientOutput>& outputs) {
    return std::any_of(calls.begin(), calls.end(), [&](const core::ToolCallBlock& call) {
        return std::any_of(outputs.begin(), outputs.end(),
                           [&](const core::ClientOutput& one) { return one.call_id == call.call_id; });
    });
}

// The event that told the last of these results to be stored, or 0 while the turn has not got all of them.
// Throws Error{conflict} for a result that differs.
std::int64_t last_event_of(const std::vector<core::TurnEventPtr>& events,
                           const std::vector<core::ClientOutput>& outputs) {
    std::size_t known = 0;
    std::int64_t last = 0;
    for (const core::TurnEventPtr& event : events) {
        const auto* result = std::get_if<core::ToolCallFinished>(&event->body);
        if (!result) continue;
        const auto output = std::find_if(outputs.begin(), outputs.end(), [&](const core::ClientOutput& one) {
            return one.call_id == result->call_id;
        });
        if (output == outputs.end()) continue;
        if (output->output != *result->content)
            throw Error(ErrorCode::conflict, "The call " + output->call_id +
                                                 " has another result already; results cannot change.");
        ++known;
        last = event->id;
    }
    return known == outputs.size() ? last : 0;
}

Error nobody_waits() {
    return {ErrorCode::conflict, "No turn of this conversation waits for results of tools."};
}

Task<GoneOn> brought_before(const Services& services, core::Owner owner, ConversationId conversation,
                            std::vector<core::ClientOutput> outputs) {
    core::ListRange<TurnId> newest;
    newest.limit = 1;
    const core::Slice<core::Turn> turns = co_await services.store.turns(owner, conversation, newest);
    if (turns.items.empty()) throw nobody_waits();
    GoneOn on;
    on.turn = co_await services.turns.find(owner, turns.items.front().id);
    std::vector<core::TurnEventPtr> events = on.turn.feed->so_far();
    // They may be on their way to the store by the request before.
    for (;;) {
        on.after = last_event_of(events, outputs);
        if (on.after > 0) {
            const auto* end = std::get_if<core::TurnEnded>(&events.back()->body);
            on.broke_off = end && end->turn->state != core::TurnState::completed;
            co_return on;
        }
        const std::int64_t seen = events.empty() ? 0 : events.back()->id;
        if (!services.turns.client_calls(owner, on.turn.turn->id).empty()) throw nobody_waits();
        const std::vector<core::TurnEventPtr> more = co_await on.turn.feed->next(seen, {});
        if (more.empty()) throw nobody_waits();
        events.insert(events.end(), more.begin(), more.end());
    }
}

}  // namespace

Task<GoneOn> bring(const Services& services, core::Owner owner, ConversationId conversation,
                   std::vector<core::ClientOutput> outputs) {
    const std::optional<TurnId> running = services.turns.running_in(owner, conversation);
    if (running && is_waiting_for(services.turns.client_calls(owner, *running), outputs)) {
        GoneOn on;
        on.turn = co_await services.turns.find(owner, *running);
        on.after = on.turn.feed->so_far().back()->id;
        bool is_late = false;
        try {
            co_await services.turns.submit(owner, *running, outputs);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::conflict) throw;
            is_late = true;  // the same request came twice at once
        }
        if (!is_late) co_return on;
    }
    co_return co_await brought_before(services, std::move(owner), conversation, std::move(outputs));
}

}  // namespace assistd::api::openai
