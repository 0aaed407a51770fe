#include "cli/limits.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/output.h"

namespace assistd::cli {
namespace {

using Row = std::vector<std::string>;

std::string or_none(const Json& figures, const char* name) {
    const std::string text = count_of(figures, name);
    return text.empty() ? "no limit" : text;
}

std::string dollars(const Json& figures, const char* name) {
    const Json figure = figures.value(name, Json());
    return figure.is_number() ? fmt::format("${:.2f}", figure.get<double>()) : "no limit";
}

void add_requests(std::vector<Row>& rows, const Json& limits, const char* whose) {
    const Json figures = limits.at("requests").value(whose, Json());
    const std::string what = std::string("requests a minute, of the ") + whose;
    if (figures.is_null())
        rows.push_back({what, "no limit", "", ""});
    else
        rows.push_back({what, field(figures, "per_minute"), "", field(figures, "remaining")});
}

void add_turns_and_day(std::vector<Row>& rows, const Json& figures, const std::string& whose) {
    const Json& turns = figures.at("turns");
    rows.push_back({"turns at once" + whose, or_none(turns, "at_once"), field(turns, "running"), ""});
    rows.push_back({"turns waiting" + whose, field(turns, "waiting_at_most"), field(turns, "waiting"), ""});
    const Json& tokens = figures.at("tokens");
    rows.push_back({"tokens a day" + whose, or_none(tokens, "per_day"), count_of(tokens, "used"),
                    count_of(tokens, "remaining")});
    const Json& cost = figures.at("cost");
    const bool is_limited = !cost.value("per_day", Json()).is_null();
    rows.push_back({"cost a day" + whose, dollars(cost, "per_day"), dollars(cost, "used"),
                    is_limited ? dollars(cost, "remaining") : ""});
}

ExitCode show(Context& context, const std::string& user) {
    const Json limits =
        context.api.get(user.empty() ? "/limits" : "/limits?user=" + HttpClient::escaped(user));
    if (as_json(context, limits)) return ExitCode::good;
    std::vector<Row> rows = {{"LIMIT OF " + field(limits, "user"), "ALLOWED", "USED", "LEFT"}};
    for (const char* whose : {"user", "key", "address"}) add_requests(rows, limits, whose);
    add_turns_and_day(rows, limits, "");
    for (const char* whose : {"key", "address"}) {
        const Json figures = limits.value(whose, Json());
        if (!figures.is_null()) add_turns_and_day(rows, figures, std::string(", of the ") + whose);
    }
    print_list(context, limits, rows, "");
    return ExitCode::good;
}

}  // namespace

void add_limits(CLI::App& app, std::function<ExitCode(Context&)>& action) {
    const auto user = std::make_shared<std::string>();
    CLI::App* limits = app.add_subcommand("limits", "What may be asked for, and what is left of it");
    limits->add_option("--user", *user, "Another user's, for administrators")->type_name("NAME");
    limits->callback([&action, user] { action = [user](Context& context) { return show(context, *user); }; });
}

}  // namespace assistd::cli
