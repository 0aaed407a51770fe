#pragma once
// What the daemon tells of itself to every client. Pure functions; any thread.

#include "api/mcp/wire.h"

namespace assistd::api::mcp {

// `instance` is the daemon's own id; empty: it tells none.
Json initialize_result(const std::string& revision, const std::string& instance);
Json discover_result(const std::string& instance);

// A result as modern clients want it: it says that it is complete unless it says something else, and who made
// it.
Json modern_result(Json result);
// How long, and for whom, a list or a file may be kept.
Json cached(Json result, std::int64_t milliseconds, bool for_everybody = false);

}  // namespace assistd::api::mcp
