// assistctl usage: what was spent on models, as a table.

#include <fmt/format.h>

#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

// "12,345": counts of tokens are long.
std::string count_of(const Json& sums, const char* name) {
    std::string digits = field(sums, name);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string cost_of(const Json& sums) {
    const Json cost = sums.value("cost", Json());
    if (!cost.is_number() || cost.get<double>() == 0) return "-";
    return fmt::format("${:.4f}", cost.get<double>());
}

std::string group_of(const Json& row, const std::string& by) {
    if (by != "model") return field(row, by);
    const std::string model = field(row, "model");
    return model.empty() ? "unknown" : field(row, "provider") + ":" + model;
}

std::vector<std::string> line_of(const std::string& name, const Json& sums) {
    const Json outcomes = sums.value("outcomes", Json::object());
    return {name,
            count_of(sums, "turns"),
            count_of(outcomes, "failed"),
            count_of(outcomes, "cancelled"),
            count_of(sums, "tool_calls"),
            count_of(sums, "prompt_tokens"),
            count_of(sums, "cached_tokens"),
            count_of(sums, "completion_tokens"),
            count_of(sums, "total_tokens"),
            cost_of(sums)};
}

}  // namespace

ExitCode show_usage(Context& context, const UsageOptions& options) {
    std::string path = "/usage?group_by=" + HttpClient::escaped(options.by);
    if (!options.from.empty()) path += "&from=" + HttpClient::escaped(options.from);
    if (!options.to.empty()) path += "&to=" + HttpClient::escaped(options.to);
    const Json usage = context.api.get(path);
    if (as_json(context, usage)) return ExitCode::good;
    std::string heading = options.by;
    for (char& c : heading) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::vector<std::vector<std::string>> rows = {{heading, "TURNS", "FAILED", "CANCELLED", "CALLS", "PROMPT",
                                                   "CACHED", "COMPLETION", "TOTAL", "COST"}};
    for (const Json& row : usage.value("rows", Json::array()))
        rows.push_back(line_of(group_of(row, options.by), row));
    if (rows.size() > 1) rows.push_back(line_of("all", usage.value("totals", Json::object())));
    print_list(context, usage, rows,
               "Nothing was spent from " + field(usage, "from") + " to " + field(usage, "to") + ".");
    return ExitCode::good;
}

}  // namespace assistd::cli
