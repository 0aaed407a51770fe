#pragma once
// How the OpenAI doors put their handlers into the router. Used once, when the router is filled.

#include <string>

#include "base/async.h"
#include "http/router.h"

namespace assistd::api::openai {

// Answers `path` below /v1 with the handler, unless the request asks for a version of the API that is not
// this one (OpenAI-Beta: assistants=v1).
void add_route(http::Router& router, http::Method method, const std::string& path, http::Handler handler,
               http::RouteOptions options = {});

}  // namespace assistd::api::openai
