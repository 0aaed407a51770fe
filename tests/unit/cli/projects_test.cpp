#include <nlohmann/json.hpp>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using Projects = CliTest;

const std::string id = "proj_0123456789abcdef0123456789abcdef";
const std::string soot =
    R"({"id": ")" + id +
    R"(", "name": "Soot", "description": "Flames", "facts": {"temperature": "1800 K", "carbon": true},
    "is_archived": false, "conversation_count": 3, "artifact_count": 12, "job_count": 1,
    "last_activity_at": "2026-03-01T12:00:01Z", "created_at": "2026-02-01T12:00:01Z"})";

TEST_F(Projects, ListShowAndJson) {
    server.answer("GET " + api + "/projects", R"({"projects": [)" + soot + "]}");
    server.answer("GET " + api + "/projects/" + id, soot);
    EXPECT_EQ(assistctl({"projects", "list", "--search", "soot"}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/projects?limit=20&q=soot&archived=false");
    EXPECT_THAT(out.str(), HasSubstr("2026-03-01 12:00  3"));
    EXPECT_THAT(out.str(), HasSubstr("Soot"));
    EXPECT_EQ(assistctl({"projects", "show", "Soot"}), 0);  // by its name, asked for first
    EXPECT_THAT(out.str(), HasSubstr("conversations  3\n"));
    EXPECT_THAT(out.str(), HasSubstr("Facts that models are told\n  temperature: 1800 K\n  carbon: true\n"));
    EXPECT_EQ(assistctl({"projects", "show", id, "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()), json::parse(soot));
}

TEST_F(Projects, CreateSendsFacts) {
    server.answer("POST " + api + "/projects", soot, 201);
    EXPECT_EQ(
        assistctl({"projects", "create", "Soot", "--description", "Flames", "--fact", "temperature=1800 K",
                   "--fact", "carbon=true", "--fact", "radius_nm=12.5", "--fact", "sum=a=b"}),
        0);
    EXPECT_EQ(json::parse(server.seen()[0].body), json::parse(R"({"name": "Soot", "description": "Flames",
        "facts": {"temperature": "1800 K", "carbon": true, "radius_nm": 12.5, "sum": "a=b"}})"));
    EXPECT_EQ(out.str(), "Made Soot (" + id + ").\n");
    EXPECT_EQ(assistctl({"projects", "create", "Soot", "--fact", "temperature"}), 2);
    EXPECT_THAT(err.str(), HasSubstr("NAME=VALUE"));
}

TEST_F(Projects, ArchiveAndDelete) {
    server.answer("GET " + api + "/projects", R"({"projects": [)" + soot + "]}");
    server.answer("POST " + api + "/projects/" + id + "/archive", soot);
    server.answer("POST " + api + "/projects/" + id + "/unarchive", soot);
    server.answer("DELETE " + api + "/projects/" + id, "");
    EXPECT_EQ(assistctl({"projects", "archive", "soot"}), 0);
    EXPECT_EQ(out.str(), "Archived Soot.\n");
    EXPECT_EQ(assistctl({"projects", "unarchive", id}), 0);
    EXPECT_EQ(assistctl({"projects", "delete", id}), 0);
    EXPECT_EQ(server.seen().back().target, api + "/projects/" + id);
    EXPECT_EQ(assistctl({"projects", "delete", id, "--force"}), 0);
    EXPECT_EQ(server.seen().back().target, api + "/projects/" + id + "?force=true");
}

TEST_F(Projects, AnUnknownNameSaysHowToMakeIt) {
    server.answer("GET " + api + "/projects", R"({"projects": []})");
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"projects", "show", "Soot"},
                                                      {"ask", "hi", "--project", "Soot"},
                                                      {"tools", "run", "grow", "--project", "Soot"},
                                                      {"conversations", "list", "--project", "Soot"}}) {
        EXPECT_EQ(assistctl(arguments), 1);
        EXPECT_THAT(err.str(), HasSubstr("There is no project \"Soot\"; make it with: assistctl"));
    }
}

TEST_F(Projects, NarrowOtherLists) {
    server.answer("GET " + api + "/artifacts", R"({"artifacts": []})");
    EXPECT_EQ(assistctl({"artifacts", "list", "--kind", "plot", "--project", id}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/artifacts?limit=20&kind=plot&project_id=" + id);
}

TEST_F(Projects, UsageIsATable) {
    const std::string sums =
        R"("turns": 4, "outcomes": {"completed": 2, "failed": 1, "cancelled": 1}, "requests": 9, "tool_calls": 7,
        "prompt_tokens": 1234567, "cached_tokens": 1000, "completion_tokens": 89, "total_tokens": 1234656,
        "cost": 0.12345)";
    server.answer(
        "GET " + api + "/usage",
        R"({"from": "2026-03-01", "to": "2026-03-02", "group_by": "model", "rows": [{"provider": "main",
                  "model": "big", )" +
            sums + R"(}, {"provider": null, "model": null, )" + sums + R"(}], "totals": {)" + sums + "}}");
    EXPECT_EQ(assistctl({"usage", "--by", "model", "--from", "2026-03-01", "--to", "2026-03-02"}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/usage?group_by=model&from=2026-03-01&to=2026-03-02");
    EXPECT_THAT(out.str(), testing::StartsWith("MODEL"));
    EXPECT_THAT(out.str(),
                HasSubstr("main:big  4      1       1          7      1,234,567  1,000   89          "
                          "1,234,656  $0.1235\n"));
    EXPECT_THAT(out.str(), HasSubstr("\nunknown "));
    EXPECT_THAT(out.str(), HasSubstr("\nall "));
    EXPECT_EQ(assistctl({"usage", "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()).at("rows").size(), 2u);
    EXPECT_EQ(assistctl({"usage", "--by", "week"}), 2);
    server.answer("GET " + api + "/usage",
                  R"({"from": "2026-03-01", "to": "2026-03-02", "rows": [], "totals": {}})");
    EXPECT_EQ(assistctl({"usage"}), 0);
    EXPECT_EQ(out.str(), "Nothing was spent from 2026-03-01 to 2026-03-02.\n");
}

TEST_F(Projects, UsageOfToolsAndProvidersSaysHowWellTheyDid) {
    const std::string rates =
        R"("calls": 1200, "succeeded": 900, "failed": 100, "refused": 180, "cancelled": 20,
        "success_rate": 0.9, "duration_p50_s": 0.0123456, "duration_p95_s": 2.5)";
    server.answer("GET " + api + "/usage",
                  R"({"from": "2026-03-01", "to": "2026-03-02", "rows": [{"tool": "grow", )" + rates +
                      R"(}, {"tool": "rest", "calls": 1, "success_rate": null}]})");
    EXPECT_EQ(assistctl({"usage", "--by", "tool"}), 0);
    EXPECT_THAT(out.str(), testing::StartsWith("TOOL"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("grow +1,200 +100 +180 +20 +90.0 % +0.0123 s +2.5 s\n"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("rest +1 .* - +- +-\n"));
    const std::string sums =
        R"("turns": 4, "outcomes": {"completed": 2, "failed": 1, "cancelled": 1}, "total_tokens": 5, "cost": 0.5)";
    server.answer("GET " + api + "/usage",
                  R"({"from": "2026-03-01", "to": "2026-03-02", "rows": [{"provider": "main", )" + sums +
                      ", " + rates + R"(}], "totals": {)" + sums + "}}");
    EXPECT_EQ(assistctl({"usage", "--by", "provider"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("$0.5000"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("main +1,200 +100 +180 +20 +90.0 %"));
    server.answer("GET " + api + "/usage", R"({"from": "2026-03-01", "to": "2026-03-02", "rows": []})");
    EXPECT_EQ(assistctl({"usage", "--by", "tool"}), 0);
    EXPECT_EQ(out.str(), "No tool was called from 2026-03-01 to 2026-03-02.\n");
}

TEST_F(Projects, LimitsAreATable) {
    server.answer("GET " + api + "/limits", R"({"user": "alice", "requests": {"user": {"per_minute": 600,
        "remaining": 87, "full_in_s": 51.3}, "key": null, "address": null}, "turns": {"at_once": 4, "running": 1,
        "waiting_at_most": 8, "waiting": 0}, "tokens": {"per_day": 100000, "used": 250, "remaining": 99750},
        "cost": {"per_day": null, "used": 0.125, "remaining": null, "currency": "USD"},
        "day_ends_at": "2026-03-02T00:00:00.000000Z"})");
    EXPECT_EQ(assistctl({"limits", "--user", "alice"}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/limits?user=alice");
    EXPECT_THAT(out.str(), testing::StartsWith("LIMIT OF alice"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("requests a minute, of the user +600 +87"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("requests a minute, of the key +no limit"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("turns at once +4 +1"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("tokens a day +100,000 +250 +99,750"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("cost a day +no limit +.0.1[23]"));
    EXPECT_EQ(assistctl({"limits", "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()).at("turns").at("at_once"), 4);
}

}  // namespace
}  // namespace assistd::cli
