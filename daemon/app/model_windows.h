#pragma once
// Whether the models that the configuration names have room for a conversation beside what the daemon itself
// tells them. Used at the start.

#include <string>
#include <vector>

#include "base/config.h"
#include "core/context_manager.h"
#include "core/prompt_builder.h"

namespace assistd::app {

core::ContextSettings context_settings(const Config& config);

// A sentence for each model whose window the instructions, the tools and the reply's share nearly fill. They
// are no errors: their turns are refused with a sentence of their own, and tools may come and go.
std::vector<std::string> small_windows(const Config& config, const core::PromptBuilder& prompts,
                                       const core::ToolSet& tools);

}  // namespace assistd::app
