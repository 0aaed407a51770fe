#pragma once
// /v1/files: uploads with a purpose, as OpenAI's API has them.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::assistants {

// `services` outlives the router.
void add_file_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::assistants
