#pragma once
// How many tokens a text is. Providers report true counts afterwards; until then the daemon estimates.

#include <cstdint>
#include <string_view>

#include "core/message.h"
#include "core/tool.h"

namespace assistd::core {

// Right to 30 % or so for text of any kind; what a model really counts is learnt by TokenScale.
std::int64_t estimate_tokens(std::string_view text);
std::int64_t estimate_tokens(const Message& message);
std::int64_t estimate_tokens(const ToolSet& tools);

}  // namespace assistd::core
