// What replies tell of limits.

#include "http/allowance.h"

#include <gmock/gmock.h>

#include "http/reply_head.h"

namespace assistd::http {
namespace {

using namespace std::chrono_literals;

TEST(Allowance, IsToldToEveryKindOfClient) {
    Reply reply = Reply::empty(204);
    Allowance user;
    user.whose = "user";
    user.limit = 600;
    user.remaining = 42;
    user.window = 60s;
    user.reset = 5'100ms;
    Allowance key = user;
    key.whose = "key";
    key.limit = 60;
    key.remaining = 7;
    key.reset = 53s;
    Allowance tokens;
    tokens.of = Allowance::Of::tokens;
    tokens.whose = "user";
    tokens.limit = 1'000'000;
    tokens.remaining = 999;
    tokens.window = 24h;
    tokens.reset = 3h + 2min;
    Allowance cost = tokens;
    cost.of = Allowance::Of::cost;
    cost.limit = 5'000'000;
    cost.remaining = 4'250'100;
    Allowance cost_of_key = cost;
    cost_of_key.limit = 40'000;
    cost_of_key.remaining = 0;
    add_headers(reply, {user, key, tokens, cost});
    EXPECT_EQ(header_of(reply, "RateLimit-Policy"), R"("user";q=600;w=60, "key";q=60;w=60)");
    EXPECT_EQ(header_of(reply, "RateLimit"), R"("user";r=42;t=6, "key";r=7;t=53)");
    EXPECT_EQ(header_of(reply, "x-ratelimit-limit-requests"), "60") << "the one that ends first";
    EXPECT_EQ(header_of(reply, "x-ratelimit-remaining-requests"), "7");
    EXPECT_EQ(header_of(reply, "x-ratelimit-reset-requests"), "53s");
    EXPECT_EQ(header_of(reply, "x-ratelimit-limit-tokens"), "1000000");
    EXPECT_EQ(header_of(reply, "x-ratelimit-remaining-tokens"), "999");
    EXPECT_EQ(header_of(reply, "x-ratelimit-reset-tokens"), "3h2m0s");
    EXPECT_EQ(header_of(reply, "x-ratelimit-limit-cost"), "5");
    EXPECT_EQ(header_of(reply, "x-ratelimit-remaining-cost"), "4.2501");
    EXPECT_EQ(header_of(reply, "x-ratelimit-reset-cost"), "3h2m0s");
    Reply second = Reply::empty(204);
    add_headers(second, {cost, cost_of_key});
    EXPECT_EQ(header_of(second, "x-ratelimit-limit-cost"), "0.04");
    EXPECT_EQ(header_of(second, "x-ratelimit-remaining-cost"), "0");
    EXPECT_EQ(header_of(second, "x-ratelimit-limit-tokens"), "");
}

TEST(Allowance, TimesAreWrittenAsClientsReadThem) {
    const std::pair<std::chrono::milliseconds, const char*> table[] = {{0ms, "0ms"},
                                                                       {-5ms, "0ms"},
                                                                       {12ms, "12ms"},
                                                                       {999ms, "999ms"},
                                                                       {1s, "1s"},
                                                                       {1'500ms, "1.5s"},
                                                                       {59'990ms, "59.99s"},
                                                                       {60s, "1m0s"},
                                                                       {6min, "6m0s"},
                                                                       {90'500ms, "1m30s"},
                                                                       {1h, "1h0m0s"},
                                                                       {24h, "24h0m0s"},
                                                                       {3h + 59min + 59s, "3h59m59s"}};
    for (const auto& [time, text] : table) EXPECT_EQ(short_duration(time), text);
}

}  // namespace
}  // namespace assistd::http
