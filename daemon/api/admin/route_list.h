#pragma once
// GET /api/v1/ai/routes: every route of every door with what its caller needs, for administrators, and for tests
// that walk all of them.

#include "http/router.h"

namespace assistd::api::admin {

// To be called last: lists what is there by then, and itself.
void add_route_list(http::Router& router);

}  // namespace assistd::api::admin
