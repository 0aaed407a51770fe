#pragma once
// Chooses which part of a conversation a model gets to see. Any thread; one turn of a conversation at a time.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/live.h"
#include "core/history_starts.h"
#include "core/ports.h"
#include "core/prompt_size.h"
#include "core/recent_histories.h"
#include "core/summary.h"
#include "core/summary_pauses.h"
#include "core/token_scale.h"

namespace assistd::core {

enum class ContextPolicy {
    whole_exchanges,  // the newest exchanges that fit the room; when they overflow it, half of it is freed
    last_messages,    // the newest messages, at most so many, begun at an exchange's start
    summary,          // as whole_exchanges, and a model's summary of those that do not fit
};

struct ContextSettings {
    ContextPolicy policy = ContextPolicy::whole_exchanges;
    int last_messages = 20;
    double reply_share = 0.25;  // of the model's window, kept free for the reply
};

// What a prompt may take of a window, as the model counts: the reply has its share.
std::int64_t usable_tokens(const ProviderChoice& choice, const ContextSettings& settings);

// Messages, oldest first, and what they cost a model (estimated).
struct History {
    std::vector<MessagePtr> messages;
    std::int64_t tokens = 0;
    bool whole = true;  // nothing was left out but what is summarised
};

// How much of a history is wanted.
struct HistoryRoom {
    std::int64_t tokens = 0;  // at most
    // What stays when there is more: less than `tokens` frees room for turns to come, which then begin with
    // the same exchange, as providers have it in their caches.
    std::int64_t kept = 0;
    TurnId summarised = {};  // a summary covers this turn and all before it; nil: there is none
    // "PROVIDER:MODEL": where the history begins is remembered for it. Empty: that does not count, and is not
    // remembered.
    std::string model = {};
    int last_messages = 0;  // so many at most, whatever the policy is; 0: as the policy says
};

// Tokens are estimated ones, unless they are said to be counted by a model.
class ContextManager {
  public:
    ContextManager(Store& store, ContextSettings settings);

    // For the contexts that are made from now on.
    void change(ContextSettings settings) { settings_.replace(settings); }

    std::int64_t usable_tokens(const ProviderChoice& choice) const {
        return core::usable_tokens(choice, *settings_.latest());
    }
    // What is known of the way a model ("PROVIDER:MODEL") counts, from this conversation if possible.
    TokenScale scale(const Conversation& conversation, const std::string& model);
    // How many tokens the history may take. Throws Error{validation} when the new message alone cannot fit.
    std::int64_t history_budget(const ProviderChoice& choice, const PromptSize& prompt,
                                const Message& user_message, const TokenScale& scale) const;

    // For a turn that brings its whole history along. Throws Error{context_too_long} when it does not fit.
    void check_fits(const ProviderChoice& choice, const PromptSize& prompt, std::int64_t message_tokens,
                    const TokenScale& scale) const;

    // The history before a turn, oldest first, of the conversation as it was before it. An exchange (a turn's
    // messages) is taken whole or not at all, so a tool call and its results are never parted; one that no
    // room is enough for has its results shortened. Read from the end, and from memory when remember() saw
    // the last turn, however long the conversation is. Ends where a summary covers the rest.
    Task<History> history(Conversation before, TurnId current, HistoryRoom room);

    bool summarises() const { return settings_.latest()->policy == ContextPolicy::summary; }
    // None under the other policies.
    Task<std::optional<Summary>> summary(ConversationId id);
    // Whether a turn that needs a summary is to ask for it now: after failures not every one does. Each time
    // it says yes counts as a failure until put_summary().
    bool may_ask_for_summary(ConversationId id) { return summary_pauses_.try_now(id); }
    void put_summary(const Summary& summary);

    // The turn that history() was asked for has ended, with these messages, which are stored.
    void remember(const Conversation& before, std::vector<MessagePtr> exchange, const std::string& model,
                  const TokenScale& scale);

    // What is kept in memory of a conversation whose last reply was hidden.
    void forget(ConversationId id) { recent_.forget(id); }
    // And of all of them: it is read from the store again when it is needed.
    void forget_all() { recent_.clear(); }

  private:
    class Selection;

    Selection select(const HistoryRoom& room, TurnId start, const RecentHistory& history) const;
    Task<RecentHistory> read(ConversationId id, TurnId current, const HistoryRoom& room, TurnId start);

    Store& store_;
    Live<ContextSettings> settings_;
    RecentHistories recent_;
    HistoryStarts starts_;
    SummaryPauses summary_pauses_;
    std::mutex mutex_;
    std::map<std::string, TokenScale, std::less<>> scales_;  // the newest of each model
};

}  // namespace assistd::core
