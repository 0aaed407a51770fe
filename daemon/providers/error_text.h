#pragma once
// What a server says about an error, made fit for a sentence: bounded, on one line. Pure functions.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "upstream/http_client.h"
#include "upstream/quoted_text.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

// The message inside an error body: {"error": {"message"}}, {"error": "…"}, {"message"} or {"detail"};
// otherwise `raw`. On one line, and not yet cut: a key that it quotes has to be found first.
std::string error_text(const nlohmann::json& body, std::string_view raw);
// The same for a body that may not be JSON at all.
std::string error_text(std::string_view raw);

// Whether a server says that the prompt does not fit the model's context: each kind of server has its own
// words for it.
bool says_context_too_long(std::string_view text);

// The failure behind an answer that is not 2xx.
UpstreamError status_failure(const HttpHead& head, std::string_view body);

// The failure behind an error that a server reports in its stream, under the status 200.
UpstreamError reported_failure(const nlohmann::json& body, std::string_view raw);

}  // namespace assistd::providers
