#pragma once
// What a server says about an error, made fit for a sentence: bounded, on one line. Pure functions.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace assistd::providers {

// At most `limit` bytes and whole characters of `text`, with white space and control characters as single
// blanks.
std::string excerpt(std::string_view text, std::size_t limit);

// The message inside an error body: {"error": {"message"}}, {"error": "…"}, {"message"} or {"detail"};
// otherwise an excerpt of `raw`.
std::string error_text(const nlohmann::json& body, std::string_view raw);
// The same for a body that may not be JSON at all.
std::string error_text(std::string_view raw);

// `text` with every occurrence of `secret` blotted out.
std::string without_secret(std::string text, std::string_view secret);

}  // namespace assistd::providers
