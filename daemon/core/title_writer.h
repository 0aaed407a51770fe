#pragma once
// Asks the model for a conversation's title behind the user's back: after a turn has been told to its end, so
// that no reply waits for it. What a model gives takes the place of the first message as the title, unless
// the user has named the conversation meanwhile; when it gives none, the title stays. Thread-safe; owned by
// the composition root.

#include <chrono>
#include <deque>
#include <mutex>
#include <set>
#include <stop_token>
#include <vector>

#include "base/activity.h"
#include "base/live.h"
#include "core/meters.h"
#include "core/ports.h"
#include "core/prompt_builder.h"

namespace assistd::core {

struct TitleSettings {
    bool by_model = true;  // false: the first message stays the title
    std::chrono::milliseconds time_limit{60'000};
    std::size_t side_by_side = 4;
    std::size_t waiting = 256;  // beyond it none is asked for; the conversation's next turn asks again
    std::shared_ptr<Meters> meters = std::make_shared<Meters>();
};

class TitleWriter {
  public:
    TitleWriter(Executor executor, Store& store, const Providers& providers, UsageBook& usage,
                std::shared_ptr<const PromptBuilder> prompts, TitleSettings settings);

    // From now on.
    void change(bool by_model, std::shared_ptr<const PromptBuilder> prompts);

    // Whether a conversation, as it was before a turn, may get a model's title.
    bool is_wanted(const Conversation& before) const;
    // Begins to write the title of a turn's conversation, when the turn was answered by a model. Returns at
    // once. What it costs is told right before it is booked.
    void write(Turn turn, std::function<void(const Usage&)> before_booked = {});

    // Gives up what is being asked and returns when nothing is. Titles that were not written are asked for
    // after the conversations' next turns.
    Task<void> shut_down();

  private:
    struct Wanted {
        Turn turn;
        std::function<void(const Usage&)> before_booked;  // may be empty
        std::shared_ptr<Activity> activity;               // what the turn was for
    };
    void start(Wanted wanted);
    Task<void> run(Wanted wanted);
    Task<void> try_to_write(Wanted wanted);
    // `lost` gets what attempts that came to nothing had cost; it outlives the call.
    Task<ProviderReply> ask(ProviderChoice choice, Turn turn, std::string text, Usage& lost);
    std::optional<Wanted> next(ConversationId done);

    Executor executor_;
    Store& store_;
    const Providers& providers_;
    UsageBook& usage_;
    struct Rules {
        bool by_model;
        std::shared_ptr<const PromptBuilder> prompts;
    };
    Live<Rules> rules_;
    const TitleSettings settings_;

    std::mutex mutex_;
    std::stop_source stop_;
    std::set<ConversationId> busy_;  // asked or waiting
    std::deque<Wanted> waiting_;
    std::size_t running_ = 0;
    std::vector<OneShot<>> idle_waiters_;
};

}  // namespace assistd::core
