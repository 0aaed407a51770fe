// assistctl doctor: what works, what does not and what to do about it, and which models could be asked.

#include <charconv>
#include <filesystem>
#include <ostream>

#include "base/config.h"
#include "cli/findings.h"
#include "cli/listeners.h"
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

std::uint16_t port_of(const std::string& server) {
    const std::string digits = server.substr(server.rfind(':') + 1);
    std::uint16_t port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

// With which file and in which folder the daemon that answers was started.
std::optional<RunningDaemon> look_at_process(const Context& context, Findings& findings) {
    auto daemon = daemon_with(listeners_on(port_of(context.api.http().server())));
    if (!daemon) {
        findings.push_back(
            {Level::note, "daemon",
             "Its process belongs to another user, or is not on this machine, so what it was "
             "started with is not seen; the configuration and the state folder below may be "
             "others than its own.",
             "Run assistctl doctor as root or as the daemon's user, or name its configuration with "
             "--config."});
        return daemon;
    }
    const auto& file = daemon->sources.file;
    findings.push_back({Level::good, "daemon",
                        "It is the process " + std::to_string(daemon->process) + ", started in " +
                            daemon->folder.string() +
                            (file ? " with " + file->string() : " without a configuration file") + "."});
    return daemon;
}

// What can be seen only on the daemon's own machine: of the one that answers, unless a configuration is
// named.
void look_around_here(const Context& context, const std::string& config_file, bool running,
                      Findings& findings) {
    std::optional<RunningDaemon> daemon;
    if (running && config_file.empty()) daemon = look_at_process(context, findings);
    std::error_code unseen;
    if (daemon) std::filesystem::current_path(daemon->folder, unseen);  // where its paths begin
    const auto config =
        look_at_config(daemon ? daemon->sources : sources_with(config_file), running, findings);
    if (config && !running) look_at_port(context, *config, findings);
    if (config && running && config->auth.mode == AuthMode::none) look_at_users(context, findings);
    const bool is_told = config && (daemon || config->origins.contains("state"));
    std::filesystem::path state = is_told ? config->state : std::filesystem::path(context.state);
    if (daemon && !daemon->state.empty()) state = daemon->state;
    look_at_state(std::filesystem::absolute(state).lexically_normal(), findings);
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
                    << harmless(finding.message) << '\n';
        if (!finding.advice.empty()) context.out << paragraph(context, "→ " + finding.advice, 6) << '\n';
    }
    return code;
}

}  // namespace

ExitCode doctor(Context& context, const DoctorOptions& options) {
    const std::string& config_file = options.config;
    Findings findings;
    Json providers = Json::object();
    if (const std::string configured = context.server_named ? "" : server_of(config_file);
        !configured.empty())
        context.api = ApiClient(context.api.called(), configured, context.api.http().key());
    const std::string& server = context.api.http().server();
    const bool running = look_at_daemon(context, providers, findings);
    if (is_here(server)) look_around_here(context, config_file, running, findings);
    if (running && (options.data || options.remove_orphans))
        look_at_data(context, options.remove_orphans, findings);
    for (std::string& offer : unused_local_models(providers, server))
        findings.push_back({Level::note, "local models", std::move(offer)});
    return tell(context, findings);
}

}  // namespace assistd::cli
