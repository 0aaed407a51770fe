// The section `policy`: who may call what, and how often.

#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

using PolicyConfigTest = ConfigFile;

TEST_F(PolicyConfigTest, RulesAndLimitsAreReadInTheirOrder) {
    const PolicyConfig policy =
        load(
            "policy:\n"
            "  roles: {analysts: [alice, bob]}\n"
            "  rules:\n"
            "    - {deny: [run_dla_simulation, 'export_*'], users: [bob]}\n"
            "    - {ask: [effect:writes], roles: [analysts]}\n"
            "    - {allow: ['*']}\n"
            "  limits:\n"
            "    - {tools: [plugin:org.example], users: ['*'], per_minute: 10, per_day: 200}\n"
            "    - {at_once: 4}\n")
            .policy;
    EXPECT_THAT(policy.roles.at("analysts"), ElementsAre("alice", "bob"));
    ASSERT_EQ(policy.rules.size(), 3u);
    const PolicyRule& deny = policy.rules[0];
    EXPECT_EQ(deny.verdict, Verdict::deny);
    EXPECT_EQ(text_of(deny.tools.at(0)) + " " + text_of(deny.tools.at(1)), "run_dla_simulation export_*");
    EXPECT_THAT(deny.people.users, ElementsAre("bob"));
    EXPECT_EQ(deny.place, file_.filename().string() + ":4") << "without the folders";
    EXPECT_EQ(policy.rules[1].verdict, Verdict::ask);
    EXPECT_EQ(policy.rules[1].tools.at(0).kind, ToolPattern::Kind::effect);
    EXPECT_THAT(policy.rules[1].people.roles, ElementsAre("analysts"));
    ASSERT_EQ(policy.limits.size(), 2u);
    const CallLimit& both = policy.limits[0];
    EXPECT_EQ(text_of(both.tools.at(0)), "plugin:org.example");
    EXPECT_EQ(both.per_minute, 10);
    EXPECT_EQ(both.per_day, 200);
    EXPECT_EQ(both.at_once, 0);
    EXPECT_THAT(policy.limits[1].tools, IsEmpty());
    EXPECT_THAT(policy.limits[1].place, EndsWith(":9"));
}

TEST_F(PolicyConfigTest, WhatIsWrongIsRefusedWithItsLine) {
    const std::string rules = "policy:\n  roles: {staff: [alice]}\n  rules:\n    - ";
    EXPECT_EQ(complaint(rules + "{deny: run_x}\n"),
              "4: policy.rules.deny must be a list; write deny: [run_x].");
    EXPECT_EQ(complaint(rules + "{deny: []}\n"), "4: policy.rules.deny must name something, or be left out.");
    EXPECT_EQ(complaint(rules + "{users: [bob]}\n"),
              "4: policy.rules need one of allow, ask and deny each, with the tools.");
    EXPECT_EQ(complaint(rules + "{allow: [a], deny: [b]}\n"),
              "4: policy.rules.deny makes it two rules in one: write one for each.");
    EXPECT_THAT(complaint(rules + "{deny: [effect:danger]}\n"),
                HasSubstr("4: policy.rules.deny names effects, which are reads, writes, network and "
                          "destructive; one is \"danger\"."));
    EXPECT_THAT(complaint(rules + "{deny: ['run simulation']}\n"), HasSubstr("one is \"run simulation\"."));
    EXPECT_THAT(complaint(rules + "{deny: ['plugin:']}\n"), HasSubstr("has nothing behind \"plugin:\"."));
    EXPECT_THAT(complaint(rules + "{deny: [a], roles: [staf]}\n"),
                HasSubstr("names the role \"staf\", which policy.roles does not have."));
    EXPECT_THAT(complaint(rules + "{deny: [a], users: ['b*']}\n"), HasSubstr("are whole names"));
    EXPECT_THAT(complaint(rules + "{deny: [a], user: [bob]}\n"),
                HasSubstr("4: there is no key \"policy.rules.user\"."));
    EXPECT_THAT(complaint("policy:\n  rules: {deny: [a]}\n"), HasSubstr("2: policy.rules must be a list"));
    EXPECT_THAT(complaint("policy:\n  rule: []\n"), HasSubstr("2: there is no key \"policy.rule\"."));

    const std::string limits = "policy:\n  limits:\n    - ";
    EXPECT_THAT(complaint(limits + "{tools: [a]}\n"), HasSubstr("3: policy.limits need at least one of"));
    EXPECT_THAT(complaint(limits + "{per_day: 0}\n"),
                HasSubstr("3: policy.limits.per_day must be a number from 1 to"));
    EXPECT_THAT(complaint("audit: {keep_days: -1}\n"),
                HasSubstr("1: audit.keep_days must be a number from 0"));
}

TEST_F(PolicyConfigTest, RulesThatNeverDecideAreWarnedOf) {
    EXPECT_THAT(load("policy: {rules: [{deny: ['*']}, {allow: ['run_*']}]}\n").warnings,
                ElementsAre(file_.string() +
                            ":1: this rule of policy.rules fits every call; those below it never decide."));
}

TEST_F(PolicyConfigTest, AuditEntriesAreKeptForAYearUnlessItSaysOtherwise) {
    EXPECT_EQ(load("").audit_kept, std::chrono::days(365));
    EXPECT_EQ(load("").assistants_threads_kept, std::chrono::days(30));
    EXPECT_EQ(load("assistants: {keep_threads_days: 0}\n").assistants_threads_kept, std::chrono::days(0));
    EXPECT_EQ(load("audit: {keep_days: 0}\n").audit_kept, std::chrono::days(0));
    EXPECT_EQ(load("", {{"ASSISTD_AUDIT_KEEP_DAYS", "30"}}).audit_kept, std::chrono::days(30));
}

}  // namespace
}  // namespace assistd
