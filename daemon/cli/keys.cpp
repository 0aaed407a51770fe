// assistctl keys.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>

#include "cli/accounts.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

struct Chosen {
    std::string name;
    std::string user;
    std::vector<std::string> scopes;
    int days = 0;
    bool all = false;
};

std::string words_of(const Json& list) {
    std::string text;
    for (const Json& word : list)
        if (word.is_string()) text += (text.empty() ? "" : ",") + word.get<std::string>();
    return text;
}

ExitCode list(Context& context, const Chosen& chosen) {
    std::string path = "/keys";
    if (!chosen.user.empty()) path += "?user=" + HttpClient::escaped(chosen.user);
    if (chosen.all) path += chosen.user.empty() ? "?all=true" : "&all=true";
    const Json page = context.api.get(path);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {
        {"ID", "BEGINS", "USER", "STATUS", "MAY", "EXPIRES", "LAST USED", "NAME"}};
    for (const Json& key : page.value("keys", Json::array()))
        rows.push_back({field(key, "id"), field(key, "hint"), field(key, "user"), field(key, "status"),
                        words_of(key.value("scopes", Json::array())), when(field(key, "expires_at")),
                        when(field(key, "last_used_at")), field(key, "name")});
    print_list(context, page, rows, "There are no API keys.");
    return ExitCode::good;
}

ExitCode create(Context& context, const Chosen& chosen) {
    Json body = {{"name", chosen.name}};
    if (!chosen.user.empty()) body["user"] = chosen.user;
    if (!chosen.scopes.empty()) body["scopes"] = chosen.scopes;
    if (chosen.days > 0) body["expires_days"] = chosen.days;
    const Json made = context.api.post("/keys", body);
    if (as_json(context, made)) return ExitCode::good;
    // Alone on standard output, so that it can go to a file.
    context.err << harmless("The key is shown this once; keep it where nobody else reads it.") << '\n';
    context.out << harmless(field(made, "key")) << '\n';
    return ExitCode::good;
}

// By its id or its name.
Json key_named(Context& context, const Chosen& chosen) {
    if (chosen.name.starts_with("key_")) return context.api.get("/keys/" + HttpClient::escaped(chosen.name));
    const std::string query = chosen.user.empty() ? "" : "?user=" + HttpClient::escaped(chosen.user);
    std::optional<Json> revoked;
    for (const Json& key : context.api.get("/keys" + query).value("keys", Json::array())) {
        if (field(key, "name") != chosen.name) continue;
        if (field(key, "status") != "revoked") return key;
        if (!revoked) revoked = key;  // the newest; a name is free again when its key is revoked
    }
    if (revoked) return *revoked;
    throw Failure(
        ExitCode::failed,
        "There is no API key \"" + chosen.name + "\"; see them with: " + context.api.program() + " keys",
        "not_found_error", "not_found");
}

ExitCode show(Context& context, const Chosen& chosen) {
    const Json key = key_named(context, chosen);
    if (as_json(context, key)) return ExitCode::good;
    print_fields(context, {{"id", field(key, "id")},
                           {"name", field(key, "name")},
                           {"user", field(key, "user")},
                           {"begins", field(key, "hint")},
                           {"status", field(key, "status")},
                           {"may", words_of(key.value("scopes", Json::array()))},
                           {"created", when(field(key, "created_at"))},
                           {"expires", when(field(key, "expires_at"))},
                           {"revoked", when(field(key, "revoked_at"))},
                           {"last used", when(field(key, "last_used_at"))}});
    return ExitCode::good;
}

ExitCode revoke(Context& context, const Chosen& chosen) {
    const Json key = key_named(context, chosen);
    if (field(key, "status") == "revoked" && !context.json) {
        context.out << harmless(field(key, "name") + " of " + field(key, "user") + " was revoked at " +
                                when(field(key, "revoked_at")) + " already.")
                    << '\n';
        return ExitCode::good;
    }
    context.api.remove("/keys/" + HttpClient::escaped(field(key, "id")));
    if (!as_json(context, {{"id", field(key, "id")}, {"revoked", true}}))
        context.out << harmless("Revoked " + field(key, "name") + " of " + field(key, "user") + ".") << '\n';
    return ExitCode::good;
}

}  // namespace

void add_keys(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    const auto chosen = std::make_shared<Chosen>();
    CLI::App* all = app.add_subcommand("keys", "Lists, makes and revokes API keys; alone it lists them");
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
    const auto add_user = [&](CLI::App* to, const char* help) {
        to->add_option("--user", chosen->user, help)->type_name("USER");
    };
    CLI::App* lists = command("list", "Newest first, revoked ones too", list);
    add_user(lists, "Those of this user, for administrators");
    lists->add_flag("--all", chosen->all, "Those of everybody, for administrators");
    CLI::App* creates = command("create", "Makes a key and prints it, this once", create);
    creates->add_option("name", chosen->name, "What it is for, such as \"laptop\"")->required();
    creates->add_option("--scope", chosen->scopes, "What it may: read, write, tools, admin; may be repeated")
        ->type_name("{read,write,tools,admin}")
        ->take_all();
    creates->add_option("--days", chosen->days, "For how many days; without it, until it is revoked")
        ->check(CLI::Range(1, 36'500));
    add_user(creates, "For this user, by an administrator");
    const auto on_one = [&](const char* name, const char* help, auto run) {
        CLI::App* made = command(name, help, run);
        made->add_option("key", chosen->name, "Its id or its name")->type_name("KEY")->required();
        add_user(made, "Whose it is, when it is named");
    };
    on_one("show", "A key, but not its text", show);
    on_one("revoke", "Ends a key for good", revoke);
}

}  // namespace assistd::cli
