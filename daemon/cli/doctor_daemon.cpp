#include "cli/findings.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using enum Level;

// "mcp.lab" is configured as mcp.servers.lab.
std::string setting_of(const std::string& server) {
    return "mcp.servers" + server.substr(server.find('.'));
}

Finding about_plugin(const Context& context, const Json& plugin) {
    const std::string id = field(plugin, "id");
    const std::string name = harmless(id.empty() ? field(plugin, "file") : id);
    const std::string state = field(plugin, "state");
    const std::string reason = harmless(field(plugin, "reason"));
    const std::string program = context.api.program();
    if (state == "ready") {
        const std::string version = harmless(field(plugin, "version"));
        const bool is_agreed_to = plugin.value("changes", Json::array()).empty();
        if (reason.empty() && !is_agreed_to)
            return {note, "plugin",
                    name + " " + version + " tells other things of its tools than somebody agreed to.",
                    "See them with: " + program + " plugins show " + name + ", and agree with: " + program +
                        " plugins approve " + name};
        return {reason.empty() ? good : note, "plugin",
                name + " " + version + (reason.empty() ? "." : ": " + reason)};
    }
    if (state == "left_out") return {note, "plugin", name + ": " + reason};
    const std::string message =
        name + (state == "failed" ? " has failed: " : " is " + harmless(state) + ": ") + reason;
    if (state == "failed")
        return {problem, "plugin", message,
                "Look at " + setting_of(name) + " in the configuration; the daemon's log has what it said."};
    if (state == "starting") return {note, "plugin", message};
    if (state == "waiting")
        return {problem, "plugin", message,
                "See what it tells differently with: " + program + " plugins show " + name +
                    ", and agree with: " + program + " plugins approve " + name};
    if (state == "quarantined")
        return {problem, "plugin", message,
                "The log says how it ended. Once that is mended: " + program + " plugins release " + name};
    // It is not about a plugin, but about a folder of them, and says what to do.
    if (id.empty() && !field(plugin, "file").ends_with(".so"))
        return {problem, "plugin", name + ": " + reason, ""};
    return {problem, "plugin", message,
            "See more with: " + program + " plugins check " + harmless(field(plugin, "file")) +
                ", then replace the file or remove it."};
}

// The circuit breaker remembers failures that the server may have got over.
Finding about_failures(const Json& provider, const std::string& who) {
    const std::string failures = field(provider, "failures_in_a_row");
    if (field(provider, "circuit") == "open")
        return {problem, "provider", who + " kept failing and is left alone for a while; the log says why.",
                "Mend what the log says, or name another in fallback; it is tried again by itself."};
    if (!failures.empty() && failures != "0")
        return {
            note, "provider",
            who + " failed the last time that it was asked (" + failures + " in a row); the log says why."};
    return {good, "provider", who + " has not failed lately."};
}

void look_at_providers(const Json& providers, Findings& findings) {
    for (const Json& provider : providers.value("providers", Json::array())) {
        const std::string name = harmless(field(provider, "name"));
        const bool is_default = provider.value("is_default", Json(false)) == true;
        if (name == "offline") {
            if (is_default)
                findings.push_back(
                    {note, "provider",
                     "The built-in one answers. It needs no key and no network, and understands "
                     "what the tools' own phrases say, no more."});
            continue;
        }
        const std::string who = name + " (" + field(provider, "kind") + (is_default ? ", the default)" : ")");
        const Json check = provider.value("check", Json());
        const std::string said = harmless(field(check, "message"));
        if (check.is_object() && field(check, "ok") != "true") {
            findings.push_back({problem, "provider", who + ": " + said,
                                "Look at providers." + name +
                                    " in the configuration: base_url, and where the key is; then start the "
                                    "daemon anew."});
            continue;
        }
        Finding finding = about_failures(provider, who);
        if (!said.empty()) finding.message += " " + said;
        // Any server may answer like this, also one that serves no models.
        const bool is_sure = check.is_null() || field(check, "lists_models") == "true";
        if (finding.level == good && !is_sure) finding.level = note;
        findings.push_back(std::move(finding));
    }
}

// What the daemon knows of itself that is wrong nowhere else.
void look_at_health(const Context& context, Findings& findings) {
    HttpRequest request;
    request.path = "/health";
    // 503 is an answer here, too: it tells which part is down.
    const Json health = Json::parse(context.api.http().send(std::move(request)).body, nullptr, false);
    if (!health.is_object()) return;
    const Json parts = health.value("parts", Json::object());
    for (const auto& [name, part] : parts.items())
        if (const std::string told = harmless(field(part, "note")); !told.empty())
            findings.push_back({note, name, told});
}

// One whose store takes no writes still answers what is asked below.
void look_whether_ready(const Context& context, Findings& findings) {
    try {
        context.api.must_be_ready();
    } catch (const NotReady& failure) {
        findings.push_back({problem, "daemon",
                            context.api.http().server() + " is assistd, which cannot work: " + failure.what(),
                            "Mend that; it needs no restart, and goes on by itself once it can."});
    }
}

}  // namespace

bool look_at_daemon(const Context& context, Json& providers, Findings& findings) {
    const std::string& server = context.api.http().server();
    try {
        look_whether_ready(context, findings);
        const Json tools = context.api.get("/tools");
        findings.push_back(
            {good, "daemon",
             "It answers at " + server + " with " + counted(field(tools, "count"), "tool") + "."});
        for (const Json& plugin : tools.value("plugins", Json::array()))
            findings.push_back(about_plugin(context, plugin));
        look_at_health(context, findings);
        providers = context.api.get("/providers?check=true");
        look_at_providers(providers, findings);
        return true;
    } catch (const Unreachable& failure) {
        findings.push_back({problem, "daemon", failure.what(),
                            "What else is wrong is told below; the daemon's log says why it ended."});
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::usage) throw;
        if (failure.name() == "unauthenticated") {
            findings.push_back({problem, "daemon", failure.what(), "Ask whoever runs it for a key."});
            return true;
        }
        findings.push_back({problem, "daemon", failure.what(),
                            "If another program answers there, name the daemon's address with --server."});
    }
    return false;
}

void look_at_users(const Context& context, Findings& findings) {
    std::size_t others = 0;
    try {
        const Json page = context.api.get("/users");
        for (const Json& user : page.value("users", Json::array())) others += field(user, "name") != "local";
    } catch (const Failure&) {
        return;  // what is wrong with the daemon is told already
    }
    if (others == 0) return;
    findings.push_back(
        {note, "access",
         counted(std::to_string(others), "user") +
             " besides \"local\" are known, but auth.mode is none: nobody is asked for a key or a password, "
             "and "
             "whoever reaches the port is the administrator \"local\", who may export and remove what others "
             "have.",
         "Set auth.mode to keys, if they are to log in, and start the daemon anew."});
}

}  // namespace assistd::cli
