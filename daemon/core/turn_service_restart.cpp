// The part of the turn service that is about turns which ran when the daemon ended.

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <set>

#include "base/logging.h"
#include "core/turn_beginning.h"
#include "core/turn_service.h"

namespace assistd::core {
namespace {

// Events that were told before a crash but not stored have ids above the stored ones; nobody tells a million
// events between two stored messages.
constexpr std::int64_t ids_skipped_by_a_restart = 1'000'000;

// A turn that kills the daemon must not do so for ever.
constexpr int most_restarts = 3;

// What its stored replies came to so far.
void count_replies(Turn& turn, const std::vector<Message>& messages) {
    for (const Message& message : messages) {
        if (message.role != Role::assistant) continue;
        ++turn.rounds;
        turn.usage += message.usage;
    }
}

}  // namespace

Task<void> TurnService::resume() {
    const std::vector<Turn> unfinished = co_await services_.store.unfinished_turns();
    std::set<ConversationId> taken;
    for (const Turn& turn : unfinished) {
        // Only a turn whose end could not be stored has another one behind it in its conversation.
        if (!taken.insert(turn.conversation).second) {
            asio::co_spawn(asio::make_strand(io_), resume_later(turn), asio::detached);
            continue;
        }
        ConversationLocks::Lock lock = co_await locks_.lock(turn.conversation, true, {});
        co_await resume_turn(turn, std::move(lock));
    }
}

Task<void> TurnService::resume_later(Turn turn) {
    try {
        ConversationLocks::Lock lock = co_await locks_.lock(turn.conversation, true, {});
        const Beginning beginning(*this);
        co_await resume_turn(turn, std::move(lock));
    } catch (const std::exception& error) {
        log::error("turn {} is left running in the store: {}", turn.id.text(), error.what());
    }
}

// One that cannot be taken up must not keep the others, or the daemon, from going on.
Task<void> TurnService::resume_turn(Turn turn, ConversationLocks::Lock lock) {
    std::string why = "The turn could not be taken up after a restart; the log has the details.";
    bool broken = false;
    try {
        Conversation conversation = co_await services_.store.conversation(turn.owner, turn.conversation);
        std::vector<Message> messages = co_await services_.store.messages_of_turn(turn.id);
        if (messages.empty()) throw Error(ErrorCode::internal, "It has no message.");
        count_replies(turn, messages);
        if (const std::string shut_out = why_shut_out(services_.shut_out, turn.owner); !shut_out.empty()) {
            log::info("turn {} is not taken up after the restart: {}", turn.id.text(), shut_out);
            co_await end_resumed(turn, TurnState::cancelled, ErrorCode::cancelled, shut_out);
            co_return;
        }
        const int restarts =
            co_await services_.store.count_restart(turn.id, static_cast<std::int64_t>(messages.size()));
        if (restarts > most_restarts) {
            why = "The daemon died " + std::to_string(restarts) +
                  " times while this turn ran at the same place, so it is not taken up again.";
            throw Error(ErrorCode::internal, why);
        }
        std::shared_ptr<TurnFeed> feed = co_await told_again(turn, messages);
        feed->skip_to(feed->next_id() + ids_skipped_by_a_restart);
        conversation.message_count -= static_cast<std::int64_t>(messages.size());
        std::vector<MessagePtr> own;
        for (Message& message : messages) own.push_back(std::make_shared<const Message>(std::move(message)));
        log::info("turn {} goes on after the restart", turn.id.text());
        launch(turn, std::move(conversation), std::move(own), std::move(feed), std::move(lock),
               services_.slots->go_on(turn.owner), std::nullopt);
    } catch (const std::exception& error) {
        log::error("turn {} cannot be taken up after the restart: {}", turn.id.text(), error.what());
        broken = true;
    }
    if (broken) co_await end_resumed(std::move(turn), TurnState::failed, ErrorCode::internal, why);
}

Task<void> TurnService::end_resumed(Turn turn, TurnState state, ErrorCode code, std::string why) {
    turn.state = state;
    turn.finished_at = now();
    turn.error_code = name_of(code);
    turn.error_message = std::move(why);
    const Write end = services_.store.end_turn(turn, std::nullopt);
    co_await end.committed();
}

}  // namespace assistd::core
