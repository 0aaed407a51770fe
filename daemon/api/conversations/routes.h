#pragma once
// The conversation API's routes.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::conversations {

// `services` outlives the router.
void add_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::conversations
