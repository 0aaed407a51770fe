#pragma once
// What an assistant makes of a turn: its instructions, settings and tools as the turn's options. Pure
// functions over the JSON that assistants are stored with.

#include <string>

#include "core/assistant.h"
#include "core/tool.h"
#include "core/turn_options.h"

namespace assistd::core {

// Sorts tools in OpenAI's form into the daemon's and the client's: a function by the name of a tool that is
// offered runs here. Only these are offered from then on.
void take_tools(const std::string& tools, const ToolSet& offered, TurnOptions& options);
// Adds the vector stores that tool_resources name.
void take_vector_stores(const std::string& tool_resources, TurnOptions& options);

// Once all stores are named: listed without any, file_search has nothing to search, and is not offered. It
// must not look into the stores of other threads.
void settle_search(TurnOptions& options);

// All but the model. Its metadata may say {"assistd_tools": "all"}: then every tool is offered, listed or
// not.
TurnOptions options_of(const Assistant& assistant, const ToolSet& offered);
bool wants_all_tools(const Assistant& assistant);

}  // namespace assistd::core
