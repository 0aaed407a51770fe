// assistctl users and whoami.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/accounts.h"
#include "cli/output.h"
#include "cli/secret_line.h"

namespace assistd::cli {
namespace {

struct Chosen {
    std::string name;
    std::string role;
    bool admin = false;
    bool password = false;
    bool take_over = false;
};

std::string path_to(const std::string& user) {
    return "/users/" + HttpClient::escaped(user);
}

std::string state_of(const Json& user) {
    return field(user, "disabled") == "true" ? "disabled" : "";
}

ExitCode list(Context& context, const Chosen&) {
    const Json page = context.api.get("/users");
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"NAME", "ROLE", "STATE", "PASSWORD", "LAST SEEN"}};
    for (const Json& user : page.value("users", Json::array()))
        rows.push_back({field(user, "name"), field(user, "role"), state_of(user),
                        field(user, "has_password") == "true" ? "yes" : "no",
                        when(field(user, "last_seen_at"))});
    print_list(context, page, rows, "There are no users.");
    return ExitCode::good;
}

void tell_user(Context& context, const Json& user) {
    print_fields(context, {{"name", field(user, "name")},
                           {"role", field(user, "role")},
                           {"state", state_of(user)},
                           {"password", field(user, "has_password") == "true" ? "yes" : "no"},
                           {"comes from", field(user, "origin") == "token" ? "a token" : ""},
                           {"last seen", when(field(user, "last_seen_at"))},
                           {"created", when(field(user, "created_at"))}});
}

ExitCode show(Context& context, const Chosen& chosen) {
    const Json user = context.api.get(path_to(chosen.name));
    if (!as_json(context, user)) tell_user(context, user);
    return ExitCode::good;
}

ExitCode create(Context& context, const Chosen& chosen) {
    Json body = {{"name", chosen.name}, {"role", chosen.admin ? "admin" : "user"}};
    if (chosen.take_over) body["take_over"] = true;
    if (chosen.password) body["password"] = read_secret(context.err, "Password of " + chosen.name);
    const Json made = context.api.post("/users", body);
    if (as_json(context, made)) return ExitCode::good;
    context.out << harmless("Made " + chosen.name + ".") << '\n';
    if (!chosen.password)
        context.out << harmless("To let this user in: " + context.api.program() +
                                " keys create NAME --user " + chosen.name)
                    << '\n';
    return ExitCode::good;
}

ExitCode change(Context& context, const Chosen& chosen, const Json& body, const std::string& sentence) {
    const Json changed = context.api.patch(path_to(chosen.name), body);
    if (!as_json(context, changed)) context.out << harmless(sentence) << '\n';
    return ExitCode::good;
}

ExitCode set_role(Context& context, const Chosen& chosen) {
    return change(context, chosen, {{"role", chosen.role}},
                  chosen.name + " has the role " + chosen.role + " now.");
}

ExitCode disable(Context& context, const Chosen& chosen) {
    return change(context, chosen, {{"disabled", true}}, "Disabled " + chosen.name + ".");
}

ExitCode enable(Context& context, const Chosen& chosen) {
    return change(context, chosen, {{"disabled", false}}, "Enabled " + chosen.name + ".");
}

// Whether the daemon wants to hear the present password first: it is one's own.
bool is_own_password(Context& context, const Chosen& chosen) {
    const Json me = context.api.get("/me");
    return field(me, "user") == chosen.name && field(me, "has_password") == "true" &&
           field(me, "auth") != "none";
}

ExitCode set_password(Context& context, const Chosen& chosen) {
    if (is_own_password(context, chosen)) {
        Json body = {{"current_password", read_present_secret(context.err, "Your present password")}};
        body["new_password"] = read_secret(context.err, "Your new password");
        HttpRequest request;
        request.method = "PUT";
        request.path = std::string(api_prefix) + "/me/password";
        request.body = body.dump();
        const HttpReply reply = context.api.http().send(std::move(request));
        if (reply.status == 401)  // no word of the key: it has just been good
            throw Failure(ExitCode::failed, "The present password is wrong. Nothing was changed.",
                          "authentication_error", "unauthenticated");
        ApiClient::check(reply);
        if (!as_json(context, {{"name", chosen.name}, {"changed", true}}))
            context.out << harmless("Your password is changed, and you are logged out everywhere.") << '\n';
        return ExitCode::good;
    }
    const Json body = {{"password", read_secret(context.err, "New password of " + chosen.name)}};
    return change(context, chosen, body, chosen.name + " has a new password, and is logged out everywhere.");
}

