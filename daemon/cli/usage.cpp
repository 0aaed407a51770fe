// assistctl usage: what was spent on models, and how well tools and providers did, as a table.

#include <fmt/format.h>

#include <ostream>

#include "cli/commands.h"
#include "cli/days.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

std::string cost_of(const Json& sums) {
    const Json cost = sums.value("cost", Json());
    if (!cost.is_number() || cost.get<double>() == 0) return "-";
    return fmt::format("${:.4f}", cost.get<double>());
}

std::string group_of(const Json& row, const std::string& by) {
    const std::string name = field(row, by);
    if (name.empty()) return "unknown";
    return by == "model" ? field(row, "provider") + ":" + name : name;
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

// "97.5 %"
std::string rate_of(const Json& sums) {
    const Json rate = sums.value("success_rate", Json());
    return rate.is_number() ? fmt::format("{:.1f} %", 100 * rate.get<double>()) : "-";
}

std::string seconds_of(const Json& sums, const char* name) {
    const Json seconds = sums.value(name, Json());
    return seconds.is_number() ? fmt::format("{:.3g} s", seconds.get<double>()) : "-";
}

std::vector<std::string> reliability_of(const std::string& name, const Json& sums) {
    return {name,
            count_of(sums, "calls"),
            count_of(sums, "failed"),
            count_of(sums, "refused"),
            count_of(sums, "cancelled"),
            rate_of(sums),
            seconds_of(sums, "duration_p50_s"),
            seconds_of(sums, "duration_p95_s")};
}

// How well each did.
std::vector<std::vector<std::string>> reliability_table(const std::string& heading, const std::string& by,
                                                        const Json& usage) {
    std::vector<std::vector<std::string>> rows = {{heading, by == "tool" ? "CALLS" : "TURNS", "FAILED",
                                                   "REFUSED", "CANCELLED", "SUCCESS", "P50", "P95"}};
    for (const Json& row : usage.value("rows", Json::array()))
        rows.push_back(reliability_of(group_of(row, by), row));
    return rows;
}

std::vector<std::vector<std::string>> sums_table(const std::string& heading, const std::string& by,
                                                 const Json& usage) {
    std::vector<std::vector<std::string>> rows = {{heading, "TURNS", "FAILED", "CANCELLED", "CALLS", "PROMPT",
                                                   "CACHED", "COMPLETION", "TOTAL", "COST"}};
    for (const Json& row : usage.value("rows", Json::array()))
        rows.push_back(line_of(group_of(row, by), row));
    if (rows.size() > 1) rows.push_back(line_of("all", usage.value("totals", Json::object())));
    return rows;
}

}  // namespace

ExitCode show_usage(Context& context, const UsageOptions& options, const ListOptions& of) {
    std::string path = "/usage?group_by=" + HttpClient::escaped(options.by);
    if (!options.from.empty()) path += "&from=" + HttpClient::escaped(day_named(options.from));
    if (!options.to.empty()) path += "&to=" + HttpClient::escaped(day_named(options.to));
    path += whose(of);
    const Json usage = context.api.get(path);
    if (as_json(context, usage)) return ExitCode::good;
    std::string heading = options.by;
    for (char& c : heading) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::string when = " from " + field(usage, "from") + " to " + field(usage, "to") + ".";
    if (options.by == "tool") {
        print_list(context, usage, reliability_table(heading, options.by, usage),
                   "No tool was called" + when);
        return ExitCode::good;
    }
    print_list(context, usage, sums_table(heading, options.by, usage), "Nothing was spent" + when);
    if (options.by != "provider" || usage.value("rows", Json::array()).empty()) return ExitCode::good;
    context.out << "\n";
    print_list(context, usage, reliability_table(heading, options.by, usage), "");
    return ExitCode::good;
}

}  // namespace assistd::cli
