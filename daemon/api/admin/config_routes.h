#pragma once
// Routes for administrators about the configuration: what counts, is it good, read it again.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::admin {

// `services` outlives the router.
void add_config_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::admin
