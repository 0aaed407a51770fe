#include "api/accounts/handlers.h"
#include "api/accounts/render.h"
#include "api/json_body.h"
#include "api/query.h"
#include "base/utf8.h"
#include "http/cookie.h"
#include "http/text.h"

namespace assistd::api::accounts {
namespace {

constexpr std::size_t longest_text = 4'000;  // of what people type

std::string name_of(AuthMode mode) {
    switch (mode) {
        case AuthMode::none:
            return "none";
        case AuthMode::keys:
            return "keys";
        case AuthMode::jwt:
            break;
    }
    return "jwt";
}

// Read by no script and sent with no request that begins on another site. A proxy that takes HTTPS says so.
std::string cookie_line(const Request& request, const std::string& value, std::chrono::seconds age) {
    std::string line = std::string(core::session_cookie) + "=" + value +
                       "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age.count());
    const std::string scheme = request.header("X-Forwarded-Proto").value_or("");
    if (http::equal_ignoring_case(scheme, "https")) line += "; Secure";
    return line;
}

bool is_by_cookie(const Request& request) {
    return request.rights.credential.starts_with("session_");
}

}  // namespace

Task<Reply> show_me(const Context& context, Request request) {
    Query(request).finish();
    const auto user = context.accounts.find_user(request.user);
    const bool is_admin = request.rights.admin || (user && user->role == core::UserRole::admin);
    // What a session of a login would allow to an administrator is not what somebody else may do.
    http::Scopes scopes = request.rights.scopes;
    if (!request.rights.admin) scopes.remove(http::Scope::admin);
    Json json = {{"user", request.user},
                 {"role", is_admin ? "admin" : "user"},
                 {"scopes", names_of(scopes)},
                 {"auth", name_of(context.mode)},
                 {"takes_keys", context.takes_keys},
                 {"has_password", user && !user->password.empty()}};
    if (request.rights.credential.starts_with("key_"))
        json["key"] =
            render(context.accounts.find_key(*core::KeyId::parse(request.rights.credential)), now());
    const auto cookie = http::cookie_in(request.headers, core::session_cookie);
    if (cookie && is_by_cookie(request)) json["csrf_token"] = context.accounts.csrf_token_of(*cookie);
    co_return private_reply(json);
}

Task<Reply> change_own_password(const Context& context, Request request) {
    Query(request).finish();
    JsonBody body(request);
    const auto current = body.text("current_password", longest_text);
    const auto wanted = body.text("new_password", longest_text);
    if (!wanted || count_characters(*wanted) < core::shortest_password ||
        wanted->size() > core::longest_password)
        body.wrong("new_password", "new_password must be there and have 10 to 1000 characters.");
    body.finish();
    const auto user = context.accounts.find_user(request.user);
    if (!user) throw Error(ErrorCode::not_found, "There is no user \"" + request.user + "\".");
    // A key that was lost must not become a password, which can do everything.
    if (user->password.empty())
        throw Error(ErrorCode::forbidden,
                    "You have no password yet; the first one is set by an administrator.");
    if (!current)
        throw Error(ErrorCode::forbidden,
                    "current_password is missing: a password is changed by who knows it.");
    bool is_wrong = false;
    try {
        co_await context.accounts.check_password(request.user, *current, request.peer);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unauthenticated) throw;
        is_wrong = true;  // nobody asked for a name
    }
    if (is_wrong) throw Error(ErrorCode::unauthenticated, "The present password is wrong.");
    core::UserChange change;
    change.password = *wanted;
    co_await context.accounts.change_user(request.user, std::move(change));
    co_return Reply::empty();
}

// Before anybody is known: a page must not ask for what is not taken.
Task<Reply> show_ways_in(const Context& context, Request request) {
    Query(request).finish();
    const Json json = {{"auth", name_of(context.mode)}, {"takes_keys", context.takes_keys}};
    co_return private_reply(json);
}

Task<Reply> log_in(const Context& context, Request request) {
    Query(request).finish();
    // What a form of another site can send without asking first is not looked at.
    const std::string type = request.header("Content-Type").value_or("");
    if (!http::equal_ignoring_case(http::trim(type.substr(0, type.find(';'))), "application/json"))
        throw Error(ErrorCode::invalid_request, "The Content-Type must be application/json.");
    JsonBody body(request);
    core::Login login;
    login.name = body.text("name", longest_text).value_or("");
    login.password = body.text("password", longest_text).value_or("");
    login.key = body.text("key", longest_text).value_or("");
    login.address = request.peer;
    if (login.key.empty() && login.name.empty())
        body.wrong("name", "name is missing, with a password; or key.");
    if (!login.key.empty() && body.has("name")) body.wrong("key", "key and name must not both be there.");
    body.finish();
    if (context.mode == AuthMode::none || !context.takes_keys)
        throw Error(ErrorCode::not_found, context.mode == AuthMode::none
                                              ? "This server needs no login."
                                              : "This server takes tokens only; there is no login.");
    const core::LoggedIn made = co_await context.accounts.log_in(std::move(login));
    const auto user = context.accounts.find_user(made.session.owner);
    const Json json = {{"user", made.session.owner},
                       {"role", user ? accounts::name_of(user->role) : "user"},
                       {"csrf_token", made.csrf_token},
                       {"expires_at", to_iso8601(made.session.expires_at)}};
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(made.session.expires_at - made.session.created_at);
    Reply reply = private_reply(json);
    reply.with("Set-Cookie", cookie_line(request, made.cookie, age));
    co_return reply;
}

Task<Reply> log_out(const Context& context, Request request) {
    Query(request).finish();
    const auto cookie = http::cookie_in(request.headers, core::session_cookie);
    if (cookie) co_await context.accounts.log_out(*cookie);
    Reply reply = Reply::empty();
    reply.with("Set-Cookie", cookie_line(request, "", std::chrono::seconds(0)));
    co_return reply;
}

}  // namespace assistd::api::accounts
