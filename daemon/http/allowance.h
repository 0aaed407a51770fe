#pragma once
// What is left of somebody's limits, as the headers of replies tell it. Values and pure functions, any
// thread.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/reply.h"

namespace assistd::http {

struct Allowance {
    enum class Of { requests, tokens, cost };
    Of of = Of::requests;
    std::string_view whose;  // user, key or address; a literal
    std::int64_t limit = 0;  // in the window; of costs in millionths of a dollar, as what remains
    std::int64_t remaining = 0;
    std::chrono::seconds window{0};
    std::chrono::milliseconds reset{0};  // until all of it is there again
};

// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers) about requests, since the draft has
// no unit for the others; and x-ratelimit-…-requests and -tokens, which clients of OpenAI read, and -cost, in
// dollars, about whichever is nearest to its end.
void add_headers(Reply& reply, const std::vector<Allowance>& allowances);

// "6m0s", "1.5s", "12ms": as those clients read times.
std::string short_duration(std::chrono::milliseconds time);

}  // namespace assistd::http
