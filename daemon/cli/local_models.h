#pragma once
// Model servers that run on this machine at their usual places and that no provider of the daemon's names.
// They are only told of: nothing uses them unasked. One thread.

#include <string>
#include <vector>

#include "cli/api_client.h"

namespace assistd::cli {

// A text for each, with the lines of configuration that would use it. `providers` is what the daemon says of
// its own, `own_server` its address.
std::vector<std::string> unused_local_models(const Json& providers, const std::string& own_server);

}  // namespace assistd::cli
