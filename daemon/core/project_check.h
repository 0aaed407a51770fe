#pragma once
// Whether a project that a request or a call names is one of the caller's own.

#include <optional>
#include <string>

#include "base/async.h"
#include "core/ports.h"

namespace assistd::core {

// A sentence when `id` is not empty and names no project of the owner's.
Task<std::optional<std::string>> problem_with_project(Projects& projects, Owner owner, std::string id);

}  // namespace assistd::core
