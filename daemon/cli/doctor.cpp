// assistctl doctor: what works, what does not, and which models could be asked. It looks and changes nothing.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr auto patience = std::chrono::seconds(2);  // with a server on this machine
constexpr double little_space_gb = 1;

struct Finding {
    std::string level;  // good, note, problem
    std::string about;
    std::string message;
};
using Findings = std::vector<Finding>;

// What a server of somebody else's answers; null when there is none, or nothing that we know.
Json ask_other(const std::string& server, const std::string& path) {
    HttpRequest request;
    request.path = path;
    const auto end = std::chrono::steady_clock::now() + patience;
    request.tick = [end] {
        if (std::chrono::steady_clock::now() > end) throw Unreachable("It does not answer in time.");
    };
    try {
        const HttpReply reply = HttpClient(server).send(std::move(request));
        if (reply.status != 200) return nullptr;
        return Json::parse(reply.body, nullptr, false);
    } catch (const Failure&) {
        return nullptr;
    }
}

std::string environment(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? otherwise : value;
}

// Where Ollama listens, by its own variable OLLAMA_HOST.
std::string ollama_address() {
    std::string host = environment("OLLAMA_HOST", "127.0.0.1:11434");
    if (host.find("://") == std::string::npos) host = "http://" + host;
    const std::string any = "://0.0.0.0";
    if (const std::size_t at = host.find(any); at != std::string::npos)
        host.replace(at, any.size(), "://127.0.0.1");
    return host.find(':', host.find("://") + 3) == std::string::npos ? host + ":11434" : host;
}

// And llama-server, by its variable LLAMA_ARG_PORT.
std::string llama_server_address() {
    return "http://127.0.0.1:" + environment("LLAMA_ARG_PORT", "8080");
}

std::vector<std::string> names_in(const Json& document, const char* list, const char* name) {
    std::vector<std::string> names;
    if (!document.is_object() || !document.contains(list) || !document.at(list).is_array()) return names;
    for (const Json& one : document.at(list))
        if (one.is_object() && !field(one, name).empty()) names.push_back(harmless(field(one, name)));
    return names;
}

std::string how_to_use(const std::string& kind, const std::string& address, const std::string& model) {
    const std::string base = kind == "openai" ? address + "/v1" : address;
    return fmt::format(
        "To use it, put this into the configuration:\n  model: local:{}\n  providers:\n    local: {{kind: "
        "{}, "
        "base_url: \"{}\"}}",
        model, kind, base);
}

bool is_configured(const Json& providers, const std::string& kind) {
    for (const Json& provider : providers.value("providers", Json::array()))
        if (field(provider, "kind") == kind) return true;
    return false;
}

void look_for_local_models(const Json& providers, const std::string& own_server, Findings& findings) {
    const std::string ollama = ollama_address();
    const auto models = names_in(ask_other(ollama, "/api/tags"), "models", "name");
    if (!models.empty() && !is_configured(providers, "ollama"))
        findings.push_back(
            {"note", "local models",
             fmt::format("Ollama answers at {} and has {}. {}", ollama, fmt::join(models, ", "),
                         how_to_use("ollama", ollama, models.front()))});
    const std::string llama = llama_server_address();
    if (llama == own_server || is_configured(providers, "openai")) return;
    const Json list = ask_other(llama, "/v1/models");
    const auto served = names_in(list, "data", "id");
    if (!served.empty() && field(list.at("data").at(0), "owned_by") == "llamacpp")
        findings.push_back(
            {"note", "local models",
             fmt::format("llama-server answers at {} and has {}. {}", llama, fmt::join(served, ", "),
                         how_to_use("openai", llama, served.front()))});
}

void look_at_plugins(const Json& tools, Findings& findings) {
    for (const Json& plugin : tools.value("plugins", Json::array())) {
        const std::string id = field(plugin, "id");
        const std::string name = harmless(id.empty() ? field(plugin, "file") : id);
        if (field(plugin, "state") == "ready")
            findings.push_back({"good", "plugin", name + " " + harmless(field(plugin, "version")) + "."});
        else
            findings.push_back({"problem", "plugin",
                                name + " is " + harmless(field(plugin, "state")) + ": " +
                                    harmless(field(plugin, "reason"))});
    }
}

void look_at_providers(const Json& providers, Findings& findings) {
    for (const Json& provider : providers.value("providers", Json::array())) {
        const std::string name = harmless(field(provider, "name"));
        const bool is_default = provider.value("is_default", Json(false)) == true;
        const std::string role = is_default ? ", the default" : "";
        const std::string failures = field(provider, "failures_in_a_row");
        if (field(provider, "circuit") == "open")
            findings.push_back(
                {"problem", "provider",
                 name + role + " kept failing and is left alone for a while; the log says why."});
        else if (!failures.empty() && failures != "0")
            findings.push_back({"problem", "provider",
                                name + role + " failed the last time that it was asked (" + failures +
                                    " in a row); the log says why."});
        else if (name != "offline")
            findings.push_back(
                {"good", "provider",
                 name + " (" + field(provider, "kind") + ")" + role + ", has not failed lately."});
        else if (is_default)
            findings.push_back({"note", "provider",
                                "The built-in one answers. It needs no key and no network, and understands "
                                "what the tools' own phrases say, no more."});
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
        providers = context.api.get("/providers");
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
    look_for_local_models(providers, context.api.http().server(), findings);

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
