#pragma once
// What a turn's system prompt says about its user, day and project, the same for every turn of a conversation
// on one day: providers cache prompts by their bytes. The project's numbers are those of when the
// conversation was first taken up that day; what the user changes about the project counts at once.
// Thread-safe; owned by the composition root.

#include <map>
#include <memory>
#include <mutex>

#include "core/ports.h"
#include "core/prompt_builder.h"

namespace assistd::core {

class TurnFacts {
  public:
    explicit TurnFacts(Projects& projects) : projects_(projects) {}

    // A project that is gone is none.
    Task<PromptFacts> of(Turn turn);

  private:
    struct Taken {
        std::chrono::sys_days day;
        std::shared_ptr<const Project> project;
    };
    std::shared_ptr<const Project> as_taken_up(ConversationId conversation, std::chrono::sys_days day,
                                               Project now);

    Projects& projects_;
    std::mutex mutex_;
    std::map<ConversationId, Taken> taken_;
};

}  // namespace assistd::core
