// assistctl config: what the daemon is configured with, is what it would read now good, and reading it again.

#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

std::string listed(const Json& keys) {
    std::string text;
    for (const Json& key : keys) text += (text.empty() ? "" : ", ") + key.get<std::string>();
    return harmless(text);
}

void tell_report(Context& context, const Json& report) {
    const std::string after_restart = listed(report.value("after_restart", Json::array()));
    if (!after_restart.empty()) context.out << "Counts after a restart: " << after_restart << "\n";
    for (const Json& warning : report.value("warnings", Json::array()))
        context.err << "Warning: " << harmless(warning.get<std::string>()) << "\n";
}

}  // namespace

ExitCode show_config(Context& context) {
    HttpRequest request;
    request.path = std::string(api_prefix) + "/admin/config";
    const HttpReply reply = context.api.http().send(std::move(request));
    ApiClient::check(reply);
    if (!as_json(context, {{"config", reply.body}})) context.out << in_terminal(context, reply.body);
    return ExitCode::good;
}

ExitCode check_config(Context& context) {
    const Json report = context.api.post("/admin/config/check", Json::object());
    if (as_json(context, report)) return ExitCode::good;
    const std::string changed = listed(report.value("changed", Json::array()));
    context.out << "The configuration is good"
                << (changed.empty() ? "; reading it again would change nothing.\n"
                                    : "; reading it again would change: " + changed + "\n");
    tell_report(context, report);
    return ExitCode::good;
}

ExitCode reload_config(Context& context) {
    const Json report = context.api.post("/admin/reload", Json::object());
    if (as_json(context, report)) return ExitCode::good;
    const std::string changed = listed(report.value("changed", Json::array()));
    context.out << (changed.empty() ? "The configuration was read again; no key has changed.\n"
                                    : "The configuration was read again; changed: " + changed + "\n");
    tell_report(context, report);
    return ExitCode::good;
}

}  // namespace assistd::cli
