#pragma once
// Has the oldest part of a conversation summarised by the model that answers.

#include <stop_token>
#include <string>

#include "core/ports.h"
#include "core/prompt_builder.h"
#include "core/turn_context.h"
#include "core/turn_record.h"

namespace assistd::core {

// What `context` wants summarised, in one call; `record` gets what it cost, whatever comes of it. Empty when
// the model gives none, which is logged. Throws Error{cancelled}. The references outlive the call.
Task<std::string> write_summary(ProviderChoice choice, const PromptBuilder& prompts,
                                const TurnContext& context, TurnRecord& record, std::stop_token stop);

}  // namespace assistd::core
