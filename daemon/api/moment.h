#pragma once
// A moment as people write it. Pure function; any thread.

#include <optional>
#include <string>

#include "base/time.h"

namespace assistd::api {

// "2026-03-01T12:00:00Z", with up to six decimals of the second. Nothing for what is no moment, such as a
// 30th of February.
std::optional<Timestamp> moment_in(std::string text);

}  // namespace assistd::api
