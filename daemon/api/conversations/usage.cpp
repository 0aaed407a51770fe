#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"
#include "api/whose.h"

namespace assistd::api::conversations {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr days shown_unless_asked{30};

std::optional<sys_days> day_in(Query& query, std::string_view key) {
    const auto text = query.text(key);
    if (!text) return std::nullopt;
    const auto day = parse_day(*text);
    if (!day)
        query.wrong(key, std::string(key) + " must be a day such as 2026-03-01; it is \"" +
                             text->substr(0, 80) + "\".");
    return day;
}

// What the rows are of. Tools cost nothing: their rows say how well they did, as those of providers do too.
enum class Grouping { day, model, user, provider, tool };

constexpr std::pair<std::string_view, Grouping> groupings[] = {{"day", Grouping::day},
                                                               {"model", Grouping::model},
                                                               {"user", Grouping::user},
                                                               {"provider", Grouping::provider},
                                                               {"tool", Grouping::tool}};

Grouping grouping_in(Query& query) {
    const std::string text = query.text("group_by").value_or("day");
    for (const auto& [name, grouping] : groupings)
        if (text == name) return grouping;
    query.wrong("group_by", "group_by must be one of day, model, user, provider, tool; it is \"" +
                                text.substr(0, 80) + "\".");
    return Grouping::day;
}

std::string_view name_of(Grouping grouping) {
    for (const auto& [name, one] : groupings)
        if (one == grouping) return name;
    return {};
}

core::UsageGroup group_of(Grouping grouping) {
    if (grouping == Grouping::user) return core::UsageGroup::user;
    return grouping == Grouping::day ? core::UsageGroup::day : core::UsageGroup::model;
}

Json seconds_or_null(const std::optional<std::chrono::microseconds>& time) {
    return time ? Json(std::chrono::duration<double>(*time).count()) : Json();
}

// How well a tool's calls, or a provider's turns, went.
Json render(const core::ReliabilityRow& row) {
    const std::optional<double> rate = row.success_rate();
    return {{"calls", row.calls()},
            {"succeeded", row.succeeded},
            {"failed", row.failed},
            {"refused", row.refused},
            {"cancelled", row.cancelled},
            {"success_rate", rate ? Json(*rate) : Json()},
            {"duration_p50_s", seconds_or_null(row.median)},
            {"duration_p95_s", seconds_or_null(row.slow)}};
}

Task<Json> tool_rows(const Services& services, core::ReliabilityQuery wanted, Json& totals) {
    const std::vector<core::ReliabilityRow> tools = co_await services.reliability.of_tools(std::move(wanted));
    core::ReliabilityRow sum;
    Json rows = Json::array();
    for (const core::ReliabilityRow& tool : tools) {
        sum.succeeded += tool.succeeded;
        sum.failed += tool.failed;
        sum.refused += tool.refused;
        sum.cancelled += tool.cancelled;
        Json row = {{"tool", tool.name}};
        row.update(render(tool));
        rows.push_back(std::move(row));
    }
    totals = render(sum);
    totals.erase("duration_p50_s");  // of many tools together it says nothing
    totals.erase("duration_p95_s");
    co_return rows;
}

// The sums of a provider's models are its own.
Task<Json> provider_rows(const Services& services, core::ReliabilityQuery wanted,
                         std::vector<core::UsageRow> models) {
    const std::vector<core::ReliabilityRow> known =
        co_await services.reliability.of_providers(std::move(wanted));
    std::map<std::string, core::UsageRow> sums;
    for (const core::UsageRow& model : models) sums[model.provider] += model;
    Json rows = Json::array();
    for (const auto& [name, sum] : sums) {
        Json row = {{"provider", name.empty() ? Json() : Json(name)}};
        row.update(conversations::render(sum));
        for (const core::ReliabilityRow& one : known)
            if (one.name == name) row.update(render(one));
        rows.push_back(std::move(row));
    }
    co_return rows;
}

Json render_row(const core::UsageRow& row, Grouping group) {
    Json json;
    if (group == Grouping::day) json["day"] = row.day;
    if (group == Grouping::user) json["user"] = row.user;
    if (group == Grouping::model) {
        // Turns of older daemons do not say.
        json["provider"] = row.provider.empty() ? Json() : Json(row.provider);
        json["model"] = row.model.empty() ? Json() : Json(row.model);
    }
    json.update(conversations::render(row));
    return json;
}

}  // namespace

// From the first day to the last, both included.
Task<Reply> show_usage(const Services& services, Request request) {
    Query query(request);
    const auto from_given = day_in(query, "from");
    const auto to_given = day_in(query, "to");
    const Grouping grouping = grouping_in(query);
    const Whose whose = whose_in(query, request);
    const auto today = std::chrono::floor<days>(now());
    const sys_days to = to_given.value_or(today);
    const sys_days from = from_given.value_or(to - shown_unless_asked + days(1));
    if (from > to)
        query.wrong("from", "from must not be after to; it is " + to_iso8601(from) + ", and to is " +
                                to_iso8601(to) + ".");
    query.finish();

    const core::ReliabilityQuery span{whose.owner, from, to + days(1), whose.everybody};
    Json json = {{"from", to_iso8601(from)}, {"to", to_iso8601(to)}, {"group_by", name_of(grouping)}};
    if (grouping == Grouping::tool) {
        Json totals;
        json["rows"] = co_await tool_rows(services, span, totals);
        json["totals"] = std::move(totals);
        co_return Reply::json(to_text(json));
    }
    const core::UsageQuery wanted{span.owner, span.from, span.to, group_of(grouping), span.everybody};
    const std::vector<core::UsageRow> sums = co_await services.usage.sums(wanted);
    core::UsageRow totals;
    Json rows = Json::array();
    for (const core::UsageRow& row : sums) {
        totals += row;
        if (grouping != Grouping::provider) rows.push_back(render_row(row, grouping));
    }
    if (grouping == Grouping::provider) rows = co_await provider_rows(services, span, sums);
    json["currency"] = "USD";
    json["rows"] = std::move(rows);
    json["totals"] = conversations::render(totals);
    co_return Reply::json(to_text(json));
}

}  // namespace assistd::api::conversations
