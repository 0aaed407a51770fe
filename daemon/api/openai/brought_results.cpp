#include "api/openai/brought_results.h"

#include <algorithm>

#include "base/error.h"

namespace assistd::api::openai {
namespace {

// How many turns that answer no message are looked behind.
constexpr int most_attempts = 20;

bool has_any_of(const std::vector<core::ToolCallBlock>& calls,
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

bool announces(const std::vector<core::TurnEventPtr>& events,
               const std::vector<core::ClientOutput>& outputs) {
    return std::any_of(events.begin(), events.end(), [&](const core::TurnEventPtr& event) {
        const auto* reply = std::get_if<core::MessageCompleted>(&event->body);
        return reply && has_any_of(reply->message->tool_calls(), outputs);
    });
}

// Where the turn had got these results, or `after` is 0. Waits for results that are on their way to the
// store.
Task<GoneOn> look_in(const Services& services, core::TurnHandle turn,
                     std::vector<core::ClientOutput> outputs) {
    GoneOn on;
    on.turn = std::move(turn);
    std::vector<core::TurnEventPtr> events = on.turn.feed->so_far();
    for (;;) {
        on.after = last_event_of(events, outputs);
        const auto* end = events.empty() ? nullptr : std::get_if<core::TurnEnded>(&events.back()->body);
        on.broke_off = end && end->turn->state != core::TurnState::completed;
        const core::Turn& about = *on.turn.turn;
        const bool is_on_its_way =
            !end && announces(events, outputs) && services.turns.client_calls(about.owner, about.id).empty();
        if (on.after > 0 || !is_on_its_way) co_return on;
        const std::int64_t seen = events.empty() ? 0 : events.back()->id;
        const std::vector<core::TurnEventPtr> more = co_await on.turn.feed->next(seen, {});
        if (more.empty()) co_return on;
        events.insert(events.end(), more.begin(), more.end());
    }
}

// After a turn that broke off, others may have gone on from the results: they answer no message.
Task<GoneOn> brought_before(const Services& services, core::Owner owner, ConversationId conversation,
                            std::vector<core::ClientOutput> outputs) {
    core::ListRange<TurnId> newest;
    newest.limit = most_attempts;
    const core::Slice<core::Turn> turns = co_await services.store.turns(owner, conversation, newest);
    std::optional<GoneOn> last;
    for (const core::Turn& turn : turns.items) {
        core::TurnHandle handle = co_await services.turns.find(owner, turn.id);
        GoneOn on = co_await look_in(services, std::move(handle), outputs);
        const bool is_it = on.after > 0;
        if (!last) last = std::move(on);
        if (is_it) co_return std::move(*last);
        if (!turn.user_message.is_nil()) break;
    }
    throw Error(ErrorCode::conflict, "No turn of this conversation waits for results of tools.");
}

}  // namespace

Task<GoneOn> bring(const Services& services, core::Owner owner, ConversationId conversation,
                   std::vector<core::ClientOutput> outputs) {
    const std::optional<TurnId> running = services.turns.running_in(owner, conversation);
    if (running && has_any_of(services.turns.client_calls(owner, *running), outputs)) {
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
