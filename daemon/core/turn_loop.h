#pragma once
// One turn from its user message to its end. Owned by the TurnService; runs on one strand and is touched from
// nowhere else. How it is stopped from outside: TurnControl.

#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "core/assistant.h"
#include "core/knowledge.h"
#include "core/meters.h"
#include "core/ports.h"
#include "core/prompt_builder.h"
#include "core/shut_out.h"
#include "core/spending.h"
#include "core/time_limit.h"
#include "core/title_writer.h"
#include "core/turn.h"
#include "core/turn_calls.h"
#include "core/turn_context.h"
#include "core/turn_control.h"
#include "core/turn_facts.h"
#include "core/turn_feed.h"
#include "core/turn_record.h"
#include "core/turn_slots.h"
#include "core/turn_tools.h"

namespace assistd::core {

// What turns are made with; all of it outlives every turn. The prompts and the budget may become others: a
// turn goes on with those that it began with.
struct TurnServices {
    Store& store;
    Providers& providers;
    Tools& tools;
    ContextManager& contexts;
    std::shared_ptr<const PromptBuilder> prompts;
    TurnFacts& facts;
    TitleWriter& titles;
    UsageBook& usage;
    Budget budget;
    std::shared_ptr<Meters> meters = std::make_shared<Meters>();
    Assistants* assistants = nullptr;  // whose settings their conversations' turns have; null: nobody's
    Knowledge* knowledge = nullptr;    // what turns search that name vector stores; null: nothing
    std::shared_ptr<TurnSlots> slots = std::make_shared<TurnSlots>();
    Spending* spending = nullptr;  // null: nobody's is limited
    WhyShutOut shut_out = {};      // whose turns may not run; null: everybody's may
    // How long a turn waits at most for files of its vector stores that are still being indexed.
    std::chrono::milliseconds patience_for_files{60'000};
};

class TurnLoop {
  public:
    // `conversation` is as it was before the turn; one without an id is not kept. `own` are the turn's
    // messages so far: what it answers, which may be nothing, and after a restart what had been stored. Of a
    // turn that is not kept they are the whole history.
    TurnLoop(const TurnServices& services, TurnStore& store, Conversation conversation,
             std::vector<MessagePtr> own, TurnRecord record, std::shared_ptr<TurnControl> control,
             TimeLimit& limit);
    TurnLoop(const TurnLoop&) = delete;
    TurnLoop& operator=(const TurnLoop&) = delete;

    // Runs to the turn's end, which is stored, then told. Throws only when that end cannot be stored, or
    // after a shutdown, which leaves the turn in the store as it is.
    Task<void> run();

  private:
    Task<void> answer();
    Task<void> load_context();
    Task<ProviderReply> ask();
    Task<bool> take(ProviderReply reply);
    Task<ProviderReply> ask_once();
    // Others may be at work while the turn waits for this.
    template <class T>
    Task<T> rest(Task<T> work) {
        const TurnSlots::Resting resting(services_.slots, record_.turn().owner);
        co_return co_await std::move(work);
    }
    ModelWishes wishes() const;
    bool has_no_tokens_left();
    // A call may have been refused for it before the one who shuts out comes to this turn.
    void stop_if_shut_out() {
        const std::string why = why_shut_out(services_.shut_out, record_.turn().owner);
        if (!why.empty()) control_->stop(StopCause::shut_out, why);
    }
    Task<void> fail(Error error);
    std::string_view limit_reached() const;  // of the budget; empty: none

    const TurnServices& services_;
    Conversation conversation_;
    std::vector<MessagePtr> own_;
    TurnRecord record_;
    std::shared_ptr<TurnControl> control_;
    TimeLimit& limit_;
    TurnContext context_;
    TurnCalls calls_;

    ProviderChoice choice_;
    std::shared_ptr<const ToolSet> tools_;
    std::shared_ptr<const SystemPrompt> system_;
    bool halved_ = false;  // the context, since the model had no room for it
};

}  // namespace assistd::core
