#include "cli/days.h"

#include <chrono>

#include "base/time.h"
#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using Days = CliTest;

std::string before_today(int count) {
    return to_iso8601(std::chrono::floor<std::chrono::days>(now()) - std::chrono::days(count));
}

TEST_F(Days, AreCalledAsPeopleCallThem) {
    EXPECT_EQ(day_named("today"), before_today(0));
    EXPECT_EQ(day_named("yesterday"), before_today(1));
    EXPECT_EQ(day_named("7d"), before_today(7));
    for (const char* other :
         {"", "d", "-1d", "+1d", "1.5d", "7 d", "7days", "2026-03-01", "monday", "99999999999d"})
        EXPECT_EQ(day_named(other), other) << "is left to the daemon";
}

TEST_F(Days, AreWhatTheDaemonIsAskedFor) {
    server.answer("GET " + api + "/usage", R"({"rows": [], "totals": {}})");
    EXPECT_EQ(assistctl({"usage", "--from", "7d", "--to", "yesterday"}), 0);
    EXPECT_EQ(server.seen()[0].target,
              api + "/usage?group_by=day&from=" + before_today(7) + "&to=" + before_today(1));
    server.answer("GET " + api + "/audit", R"({"calls": []})");
    EXPECT_EQ(assistctl({"audit", "--since", "yesterday", "--until", "2026-03-01T12:00:00Z"}), 0);
    EXPECT_THAT(server.seen()[1].target,
                testing::HasSubstr("&since=" + before_today(1) + "&until=2026-03-01T12"));
}

}  // namespace
}  // namespace assistd::cli
