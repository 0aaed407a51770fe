#include "api/accounts/routes.h"

#include "api/accounts/handlers.h"

namespace assistd::api::accounts {

void add_routes(http::Router& router, const Context& context) {
    using enum http::Method;
    const auto route = [&](http::Method method, const std::string& path,
                           Task<Reply> (*handler)(const Context&, Request),
                           http::Needs needs = http::Needs::by_method) {
        router.add(method, "/api/v1" + path,
                   [&context, handler](Request request) { return handler(context, std::move(request)); },
                   {.max_body = 64 << 10, .needs = needs});
    };
    constexpr auto admin = http::Needs::admin;

    route(get, "/ai/users", list_users, admin);
    route(post, "/ai/users", create_user, admin);
    route(get, "/ai/users/{user}", show_user, admin);
    route(patch, "/ai/users/{user}", change_user, admin);
    route(del, "/ai/users/{user}", delete_user, admin);

    route(get, "/ai/keys", list_keys);
    route(post, "/ai/keys", create_key);
    route(get, "/ai/keys/{key}", show_key);
    route(del, "/ai/keys/{key}", revoke_key);

    route(get, "/ai/me", show_me);
    route(put, "/ai/me/password", change_own_password);

    route(get, "/session", show_ways_in, http::Needs::nothing);
    route(post, "/session", log_in, http::Needs::nothing);
    route(del, "/session", log_out, http::Needs::nothing);
}

}  // namespace assistd::api::accounts
