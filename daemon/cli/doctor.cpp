// assistctl doctor: what works, what does not and what to do about it, and which models could be asked.

#include <ostream>

#include "base/config.h"
#include "cli/findings.h"
#include "cli/local_models.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

const char* name_of(Level level) {
    return level == Level::good ? "good" : level == Level::note ? "note" : "problem";
}

bool is_here(const std::string& server) {
    for (const char* host : {"//127.", "//localhost", "//[::1]"})
        if (server.find(host) != std::string::npos) return true;
    return false;
}

// What can be seen only on the daemon's own machine.
void look_around_here(const Context& context, const std::string& config_file, bool running,
                      Findings& findings) {
    const auto config = look_at_config(config_file, running, findings);
    if (config && !running) look_at_port(context, *config, findings);
    const bool is_told = config && config->origins.contains("state");
    look_at_state(is_told ? config->state : std::filesystem::path(context.state), findings);
    look_at_machine(findings);
}

ExitCode tell(Context& context, const Findings& findings) {
    bool good = true;
    Json document = {{"ok", true}, {"findings", Json::array()}};
    for (const Finding& finding : findings) {
        good = good && finding.level != Level::problem;
        document["findings"].push_back({{"level", name_of(finding.level)},
                                        {"about", finding.about},
                                        {"message", finding.message},
                                        {"advice", finding.advice.empty() ? Json() : Json(finding.advice)}});
    }
    document["ok"] = good;
    const ExitCode code = good ? ExitCode::good : ExitCode::failed;
    if (as_json(context, document)) return code;
    for (const Finding& finding : findings) {
        const bool problem = finding.level == Level::problem;
        const std::string mark = finding.level == Level::good ? "ok  " : problem ? "FAIL" : "note";
        const std::string color = !context.terminal.color        ? ""
                                  : problem                      ? "\x1b[31m"
                                  : finding.level == Level::note ? "\x1b[33m"
                                                                 : "\x1b[32m";
        context.out << color << mark << (color.empty() ? "" : "\x1b[0m") << "  " << finding.about << ": "
                    << finding.message << '\n';
        if (!finding.advice.empty()) context.out << paragraph(context, "→ " + finding.advice, 6) << '\n';
    }
    return code;
}

}  // namespace

ExitCode doctor(Context& context, const std::string& config_file) {
    Findings findings;
    Json providers = Json::object();
    if (const std::string configured = context.server_named ? "" : server_of(config_file);
        !configured.empty())
        context.api = ApiClient(context.api.called(), configured, context.api.http().key());
    const std::string& server = context.api.http().server();
    const bool running = look_at_daemon(context, providers, findings);
    if (is_here(server)) look_around_here(context, config_file, running, findings);
    for (std::string& offer : unused_local_models(providers, server))
        findings.push_back({Level::note, "local models", std::move(offer)});
    return tell(context, findings);
}

}  // namespace assistd::cli
