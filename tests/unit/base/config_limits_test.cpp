// The section `limits`: how much somebody may ask for, and how much the daemon takes on.

#include <gmock/gmock.h>

#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using LimitsConfigTest = ConfigFile;

TEST_F(LimitsConfigTest, EveryKeyIsRead) {
    const LimitsConfig limits =
        load(
            "policy: {roles: {staff: [alice]}}\n"
            "limits:\n"
            "  users:\n"
            "    - {roles: [admin, staff], requests_per_minute: 0}\n"
            "    - {users: [bob], requests_per_minute: 60, burst: 10, turns_at_once: 2, turns_waiting: 0,\n"
            "       tokens_per_day: 3000000000, cost_per_day: 1.5}\n"
            "  keys: [{keys: [key_0192f0c1d2e37a4b8c5d6e7f80912345], requests_per_minute: 5, turns_at_once: "
            "2}]\n"
            "  addresses: [{addresses: [10.0.0.0/8, '2001:db8::/32'], requests_per_minute: 9, cost_per_day: "
            "0.5}]\n"
            "  overload: {turns_at_once: 100, turns_at_work: 9, turns_waiting: 3, turn_wait_s: 1.5, "
            "request_wait_s: 0.25}\n")
            .limits;
    ASSERT_EQ(limits.users.size(), 2u);
    EXPECT_THAT(limits.users[0].people.roles, ElementsAre("admin", "staff"));
    EXPECT_EQ(limits.users[0].figures.requests_per_minute, 0);
    EXPECT_EQ(limits.users[0].figures.turns_at_once, std::nullopt);
    const LimitFigures& bob = limits.users[1].figures;
    EXPECT_EQ(bob.requests_per_minute, 60);
    EXPECT_EQ(bob.burst, 10);
    EXPECT_EQ(bob.turns_at_once, 2);
    EXPECT_EQ(bob.turns_waiting, 0);
    EXPECT_EQ(bob.tokens_per_day, 3'000'000'000);
    EXPECT_EQ(bob.cost_per_day, 1.5);
    EXPECT_THAT(limits.keys.at(0).keys, ElementsAre("key_0192f0c1d2e37a4b8c5d6e7f80912345"));
    EXPECT_EQ(limits.keys.at(0).figures.turns_at_once, 2);
    EXPECT_EQ(limits.addresses.at(0).figures.cost_per_day, 0.5);
    EXPECT_THAT(limits.addresses.at(0).networks, ElementsAre("10.0.0.0/8", "2001:db8::/32"));
    EXPECT_EQ(limits.overload.turns_at_once, 100);
    EXPECT_EQ(limits.overload.turns_at_work, 9);
    EXPECT_EQ(limits.overload.turns_waiting, 3);
    EXPECT_EQ(limits.overload.turn_wait, std::chrono::milliseconds(1'500));
    EXPECT_EQ(limits.overload.request_wait, std::chrono::milliseconds(250));
}

TEST_F(LimitsConfigTest, VariablesSetWhatTheDaemonTakesOn) {
    const Config config = load(
        "limits: {overload: {turns_at_once: 5, turns_waiting: 4}}\n",
        {{"ASSISTD_LIMITS_OVERLOAD_TURNS_AT_ONCE", "50"}, {"ASSISTD_LIMITS_OVERLOAD_REQUEST_WAIT_S", "3"}});
    EXPECT_EQ(config.limits.overload.turns_at_once, 50);
    EXPECT_EQ(config.limits.overload.turns_waiting, 4);
    EXPECT_EQ(config.limits.overload.request_wait, std::chrono::seconds(3));
    EXPECT_THAT(config.warnings, testing::IsEmpty());
    EXPECT_EQ(
        refusal("", {{"ASSISTD_LIMITS_OVERLOAD_TURNS_AT_ONCE", "0"}}),
        "the environment variable ASSISTD_LIMITS_OVERLOAD_TURNS_AT_ONCE: limits.overload.turns_at_once must "
        "be a number from 1 to 100000; it is \"0\".");
}

TEST_F(LimitsConfigTest, WhatIsWrongIsRefusedWithItsLine) {
    const std::pair<std::string, std::string> table[] = {
        {"users: {requests_per_minute: 1}", "2: limits.users must be a list, with a - before each of them."},
        {"users: [{users: [bob]}]",
         "2: limits.users need at least one of requests_per_minute, turns_at_once, turns_waiting, "
         "tokens_per_day "
         "and cost_per_day each."},
        {"users: [{users: [], turns_at_once: 1}]",
         "2: limits.users.users must name something, or be left out."},
        {"users: [{users: ['b*'], turns_at_once: 1}]",
         "2: limits.users.users are whole names, or \"*\" for all; one is \"b*\"."},
        {"users: [{burst: 5, turns_at_once: 1}]",
         "2: limits.users have a burst only beside requests_per_minute, which fills it again."},
        {"users: [{requests_per_minute: 5, burst: 0}]",
         "2: limits.users.burst must be a number from 1 to 1000000; it is \"0\"."},
        {"users: [{cost_per_day: much}]",
         "2: limits.users.cost_per_day must be a number from 0 to 1000000; it is \"much\"."},
        {"users: [{tokens_per_day: -1}]",
         "2: limits.users.tokens_per_day must be a number from 0 to 1000000000000; it is \"-1\"."},
        {"users: [{roles: [staff], turns_at_once: 1}]",
         "2: limits.users names the role \"staff\", which policy.roles does not have."},
        {"users: [{roles: ['*'], turns_at_once: 1}]",
         "2: limits.users.roles are whole names; who means everybody writes users: [\"*\"]."},
        {"keys: [{turns: 1}]", "2: there is no key \"limits.keys.turns\"."},
        {"keys: [{keys: [ci], turns_at_once: 1}]",
         "2: limits.keys.keys are ids of keys, as assistctl keys list has them (key_ and 32 digits), or "
         "\"*\" for "
         "all; one is \"ci\"."},
        {"addresses: [{addresses: [10.0.0.1]}]",
         "2: limits.addresses need at least one of requests_per_minute, turns_at_once, turns_waiting, "
         "tokens_per_day and cost_per_day each."},
        {"addresses: [{addresses: [10.0.0.0/40], requests_per_minute: 1}]",
         "2: limits.addresses.addresses must be addresses or networks such as 10.0.0.0/8; one is "
         "\"10.0.0.0/40\"."},
        {"overload: {turns_at_once: 0}",
         "2: limits.overload.turns_at_once must be a number from 1 to 100000; it is \"0\"."},
        {"overload: {requests: 1}", "2: there is no key \"limits.overload.requests\"."},
        {"people: []", "2: there is no key \"limits.people\"."},
    };
    for (const auto& [text, sentence] : table) EXPECT_EQ(complaint("limits:\n  " + text + "\n"), sentence);
}

TEST_F(LimitsConfigTest, EntriesThatNeverDecideAreWarnedOf) {
    const auto warnings = [this](const std::string& entries) {
        return load("limits:\n  users:\n" + entries).warnings;
    };
    EXPECT_THAT(
        warnings("    - {turns_at_once: 2}\n    - {users: [bob], turns_at_once: 9}\n"),
        ElementsAre(file_.string() +
                    ":4: this entry of limits.users never decides: what it sets is set above it, where "
                    "everybody is meant."));
    EXPECT_THAT(warnings("    - {users: ['*'], turns_at_once: 2}\n"
                         "    - {users: [bob], turns_at_once: 9, tokens_per_day: 5}\n"),
                testing::IsEmpty());
    EXPECT_THAT(warnings("    - {users: [bob], turns_at_once: 9}\n    - {turns_at_once: 2}\n"),
                testing::IsEmpty());
}

TEST_F(LimitsConfigTest, WhatADayCostsIsLimitedOnlyWhereModelsHavePrices) {
    const std::string limits =
        "limits: {users: [{cost_per_day: 1}]}\nproviders:\n  main:\n    kind: openai\n"
        "    base_url: http://127.0.0.1:9\n    models: {";
    const std::string of_keys =
        "limits: {keys: [{cost_per_day: 1}]}\nproviders:\n  main:\n    kind: openai\n"
        "    base_url: http://127.0.0.1:9\n    models: {m: {}}\n";
    EXPECT_THAT(refusal(of_keys), HasSubstr("because limits.keys limits what keys may spend a day;"));
    EXPECT_EQ(refusal(limits + "m: {price: {input: 1, output: 2}}}\n"), "accepted");
    EXPECT_THAT(
        refusal(limits + "m: {}}\n"),
        HasSubstr("providers.main.models.m must have a price, because limits.users limits what users may "
                  "spend a day;"));
}

}  // namespace
}  // namespace assistd
