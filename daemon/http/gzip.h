#pragma once
// Compression of whole replies. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>

namespace assistd::http {

// Whether an Accept-Encoding header takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

// Whether a text of this type and size gets noticeably smaller.
bool worth_gzip(std::string_view content_type, std::size_t size);

// Nothing when the result would not be smaller.
std::optional<std::string> gzip(std::string_view text);

}  // namespace assistd::http
