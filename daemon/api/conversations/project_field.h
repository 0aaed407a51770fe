#pragma once
// The field project_id of requests: it must name a project of the user's own.

#include <optional>
#include <string>

#include "api/json_body.h"
#include "api/services.h"
#include "base/async.h"

namespace assistd::api::conversations {

// Reads the field; a wrong one is noted in `body`, which must outlive the call.
Task<std::optional<std::string>> read_project(const Services& services, core::Owner owner, JsonBody& body);

}  // namespace assistd::api::conversations
