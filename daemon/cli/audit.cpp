// assistctl audit: which tools were called, by whom, and what came of it; and what administrators did.

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/days.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

std::string in_seconds(const Json& time) {
    return time.is_number() ? fmt::format("{:.3f}", time.get<double>()) : "-";
}
std::string in_mib(const Json& bytes) {
    return bytes.is_number() ? fmt::format("{:.1f} MiB", bytes.get<double>() / (1 << 20)) : "-";
}

constexpr const char* columns[] = {"at",           "user",         "tool",       "outcome",
                                   "decided_by",   "duration_s",   "cpu_s",      "peak_memory_bytes",
                                   "plugin",       "version",      "project_id", "conversation_id",
                                   "turn_id",      "tool_call_id", "job_id",     "arguments_sha256",
                                   "result_bytes", "artifacts",    "whom",       "details",
                                   "credential"};

std::string row_of(Json call) {
    const Json plugin = call.value("plugin", Json::object());
    call["version"] = field(plugin, "version");
    call["plugin"] = field(plugin, "id");
    if (const Json deed = call.value("deed", Json()); deed.is_object()) call.update(deed);
    std::string row;
    for (const char* column : columns) row += (row.empty() ? "" : ",") + csv_cell(field(call, column));
    return row;
}

// In the columns of a call: by which key, and about whom.
std::vector<std::string> row_of_deed(const Json& call, const Json& deed) {
    std::string about = field(deed, "whom");
    if (const std::string details = field(deed, "details"); !details.empty())
        about += (about.empty() ? "" : ", ") + details;
    return {when_exactly(field(call, "at")),
            field(call, "user"),
            field(call, "tool"),
            field(call, "outcome"),
            field(deed, "credential"),
            "-",
            "-",
            "-",
            about,
            "",
            ""};
}

// Page by page: there may be any number.
ExitCode print_csv(Context& context, const std::string& query, ListOptions page_options) {
    std::string heading;
    for (const char* column : columns) heading += (heading.empty() ? "" : ",") + std::string(column);
    context.out << heading << "\r\n";
    page_options.limit = 100;
    do {
        const Json page = context.api.get("/audit" + query_of(page_options, "tool") + query);
        for (const Json& call : page.value("calls", Json::array()))
            context.out << in_terminal(context, row_of(call)) << "\r\n";
        page_options.cursor = field(page, "next_cursor");
    } while (!page_options.cursor.empty());
    return ExitCode::good;
}

}  // namespace

ExitCode list_audit(Context& context, const ListOptions& options, const AuditOptions& audit) {
    std::string query;
    const auto narrow = [&](const char* key, const std::string& value) {
        if (!value.empty()) query += std::string("&") + key + "=" + HttpClient::escaped(value);
    };
    narrow("outcome", audit.outcome);
    narrow("since", day_named(audit.since));
    narrow("until", day_named(audit.until));
    if (audit.csv) return print_csv(context, query, options);
    const Json page = context.api.get("/audit" + query_of(options, "tool") + query);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {
        {"WHEN", "USER", "TOOL", "OUTCOME", "BY", "SECONDS", "CPU", "MEMORY", "ARGUMENTS", "TURN", "JOB"}};
    for (const Json& call : page.value("calls", Json::array())) {
        if (const Json deed = call.value("deed", Json()); deed.is_object()) {
            rows.push_back(row_of_deed(call, deed));
            continue;
        }
        rows.push_back(
            {when_exactly(field(call, "at")), field(call, "user"), tool_of(context, call),
             field(call, "outcome"), field(call, "decided_by"),
             fmt::format("{:.3f}", call.value("duration_s", 0.0)), in_seconds(call.value("cpu_s", Json())),
             in_mib(call.value("peak_memory_bytes", Json())), field(call, "arguments_sha256").substr(0, 12),
             field(call, "turn_id"), field(call, "job_id")});
    }
    print_list(context, page, rows, "No tool was called.");
    return ExitCode::good;
}

}  // namespace assistd::cli
