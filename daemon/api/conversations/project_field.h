#pragma once
// The field project_id of requests: it must name a project of the user's own.

#include <optional>
#include <string>

#include "api/json_body.h"
#include "api/services.h"
#include "base/async.h"

namespace assistd::api::conversations {

// A sentence when `id` is not empty and names no project of the owner's.
Task<std::optional<std::string>> problem_with_project(core::Projects& projects, core::Owner owner,
                                                      std::string id);

// Reads the field; a wrong one is noted in `body`, which must outlive the call.
Task<std::optional<std::string>> read_project(const Services& services, core::Owner owner, JsonBody& body);

}  // namespace assistd::api::conversations
