#pragma once
// POST /v1/embeddings: passed through to the server of a configured provider.

#include "api/services.h"
#include "http/router.h"

namespace assistd::api::openai {

void add_embedding_routes(http::Router& router, const Services& services);

}  // namespace assistd::api::openai
