#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"

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

core::UsageGroup group_in(Query& query) {
    const std::string text = query.text("group_by").value_or("day");
    if (text == "model") return core::UsageGroup::model;
    if (text == "user") return core::UsageGroup::user;
    if (text != "day")
        query.wrong("group_by",
                    "group_by must be one of day, model, user; it is \"" + text.substr(0, 80) + "\".");
    return core::UsageGroup::day;
}

Json render_row(const core::UsageRow& row, core::UsageGroup group) {
    Json json;
    if (group == core::UsageGroup::day) json["day"] = row.day;
    if (group == core::UsageGroup::user) json["user"] = row.user;
    if (group == core::UsageGroup::model) {
        // Turns of older daemons do not say.
        json["provider"] = row.provider.empty() ? Json() : Json(row.provider);
        json["model"] = row.model.empty() ? Json() : Json(row.model);
    }
    json.update(render(row));
    return json;
}

std::string name_of(core::UsageGroup group) {
    return group == core::UsageGroup::day ? "day" : group == core::UsageGroup::model ? "model" : "user";
}

}  // namespace

// The user's own, from the first day to the last, both included.
Task<Reply> show_usage(const Services& services, Request request) {
    Query query(request);
    const auto from_given = day_in(query, "from");
    const auto to_given = day_in(query, "to");
    const core::UsageGroup group = group_in(query);
    const auto today = std::chrono::floor<days>(now());
    const sys_days to = to_given.value_or(today);
    const sys_days from = from_given.value_or(to - shown_unless_asked + days(1));
    if (from > to)
        query.wrong("from", "from must not be after to; it is " + to_iso8601(from) + ", and to is " +
                                to_iso8601(to) + ".");
    query.finish();

    const core::UsageQuery wanted{request.user, from, to + days(1), group};
    const std::vector<core::UsageRow> sums = co_await services.usage.sums(wanted);
    core::UsageRow totals;
    Json rows = Json::array();
    for (const core::UsageRow& row : sums) {
        totals += row;
        rows.push_back(render_row(row, group));
    }
    Json json = {{"from", to_iso8601(from)}, {"to", to_iso8601(to)}, {"group_by", name_of(group)}};
    json["currency"] = "USD";
    json["rows"] = std::move(rows);
    json["totals"] = render(totals);
    co_return Reply::json(to_text(json));
}

}  // namespace assistd::api::conversations