// Also what is still there of the name: whoever gets it gets that.
ExitCode remove(Context& context, const Chosen& chosen) {
    context.api.remove(path_to(chosen.name));
    const Json amounts = context.api.get(path_to(chosen.name) + "/data").value("amounts", Json::object());
    if (as_json(context, {{"name", chosen.name}, {"deleted", true}, {"stays", amounts}}))
        return ExitCode::good;
    std::string told = "Deleted " + chosen.name + ".";
    if (amounts.empty()) {
        context.out << harmless(told + " There is nothing of the user.") << '\n';
        return ExitCode::good;
    }
    std::string there;
    for (const auto& [what, rows] : amounts.items())
        there += (there.empty() ? "" : ", ") + what + ": " + rows.dump();
    std::ranges::replace(there, '_', ' ');
    context.out << harmless(told + " What the user made is still there (" + there + "); remove it with: " +
                            context.api.program() + " users remove-data " + chosen.name)
                << '\n';
    return ExitCode::good;
}

}  // namespace

void add_users(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    const auto chosen = std::make_shared<Chosen>();
    CLI::App* all = app.add_subcommand(
        "users", "Lists, makes, changes and deletes those who may use the daemon; alone it lists them");
    all->require_subcommand(0, 1);
    all->callback([&action, chosen] {  // runs after the callback of a command in it
        if (!action) action = [chosen](Context& context) { return list(context, *chosen); };
    });
    const auto command = [&](const char* name, const char* help, auto run) {
        CLI::App* made = all->add_subcommand(name, help);
        made->callback([&action, chosen, run] {
            action = [chosen, run](Context& context) { return run(context, *chosen); };
        });
        return made;
    };
    command("list", "By name", list);
    CLI::App* creates = command("create", "Makes a user", create);
    creates->add_option("name", chosen->name, "The user's name, which never changes")->required();
    creates->add_flag("--admin", chosen->admin, "An administrator");
    creates->add_flag("--password", chosen->password,
                      "With a password for the chat page, which is asked for");
    creates->add_flag("--take-over", chosen->take_over,
                      "Also when things of a former user of that name are there: the new one has them then");
    const auto on_one = [&](const char* name, const char* help, auto run) {
        CLI::App* made = command(name, help, run);
        made->add_option("user", chosen->name, "The user's name")->type_name("USER")->required();
        return made;
    };
    on_one("show", "A user", show);
    on_one("role", "Makes a user an administrator, or no more", set_role)
        ->add_option("role", chosen->role, "The new role")
        ->check(CLI::IsMember({"user", "admin"}))
        ->required();
    on_one("password", "Asks for a new password for the chat page, and sets it", set_password);
    on_one("disable", "Lets a user in no more; what the user made stays", disable);
    on_one("enable", "Lets a user in again", enable);
    on_one("delete", "Deletes a user with all keys; what the user made stays", remove);
}

ExitCode who_am_i(Context& context) {
    const Json me = context.api.get("/me");
    if (as_json(context, me)) return ExitCode::good;
    std::string scopes;
    for (const Json& scope : me.value("scopes", Json::array()))
        if (scope.is_string()) scopes += (scopes.empty() ? "" : ", ") + scope.get<std::string>();
    const Json key = me.value("key", Json::object());
    print_fields(context, {{"user", field(me, "user")},
                           {"role", field(me, "role")},
                           {"may", scopes},
                           {"key", field(key, "name")},
                           {"key expires", when(field(key, "expires_at"))},
                           {"authentication", field(me, "auth")}});
    return ExitCode::good;
}

}  // namespace assistd::cli
