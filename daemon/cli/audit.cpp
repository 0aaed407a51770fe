// assistctl audit: which tools were called, by whom, and what came of it.

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {

ExitCode list_audit(Context& context, const ListOptions& options, const std::string& outcome) {
    std::string path = "/audit" + query_of(options, "tool");
    if (!outcome.empty()) path += "&outcome=" + HttpClient::escaped(outcome);
    const Json page = context.api.get(path);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {
        {"WHEN", "USER", "TOOL", "OUTCOME", "SECONDS", "ARGUMENTS", "TURN"}};
    for (const Json& call : page.value("calls", Json::array()))
        rows.push_back({when(field(call, "at")), field(call, "user"), field(call, "tool"),
                        field(call, "outcome"), fmt::format("{:.3f}", call.value("duration_s", 0.0)),
                        field(call, "arguments_sha256").substr(0, 12), field(call, "turn_id")});
    print_list(context, page, rows, "No tool was called.");
    return ExitCode::good;
}

}  // namespace assistd::cli
