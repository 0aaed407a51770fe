#pragma once
// The handlers of users, keys, logins and "who am I", by resource; the table that says which is called when
// is routes.cpp. Each is a coroutine on a strand of its own. They translate and check; everything else is the
// accounts'.

#include "api/accounts/routes.h"
#include "base/async.h"
#include "http/reply.h"
#include "http/request.h"

namespace assistd::api::accounts {

using http::Reply;
using http::Request;

// users.cpp
Task<Reply> list_users(const Context& context, Request request);
Task<Reply> create_user(const Context& context, Request request);
Task<Reply> show_user(const Context& context, Request request);
Task<Reply> change_user(const Context& context, Request request);
Task<Reply> delete_user(const Context& context, Request request);

// keys.cpp
Task<Reply> list_keys(const Context& context, Request request);
Task<Reply> create_key(const Context& context, Request request);
Task<Reply> show_key(const Context& context, Request request);
Task<Reply> revoke_key(const Context& context, Request request);

// sessions.cpp
Task<Reply> show_me(const Context& context, Request request);
Task<Reply> change_own_password(const Context& context, Request request);
Task<Reply> show_ways_in(const Context& context, Request request);
Task<Reply> log_in(const Context& context, Request request);
Task<Reply> log_out(const Context& context, Request request);

}  // namespace assistd::api::accounts
