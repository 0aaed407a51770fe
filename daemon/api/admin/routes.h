#pragma once
// Routes for those who watch over the daemon: is it alive, can it work, how does it do.

#include "api/admin/watch.h"
#include "api/services.h"
#include "http/router.h"

namespace assistd::api::admin {

// Both outlive the router.
void add_routes(http::Router& router, const Services& services, Watch& watch);

}  // namespace assistd::api::admin
