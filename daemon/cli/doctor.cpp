// assistctl doctor: what works, what does not, and which models could be asked. It looks and changes nothing.

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <ostream>

#include "cli/commands.h"
#include "cli/local_models.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr double little_space_gb = 1;

struct Finding {
    std::string level;  // good, note, problem
    std::string about;
    std::string message;
};
using Findings = std::vector<Finding>;

void look_at_plugins(const Json& tools, Findings& findings) {
    for (const Json& plugin : tools.value("plugins", Json::array())) {
        const std::string id = field(plugin, "id");
        const std::string name = harmless(id.empty() ? field(plugin, "file") : id);
        const std::string reason = harmless(field(plugin, "reason"));
        if (field(plugin, "state") == "ready")
            findings.push_back(
                {reason.empty() ? "good" : "note", "plugin",
                 name + " " + harmless(field(plugin, "version")) + (reason.empty() ? "." : ": " + reason)});
        else
            findings.push_back({field(plugin, "state") == "starting" ? "note" : "problem", "plugin",
                                name + " is " + harmless(field(plugin, "state")) + ": " + reason});
    }
}

// The circuit breaker remembers failures that the server may have got over.
Finding about_failures(const Json& provider, const std::string& who) {
    const std::string failures = field(provider, "failures_in_a_row");
    if (field(provider, "circuit") == "open")
        return {"problem", "provider",
                who + " kept failing and is left alone for a while; the log says why."};
    if (!failures.empty() && failures != "0")
        return {
            "note", "provider",
            who + " failed the last time that it was asked (" + failures + " in a row); the log says why."};
    return {"good", "provider", who + " has not failed lately."};
}

void look_at_providers(const Json& providers, Findings& findings) {
    for (const Json& provider : providers.value("providers", Json::array())) {
        const std::string name = harmless(field(provider, "name"));
        const bool is_default = provider.value("is_default", Json(false)) == true;
        if (name == "offline") {
            if (is_default)
                findings.push_back(
                    {"note", "provider",
                     "The built-in one answers. It needs no key and no network, and understands "
                     "what the tools' own phrases say, no more."});
            continue;
        }
        const std::string who = name + " (" + field(provider, "kind") + (is_default ? ", the default)" : ")");
        const Json check = provider.value("check", Json());
        const std::string said = harmless(field(check, "message"));
        if (check.is_object() && field(check, "ok") != "true") {
            findings.push_back({"problem", "provider", who + ": " + said});
            continue;
        }
        Finding finding = about_failures(provider, who);
        if (!said.empty()) finding.message += " " + said;
        // Any server may answer like this, also one that serves no models.
        const bool is_sure = check.is_null() || field(check, "lists_models") == "true";
        if (finding.level == "good" && !is_sure) finding.level = "note";
        findings.push_back(std::move(finding));
    }
}

void look_at_space(const std::string& state, Findings& findings) {
    struct statvfs about {};
    if (::statvfs(state.c_str(), &about) != 0) return;  // not this machine's
    const double free_gb = static_cast<double>(about.f_bavail) * static_cast<double>(about.f_frsize) / 1e9;
    findings.push_back({free_gb < little_space_gb ? "problem" : "good", "state",
                        fmt::format("{} has {:.1f} GB left.", state, free_gb)});
}

// Where nothing answers there is nothing else to ask it.
void look_at_daemon(Context& context, Json& providers, Findings& findings) {
    const std::string& server = context.api.http().server();
    try {
        HttpRequest request;
        request.path = "/readyz";
        ApiClient::check(context.api.http().send(std::move(request)));
        const Json tools = context.api.get("/tools");
        findings.push_back(
            {"good", "daemon", "It answers at " + server + " with " + field(tools, "count") + " tools."});
        look_at_plugins(tools, findings);
        providers = context.api.get("/providers?check=true");
        look_at_providers(providers, findings);
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::usage) throw;
        findings.push_back({"problem", "daemon", failure.what()});
    }
}

}  // namespace

ExitCode doctor(Context& context) {
    Findings findings;
    Json providers = Json::object();
    look_at_daemon(context, providers, findings);
    look_at_space(context.state, findings);
    for (std::string& offer : unused_local_models(providers, context.api.http().server()))
        findings.push_back({"note", "local models", std::move(offer)});

    Json document = {{"ok", true}, {"findings", Json::array()}};
    for (const Finding& finding : findings) {
        if (finding.level == "problem") document["ok"] = false;
        document["findings"].push_back(
            {{"level", finding.level}, {"about", finding.about}, {"message", finding.message}});
    }
    const ExitCode code = document["ok"] == true ? ExitCode::good : ExitCode::failed;
    if (as_json(context, document)) return code;
    for (const Finding& finding : findings) {
        const std::string mark = finding.level == "good" ? "ok  " : finding.level == "note" ? "note" : "FAIL";
        context.out << mark << "  " << finding.about << ": " << finding.message << '\n';
    }
    return code;
}

}  // namespace assistd::cli
