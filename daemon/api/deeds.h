#pragma once
// What administrators do about others and the service goes into the audit log, beside the calls of tools: who
// did what about whom, when and by which key. Written down once it is done; should that fail, the log of the
// daemon says so and what was done stays. Coroutines; any thread.

#include "core/ports.h"
#include "http/request.h"

namespace assistd::api {

// `what` is such as "users.delete". Returns when it is stored.
Task<void> note_deed(core::AuditLog& audit, const http::Request& request, std::string what, std::string whom,
                     std::string details);

}  // namespace assistd::api
