#pragma once
// How much of a model's window the instructions and the tools take, and what is said when they leave no room.

#include <cstdint>
#include <string>

#include "core/ports.h"
#include "core/token_scale.h"
#include "core/tool.h"

namespace assistd::core {

struct PromptSize {
    std::int64_t tokens = 0;         // of the system prompt and the tools, estimated
    const ToolSet* tools = nullptr;  // for the sentence; null: there are none
};

// For a prompt that fills the window by itself: names the tools that take most of it.
std::string no_room_beside(const PromptSize& prompt, const ProviderChoice& choice, const TokenScale& scale);

}  // namespace assistd::core
