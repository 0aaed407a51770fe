#pragma once
// Routes for those who watch over the daemon: is it alive, can it work.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::admin {

// `services` outlives the router.
void add_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::admin
