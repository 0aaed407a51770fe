#pragma once
// What came of a call, as a result of tools/call. Any thread.

#include <memory>

#include "api/mcp/backend.h"
#include "api/mcp/wire.h"
#include "base/async.h"

namespace assistd::api::mcp {

// Text that a model reads, the data itself when the tool promised what it looks like, and links to the files
// that were made; small pictures and sounds are in it.
Task<Json> call_result(const Backend& backend, core::Owner user, std::shared_ptr<const core::ToolSpec> tool,
                       core::ToolOutcome outcome);

// {"content": [text], "isError": true}
Json failed_result(const std::string& sentence);

}  // namespace assistd::api::mcp
