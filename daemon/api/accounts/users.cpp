#include "api/accounts/handlers.h"
#include "api/accounts/render.h"
#include "api/json_body.h"
#include "api/query.h"

namespace assistd::api::accounts {
namespace {

std::optional<core::UserRole> role_in(JsonBody& body) {
    const auto role = body.text("role", 20);
    if (!role) return std::nullopt;
    if (*role != "user" && *role != "admin") body.wrong("role", "role must be \"user\" or \"admin\".");
    return *role == "admin" ? core::UserRole::admin : core::UserRole::user;
}

core::User user_in(const Context& context, const Request& request) {
    const std::string& name = request.path_value("user");
    const auto user = context.accounts.find_user(name);
    if (!user) throw Error(ErrorCode::not_found, "There is no user \"" + name.substr(0, 80) + "\".");
    return *user;
}

// Whoever locks himself out can ask nobody to let him in again.
void refuse_for_oneself(const Request& request, const std::string& what) {
    if (request.path_value("user") == request.user)
        throw Error(ErrorCode::conflict, "You cannot " + what + " yourself; another administrator can.");
}

// What lasts and reaches everywhere is made with what does: else a credential that was lost could be turned
// into a better one.
void check_may_make_administrators(const Context& context, const Request& request) {
    const bool lasts = !context.accounts.end_of(request.rights.credential);
    if (lasts && request.rights.scopes == http::every_scope) return;
    throw Error(
        ErrorCode::forbidden,
        "Administrators are made, let in again and given passwords with a login or with a key that does "
        "not expire and has all scopes; what was sent is another one.");
}

// Where everybody is one user, there is nobody else who could have sent it.
void refuse_own_password(const Request& request, const core::User& user) {
    if (user.name == request.user && !user.password.empty() && !request.rights.credential.empty())
        throw Error(
            ErrorCode::conflict,
            "Your own password is changed by who knows the present one: PUT /api/v1/ai/me/password, or "
            "assistctl users password.");
}

bool makes_administrator(const core::UserChange& change, const core::User& before) {
    const bool is_one = before.role == core::UserRole::admin;
    const bool becomes_one = change.role == core::UserRole::admin && !is_one;
    const bool comes_back = is_one && before.disabled && change.disabled == false;
    return becomes_one || comes_back || (is_one && change.password);
}

}  // namespace

Task<Reply> list_users(const Context& context, Request request) {
    Query(request).finish();
    Json users = Json::array();
    for (const core::User& user : context.accounts.users()) users.push_back(render(user));
    const Json json = {{"users", users}, {"count", users.size()}};
    co_return private_reply(json);
}

Task<Reply> create_user(const Context& context, Request request) {
    Query(request).finish();
    JsonBody body(request);
    core::NewUser user;
    user.name = body.text("name", 200).value_or("");
    if (!body.has("name")) body.wrong("name", "name is missing: a user needs one.");
    user.role = role_in(body).value_or(core::UserRole::user);
    user.password = body.text("password", 4'000).value_or("");
    body.finish();
    if (user.role == core::UserRole::admin) check_may_make_administrators(context, request);
    const core::User made = co_await context.accounts.add_user(std::move(user));
    Reply reply = private_reply(render(made), 201);
    reply.with("Location", "/api/v1/ai/users/" + made.name);
    co_return reply;
}

Task<Reply> show_user(const Context& context, Request request) {
    Query(request).finish();
    co_return private_reply(render(user_in(context, request)));
}

Task<Reply> change_user(const Context& context, Request request) {
    Query(request).finish();
    JsonBody body(request);
    core::UserChange change;
    change.role = role_in(body);
    change.disabled = body.boolean("disabled");
    change.password = body.text("password", 4'000);
    if (body.is_null("password")) change.password = "";
    body.finish();
    const core::User before = user_in(context, request);
    if (change.role && *change.role != before.role) refuse_for_oneself(request, "change the role of");
    if (change.disabled.value_or(false)) refuse_for_oneself(request, "disable");
    if (change.password) refuse_own_password(request, before);
    if (makes_administrator(change, before)) check_may_make_administrators(context, request);
    const core::User changed = co_await context.accounts.change_user(before.name, std::move(change));
    co_return private_reply(render(changed));
}

Task<Reply> delete_user(const Context& context, Request request) {
    Query(request).finish();
    const core::User user = user_in(context, request);
    refuse_for_oneself(request, "delete");
    co_await context.accounts.remove_user(user.name);
    co_return Reply::empty();
}

}  // namespace assistd::api::accounts
