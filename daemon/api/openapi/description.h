#pragma once
// What the daemon answers, told by itself: GET /openapi.json for programs (and for the page /docs), GET
// /api/v1/ai/routes for those who look after it. The description is written by hand, in one JSON file for
// each door beside this one, and built in; what a route needs of its caller is the router's own word.

#include "http/router.h"

namespace assistd::api::openapi {

// To be called when all other doors have put in theirs: these are the routes that are told.
void add_routes(http::Router& router);

}  // namespace assistd::api::openapi
