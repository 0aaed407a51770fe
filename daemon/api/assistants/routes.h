#pragma once
// The Assistants API below /v1: assistants, threads and their messages.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::assistants {

// `services` must outlive the server.
void add_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::assistants
