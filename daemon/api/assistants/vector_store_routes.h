#pragma once
// The routes of the vector stores of the Assistants API. Used once, when the router is filled.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::assistants {

void add_vector_store_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::assistants
