#pragma once
// The methods that are answered at once, which both kinds of revisions have. Any thread.

#include <optional>

#include "api/mcp/backend.h"
#include "api/mcp/wire.h"
#include "base/async.h"

namespace assistd::api::mcp {

struct Question {
    core::Owner owner;
    std::string method;
    Json params;
    bool modern = false;
};

// Nothing when there is no such method. Throws RpcError for what the daemon refuses.
Task<std::optional<Json>> answer(const Backend& backend, Question question);

}  // namespace assistd::api::mcp
