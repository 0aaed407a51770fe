#pragma once
// Errors in OpenAI's shape: {"error": {"message", "type", "param", "code"}}, the last two null where there is
// nothing to say. Pure functions.
//
// `param` is the first field of the Error ("tools[2].function.name") and `code` follows from the Error's:
// a not_found that names the field "model" is "model_not_found".

#include "api/openai/json.h"
#include "base/error.h"
#include "http/router.h"

namespace assistd::api::openai {

// 400 for what the client got wrong in its fields, where other doors say 422; else the Error's status.
int status_of(const Error& error);

// What stands under "error", also in streams.
Json error_body(const Error& error);
http::Reply error_reply(const Error& error);

// Whatever is wrong with a request below /v1 is told so: unknown paths and methods too.
void add_error_shape(http::Router& router);

// Throws Error{validation} for one field. The sentence names it.
[[noreturn]] void refuse(const std::string& field, const std::string& sentence);

}  // namespace assistd::api::openai
