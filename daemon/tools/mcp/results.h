#pragma once
// What MCP servers answer, as results of tools. Pure but for the files that are written; any thread.

#include <string>
#include <vector>

#include "core/ports.h"
#include "tools/mcp/message.h"
#include "tools/source.h"

namespace assistd::tools::mcp {

// Of tools/call. `prefix` is that of the server's tools, for pointing at the one that reads resources; empty:
// there is none. Throws Error{unavailable} when a file cannot be written.
SourceResult call_result(const Json& result, core::Artifacts& artifacts, const std::string& prefix);
// Of resources/read and prompts/get.
SourceResult resource_result(const Json& result, core::Artifacts& artifacts);
SourceResult prompt_result(const Json& result, core::Artifacts& artifacts, const std::string& prefix);
// What was listed, as data. Each of them has these members, where the server gives them.
SourceResult list_result(const std::vector<std::pair<std::string, std::vector<Json>>>& lists);

}  // namespace assistd::tools::mcp
