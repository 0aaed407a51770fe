#pragma once
// Users, API keys, logins of the chat page, and who the caller is: /api/v1/ai/{users,keys,me} and
// /api/v1/session.

#include "base/auth_config.h"
#include "core/accounts.h"
#include "core/data_care.h"
#include "http/router.h"

namespace assistd::api::accounts {

// What the handlers are given. Outlives the server.
struct Context {
    core::Accounts& accounts;
    core::AuditLog& audit;
    core::DataCare& data;
    AuthMode mode = AuthMode::none;
    bool takes_keys = true;  // and logins
};

void add_routes(http::Router& router, const Context& context);

}  // namespace assistd::api::accounts
