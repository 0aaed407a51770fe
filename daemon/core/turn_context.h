#pragma once
// What the model gets to see during one turn: as much of the history as fits, then the turn's own messages.
// Kept within the model's window before each request: the history gives way first, then the longest results
// are shortened (for the model; they are stored whole). Belongs to one turn's strand.

#include <span>
#include <string>
#include <vector>

#include "base/async.h"
#include "core/context_manager.h"
#include "core/token_scale.h"

namespace assistd::core {

class TurnContext {
  public:
    // `before` is the conversation as it was before the turn.
    TurnContext(ContextManager& contexts, Conversation before, TurnId turn);

    // What the asker wants of the context: at most so many prompt tokens or messages of the history. Before
    // load().
    void limit(const TurnOptions& options);

    // Throws Error{validation} when the turn's first message alone does not fit, and of a turn that is not
    // kept when its messages together do not.
    Task<void> load(const ProviderChoice& choice, PromptSize prompt, std::vector<MessagePtr> own);
    void add(MessagePtr message);

    // Under the summary policy, when the history does not fit: what a model is to summarise, in one call that
    // has so much room. Without a summary it is left out, and not every turn that follows asks for one.
    const SummaryPlan& to_summarise() const { return plan_; }
    const std::optional<Summary>& summary() const { return summary_; }
    void summarised(std::string text);

    // Before a request: leaves out what has no room.
    Task<void> fit();
    // The provider says that it was too much: makes it half as long. False when there is nothing to leave
    // out.
    Task<bool> halve();

    std::span<const MessagePtr> messages() const { return messages_; }
    // As the model is expected to count the prompt, and as it did.
    std::int64_t expected_tokens() const;
    void reported(std::int64_t prompt_tokens);

    // The turn has ended and every message of it is stored.
    void remember() const;

  private:
    // What is left out of the history leaves room for later: half of it, or none.
    enum class Spare { half, none };
    Task<void> shrink(std::int64_t room, Spare spare);
    Task<History> history(std::int64_t room, Spare spare);
    void replace_history(History history);

    ContextManager& contexts_;
    const Conversation before_;
    const TurnId turn_;

    std::int64_t most_tokens_ = 0;  // of a prompt, as the asker wants it; 0: any number
    int last_messages_ = 0;         // of the history; 0: as the config says
    bool has_history_ = true;       // false: the one message that is wanted is the turn's own
    std::string model_;
    std::int64_t usable_ = 0;  // tokens that a prompt may have, as the model counts
    std::optional<Summary> summary_;
    SummaryPlan plan_;
    std::int64_t prompt_tokens_ = 0;  // of the system prompt and the tools; like all others here, estimated
    TokenScale scale_;
    std::vector<MessagePtr> messages_;  // the history, begun by its summary, then the turn's own
    std::size_t history_size_ = 0;
    std::int64_t history_tokens_ = 0;
    std::int64_t own_tokens_ = 0;
    bool results_shortened_ = false;
};

}  // namespace assistd::core
