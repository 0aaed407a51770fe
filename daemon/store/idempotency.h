#pragma once
// Idempotency keys, which turns and uploads have in a column of their own.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace assistd::store {

inline constexpr std::chrono::hours idempotency_lifetime{24};

inline std::optional<std::string_view> key_or_null(const std::string& key) {
    if (key.empty()) return std::nullopt;
    return key;
}

inline Error key_of_another_request() {
    return {ErrorCode::conflict,
            "This Idempotency-Key was used for another request within the last 24 hours; use a new key."};
}

}  // namespace assistd::store
