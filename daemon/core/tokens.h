#pragma once
// How many tokens a text is. Providers report true counts afterwards; until then the daemon estimates.

#include <cstdint>
#include <string_view>

#include "core/message.h"
#include "core/tool.h"

namespace assistd::core {

// About four bytes a token in English prose and JSON, one token per character in scripts of three bytes each.
std::int64_t estimate_tokens(std::string_view text);
std::int64_t estimate_tokens(const Message& message);
std::int64_t estimate_tokens(const ToolSet& tools);

}  // namespace assistd::core
