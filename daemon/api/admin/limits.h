#pragma once
// GET /api/v1/ai/limits: what a user may ask for, and what is left of it. Made once, then read from any
// thread.

#include <functional>
#include <string>

#include "base/limit_rules.h"
#include "core/spending.h"
#include "core/turn_slots.h"
#include "http/request_rates.h"
#include "http/router.h"

namespace assistd::api::admin {

// All of it outlives the server.
struct LimitSources {
    std::function<Allowed(const std::string& user)> allowed;
    std::function<bool(const std::string& user)> is_known;
    core::TurnSlots& slots;
    core::Spending& spending;
    http::RequestRates& rates;
};

void add_limit_routes(http::Router& router, LimitSources sources);

}  // namespace assistd::api::admin
