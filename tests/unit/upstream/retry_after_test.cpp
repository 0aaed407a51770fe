#include "upstream/retry_after.h"

#include <gtest/gtest.h>

#include <ctime>
#include <vector>

namespace assistd {
namespace {

using namespace std::chrono_literals;
using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

std::optional<std::chrono::milliseconds> wait_of(const Headers& headers) {
    RetryAfter retry_after;
    for (const auto& [name, value] : headers) retry_after.take(name, value);
    return retry_after.wait();
}

TEST(RetryAfter, SecondsMillisecondsAndDates) {
    EXPECT_EQ(wait_of({}), std::nullopt);
    EXPECT_EQ(wait_of({{"retry-after", "12"}}), 12s);
    EXPECT_EQ(wait_of({{"retry-after", "0.5"}}), 500ms);
    EXPECT_EQ(wait_of({{"retry-after", "7"}, {"retry-after-ms", "1500"}}), 1500ms);
    EXPECT_EQ(wait_of({{"retry-after", "99999999999"}}), 24h);
    for (const std::string_view wrong : {"-1", "soon", "", "1x", "nan", "inf"})
        EXPECT_EQ(wait_of({{"retry-after", wrong}}), std::nullopt) << wrong;

    EXPECT_EQ(wait_of({{"retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"}}), 0s);
    const std::time_t later = std::time(nullptr) + 100;
    char date[64];
    std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&later));
    const auto wait = wait_of({{"retry-after", date}});
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, 90s);
    EXPECT_LE(*wait, 100s);
}

TEST(RetryAfter, AllowancesThatAreUsedUp) {
    const Headers both = {{"x-ratelimit-reset-requests", "1s"},
                          {"x-ratelimit-remaining-requests", "0"},
                          {"x-ratelimit-reset-tokens", "6m0s"},
                          {"x-ratelimit-remaining-tokens", "0"}};
    EXPECT_EQ(wait_of(both), 6min);
    Headers requests = both;
    requests.back().second = "149984";
    EXPECT_EQ(wait_of(requests), 1s);
    Headers neither = requests;
    neither[1].second = "59";
    EXPECT_EQ(wait_of(neither), std::nullopt);
    Headers said = both;
    said.emplace_back("retry-after", "2");
    EXPECT_EQ(wait_of(said), 2s);
}

TEST(ParseDuration, AsGoWritesThem) {
    EXPECT_EQ(parse_duration("1s"), 1s);
    EXPECT_EQ(parse_duration("6m0s"), 6min);
    EXPECT_EQ(parse_duration("1h2m3.5s"), 3'723'500ms);
    EXPECT_EQ(parse_duration("800ms"), 800ms);
    EXPECT_EQ(parse_duration("7.66s"), 7'660ms);
    for (const std::string_view wrong : {"", "1", "s", "-1s", "1d", "1s ", "1e9s"})
        EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace assistd
