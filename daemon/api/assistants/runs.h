#pragma once
// Runs and their steps: turns of the core as OpenAI's Assistants API has them. They go on when their client
// leaves.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::assistants {

void add_run_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::assistants
