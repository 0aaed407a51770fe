#pragma once
// Cookies that a request came with. Pure function; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace assistd::http {

// The value of the first cookie of that name.
std::optional<std::string> cookie_in(const Headers& headers, std::string_view name);

}  // namespace assistd::http
