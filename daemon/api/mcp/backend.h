#pragma once
// What this door needs of the core. Outlives the door.

#include "core/ports.h"

namespace assistd::api::mcp {

struct Backend {
    core::Tools& tools;
    core::Artifacts& artifacts;
    core::Projects& projects;
};

}  // namespace assistd::api::mcp
