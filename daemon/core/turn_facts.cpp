#include "core/turn_facts.h"

#include "base/error.h"

namespace assistd::core {
namespace {

constexpr std::size_t max_remembered = 4'096;  // conversations in projects; beyond it all are forgotten

}  // namespace

Task<PromptFacts> TurnFacts::of(Turn turn) {
    PromptFacts facts;
    facts.user = turn.owner;
    facts.instructions = turn.options->instructions;
    facts.plain = turn.options->plain_prompt;
    facts.day = std::chrono::floor<std::chrono::days>(turn.created_at);
    const auto id = ProjectId::parse(turn.project_id);
    if (!id) co_return facts;
    try {
        Project project = co_await projects_.find(turn.owner, *id);
        facts.project = as_taken_up(turn.conversation, facts.day, std::move(project));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return facts;
}

std::shared_ptr<const Project> TurnFacts::as_taken_up(ConversationId conversation, std::chrono::sys_days day,
                                                      Project now) {
    const std::lock_guard lock(mutex_);
    if (taken_.size() >= max_remembered && !taken_.contains(conversation)) taken_.clear();
    Taken& taken = taken_[conversation];
    const bool same = taken.project && taken.day == day && taken.project->id == now.id &&
                      taken.project->updated_at == now.updated_at;
    if (!same) taken = {day, std::make_shared<const Project>(std::move(now))};
    return taken.project;
}

}  // namespace assistd::core
