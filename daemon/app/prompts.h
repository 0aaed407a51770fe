#pragma once
// The prompts that the daemon runs with: the built-in ones, and what a folder of the user's has instead. Used
// once at the start.

#include "base/config.h"
#include "core/prompt_builder.h"

namespace assistd::app {

// Throws Error{validation} that names the file when one cannot be read or is no prompt's.
core::PromptTemplates prompts_of(const Config& config);

// Throws Error{validation} that names file and line when a prompt cannot be used.
void check_prompts(const Config& config);

}  // namespace assistd::app
