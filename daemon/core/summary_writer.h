#pragma once
// Has the oldest part of a conversation summarised by the model that answers.

#include <optional>
#include <stop_token>
#include <string>

#include "core/ports.h"
#include "core/prompt_builder.h"
#include "core/turn.h"
#include "core/turn_context.h"

namespace assistd::core {

struct WrittenSummary {
    std::string text;  // empty: the model gave none
    Usage usage;
};

// What `context` wants summarised, in one call, whatever comes of it. Nothing when the model gives none,
// which is logged. Throws Error{cancelled}. The references outlive the call.
Task<std::optional<WrittenSummary>> write_summary(ProviderChoice choice, const PromptBuilder& prompts,
                                                  const TurnContext& context, const Turn& turn,
                                                  std::stop_token stop);

}  // namespace assistd::core
