// What the limits of the configuration come to for somebody.

#include "base/limit_rules.h"

#include <gmock/gmock.h>

#include "base/error.h"

namespace assistd {
namespace {

LimitFigures rate(int per_minute, std::optional<int> burst = std::nullopt) {
    LimitFigures figures;
    figures.requests_per_minute = per_minute;
    figures.burst = burst;
    return figures;
}

TEST(LimitRules, OfEachFigureTheFirstEntryThatFitsAndSetsItDecides) {
    LimitsConfig config;
    config.overload.turns_waiting = 7;
    LimitFigures of_alice;
    of_alice.turns_at_once = 16;
    LimitFigures of_staff = rate(0);
    of_staff.tokens_per_day = 5'000;
    LimitFigures of_all = rate(600, 100);
    of_all.turns_at_once = 4;
    of_all.turns_waiting = 2;
    of_all.tokens_per_day = 1'000;
    of_all.cost_per_day = 2.5;
    config.users = {{{{"alice"}, {}}, of_alice}, {{{}, {"staff"}}, of_staff}, {{}, of_all}};
    const LimitRules rules(config);

    const Allowed alice = rules.of_user("alice", {});
    EXPECT_EQ(alice.turns_at_once, 16);
    EXPECT_EQ(alice.requests, (RequestRate{600, 100}));
    EXPECT_EQ(alice.tokens_per_day, 1'000);
    const Allowed staff = rules.of_user("bob", {"others", "staff"});
    EXPECT_EQ(staff.requests, RequestRate()) << "0 is no limit, and what stands below does not count";
    EXPECT_EQ(staff.tokens_per_day, 5'000);
    EXPECT_EQ(staff.turns_at_once, 4);
    const Allowed other = rules.of_user("carol", {});
    EXPECT_EQ(other.turns_waiting, 2);
    EXPECT_DOUBLE_EQ(other.cost_per_day, 2.5);

    const LimitRules none{LimitsConfig()};
    EXPECT_FALSE(none.limits_requests() || none.limits_days());
    EXPECT_TRUE(rules.limits_requests() && rules.limits_days());
    EXPECT_EQ(LimitRules(LimitsConfig{.users = {{{{"alice"}, {}}, of_alice}}, .overload = config.overload})
                  .of_user("bob", {})
                  .turns_waiting,
              7);
}

TEST(LimitRules, ABurstBelongsToTheRateBesideIt) {
    LimitsConfig config;
    config.users = {{{{"alice"}, {}}, rate(60)}, {{}, rate(600, 100)}};
    const LimitRules rules(config);
    EXPECT_EQ(rules.of_user("alice", {}).requests, (RequestRate{60, 60}));
    EXPECT_EQ(rules.of_user("bob", {}).requests, (RequestRate{600, 100}));
}

TEST(LimitRules, KeysAreNamedAndAddressesAreInNetworks) {
    LimitsConfig config;
    config.keys = {{{"key_ci"}, rate(0)}, {{}, rate(30)}};
    config.addresses = {
        {{"10.0.0.0/8", "2001:db8::/32"}, rate(0)}, {{"192.0.2.7"}, rate(5)}, {{}, rate(100)}};
    const LimitRules rules(config);
    EXPECT_EQ(rules.of_key("key_ci").requests.per_minute, 0);
    EXPECT_EQ(rules.of_key("key_other").requests.per_minute, 30);
    EXPECT_EQ(rules.of_address("10.200.3.4").requests.per_minute, 0);
    EXPECT_EQ(rules.of_address("192.0.2.7").requests.per_minute, 5);
    EXPECT_EQ(rules.of_address("192.0.2.8").requests.per_minute, 100);
    EXPECT_EQ(rules.of_address(limited_address("::ffff:10.1.2.3")).requests.per_minute, 0);
    EXPECT_EQ(rules.of_address(limited_address("2001:db8:5::1")).requests.per_minute, 0);
    EXPECT_EQ(rules.of_address(limited_address("2001:db9::1")).requests.per_minute, 100);
    EXPECT_EQ(rules.of_address("unknown").requests.per_minute, 100);
    EXPECT_FALSE(rules.limits_days());
    config.addresses = {{{"10.0.0.0/33"}, rate(1)}};
    EXPECT_THROW(LimitRules{config}, Error);
}

TEST(LimitRules, KeysAndAddressesHaveEveryFigure) {
    LimitsConfig config;
    config.overload.turns_waiting = 7;
    LimitFigures figures;
    figures.turns_at_once = 2;
    figures.tokens_per_day = 1'000;
    config.keys = {{{"key_ci"}, figures}};
    LimitFigures cost;
    cost.cost_per_day = 0.5;
    cost.turns_waiting = 3;
    config.addresses = {{{"10.0.0.0/8"}, cost}};
    const LimitRules rules(config);
    EXPECT_EQ(rules.of_key("key_ci").turns_at_once, 2);
    EXPECT_EQ(rules.of_key("key_ci").turns_waiting, 7);
    EXPECT_EQ(rules.of_key("key_ci").tokens_per_day, 1'000);
    EXPECT_FALSE(rules.of_key("key_other").limits_days());
    EXPECT_DOUBLE_EQ(rules.of_address("10.1.2.3").cost_per_day, 0.5);
    EXPECT_EQ(rules.of_address("10.1.2.3").turns_waiting, 3);
    EXPECT_FALSE(rules.of_address("192.0.2.1").limits_days());
    EXPECT_TRUE(rules.limits_days());
    EXPECT_FALSE(rules.limits_requests());
}

TEST(LimitRules, AClientOfIpv6IsItsNetwork) {
    EXPECT_EQ(limited_address("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(limited_address("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(limited_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(limited_address("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
    EXPECT_NE(limited_address("2001:db8:1:3::1"), limited_address("2001:db8:1:2::1"));
    EXPECT_EQ(limited_address("fe80::1%lo"), "fe80::/64");
    EXPECT_EQ(limited_address("not:an address"), "not:an address");
}

TEST(Networks, HoldTheirAddressesHoweverTheyAreWritten) {
    const auto holds = [](const char* network, const char* address) {
        return Network::read(network).value().contains(read_address(address).value());
    };
    EXPECT_TRUE(holds("10.0.0.0/8", "10.9.8.7") && holds("10.0.0.0/8", "::ffff:10.9.8.7"));
    EXPECT_TRUE(holds("::ffff:10.0.0.1", "10.0.0.1") && holds("::ffff:10.0.0.0/104", "10.9.8.7"));
    EXPECT_TRUE(holds("192.0.2.7", "192.0.2.7") && holds("::1", "::1") &&
                holds("2001:db8::/32", "2001:db8::5"));
    EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1") || holds("192.0.2.7", "192.0.2.8") ||
                 holds("::/0", "10.0.0.1"));
    for (const char* text : {"", "10.0.0.0/40", "example.org", "::1/200"})
        EXPECT_FALSE(Network::read(text)) << text;
    EXPECT_FALSE(read_address("10.0.0.0/8") || read_address("localhost"));
}

}  // namespace
}  // namespace assistd
