#pragma once
// What this door needs of the core. Outlives the door.

#include <string>

#include "core/ports.h"

namespace assistd::api::mcp {

struct Backend {
    core::Tools& tools;
    core::Artifacts& artifacts;
    core::Projects& projects;
    std::string instance = {};  // the daemon's own id (base/mcp_origin.h); empty: it tells none
};

}  // namespace assistd::api::mcp
