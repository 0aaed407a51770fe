#pragma once
// Users and keys as JSON. What keys and passwords are kept as is never shown. Pure functions.

#include <nlohmann/json.hpp>

#include "core/accounts.h"
#include "http/identity.h"
#include "http/reply.h"

namespace assistd::api::accounts {

using Json = nlohmann::ordered_json;

Json render(const core::User& user);
Json render(const core::ApiKey& key, Timestamp now);
std::string name_of(core::UserRole role);
std::vector<std::string> names_of(http::Scopes scopes);
// One that nothing on the way may keep.
http::Reply private_reply(const Json& json, int status = 200);

}  // namespace assistd::api::accounts
