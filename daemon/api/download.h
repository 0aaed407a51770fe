#pragma once
// Sends a kept file, whole or the range that is asked for, with what caches and resumed downloads need.

#include "core/ports.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/router.h"

namespace assistd::api {

// `refusal` writes an Error{range_not_satisfiable} as the door has it. The caller's request stays until the
// reply is there.
// `shown`: a browser may show it instead of saving it, if it is a picture or a PDF, which run nothing in this
// origin.
Task<http::Reply> download(core::Artifacts& artifacts, core::Artifact artifact, const http::Request& request,
                           http::ErrorRenderer refusal, bool shown = false);

}  // namespace assistd::api
