#include "tools/policy.h"

#include "tools/tool_pattern.h"

namespace assistd::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ToolPattern named(const std::string& name) {
    return {ToolPattern::Kind::name, name};
}

PolicyRule rule(Verdict verdict, ToolPattern tools, People people, int line) {
    return {verdict, {std::move(tools)}, std::move(people), "a.yaml:" + std::to_string(line)};
}

std::shared_ptr<core::ToolSpec> tool(const std::string& name) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = name;
    spec->category = "export";
    spec->plugin = "org.example.one";
    return spec;
}

std::shared_ptr<core::ToolSet> tools(const std::vector<std::string>& names) {
    auto set = std::make_shared<core::ToolSet>();
    set->version = 7;
    for (const std::string& name : names) set->tools.push_back(tool(name));
    return set;
}

std::vector<std::string> names_of(const core::ToolSet& set) {
    std::vector<std::string> names;
    for (const auto& spec : set.tools) names.push_back(spec->name);
    return names;
}

PolicyConfig with_roles() {
    PolicyConfig config;
    config.roles = {{"staff", {"alice"}}, {"guests", {"*"}}};
    return config;
}

TEST(ToolPatternTest, AStarStandsForAnything) {
    EXPECT_TRUE(fits("*", ""));
    EXPECT_TRUE(fits("run_*", "run_dla"));
    EXPECT_TRUE(fits("*_a*b", "x_a_a_bb"));
    EXPECT_TRUE(fits("a", "a"));
    EXPECT_FALSE(fits("a", "ab"));
    EXPECT_FALSE(fits("run_*", "rerun_dla"));
    EXPECT_FALSE(fits("a*b", "a"));
    EXPECT_FALSE(fits("", "a"));
    EXPECT_FALSE(fits(std::string(64, '*') + "b", std::string(64, 'a')));
}

TEST(ToolPatternTest, ToolsByNameCategoryPluginAndEffect) {
    auto spec = tool("export_csv");
    spec->effects.network = true;
    using enum ToolPattern::Kind;
    EXPECT_TRUE(is_about({name, "export_*"}, *spec));
    EXPECT_TRUE(is_about({category, "export"}, *spec));
    EXPECT_TRUE(is_about({plugin, "org.example.*"}, *spec));
    EXPECT_TRUE(is_about({effect, "network"}, *spec));
    for (const char* other : {"reads", "writes", "destructive"})
        EXPECT_FALSE(is_about({effect, other}, *spec)) << other;
    EXPECT_FALSE(is_about({category, "simulation"}, *spec));
    EXPECT_FALSE(is_about({plugin, "org.other"}, *spec));
}

TEST(PolicyTest, WithoutARuleEverythingIsAllowed) {
    const Policy policy;
    const auto all = tools({"a", "b"});
    EXPECT_EQ(policy.rule_for(policy.caller("bob"), *all->tools[0]), nullptr);
    EXPECT_EQ(policy.offered_to(policy.caller("bob"), all), all);
}

TEST(PolicyTest, TheFirstRuleThatFitsDecides) {
    const Policy policy(
        {rule(Verdict::allow, named("a"), {{}, {"staff"}}, 1), rule(Verdict::deny, named("a"), {}, 2),
         rule(Verdict::deny, named("b"), {{"bob"}, {}}, 3)},
        configured_callers(with_roles()));
    const auto place = [&](const std::string& user, const std::string& name) {
        const PolicyRule* found = policy.rule_for(policy.caller(user), *tool(name));
        return found ? found->place : "";
    };
    EXPECT_EQ(place("alice", "a"), "a.yaml:1");
    EXPECT_EQ(place("bob", "a"), "a.yaml:2");
    EXPECT_EQ(place("bob", "b"), "a.yaml:3");
    EXPECT_EQ(place("alice", "b"), "");
    EXPECT_THAT(
        Policy::refusal(*policy.rule_for(policy.caller("bob"), *tool("a")), policy.caller("bob"), *tool("a")),
        HasSubstr("bob may not call a: the rule in a.yaml:2 denies it."));
}

TEST(PolicyTest, ARoleMayBeEverybodys) {
    EXPECT_THAT(configured_callers(with_roles())("eve").roles, ElementsAre("guests"));
    EXPECT_THAT(configured_callers(with_roles())("alice").roles, ElementsAre("guests", "staff"));
}

TEST(PolicyTest, WhatIsDeniedIsNotOffered) {
    const Policy policy(
        {rule(Verdict::deny, named("b"), {{"bob"}, {}}, 1), rule(Verdict::ask, named("c"), {{"bob"}, {}}, 2)},
        {});
    const auto all = tools({"a", "b", "c"});
    const auto mine = policy.offered_to(policy.caller("bob"), all);
    EXPECT_THAT(names_of(*mine), ElementsAre("a", "c"));
    EXPECT_TRUE(mine->tools[1]->needs_approval);
    EXPECT_FALSE(all->tools[2]->needs_approval) << "others are not asked";
    EXPECT_EQ(policy.offered_to(policy.caller("alice"), all), all);
    // Renderings are kept by version.
    EXPECT_NE(mine->version, all->version);
    EXPECT_EQ(policy.offered_to(policy.caller("bob"), all), mine);

    const auto later = tools({"a", "b"});
    later->version = 8;
    const auto then = policy.offered_to(policy.caller("bob"), later);
    EXPECT_THAT(names_of(*then), ElementsAre("a"));
    EXPECT_NE(then->version, mine->version);
}

TEST(PolicyTest, UsersOfOneKindShareWhatIsOffered) {
    const Policy policy({rule(Verdict::deny, named("*"), {{}, {"guests"}}, 1)},
                        configured_callers(with_roles()));
    const auto all = tools({"a"});
    const auto mine = policy.offered_to(policy.caller("u1"), all);
    EXPECT_THAT(mine->tools, IsEmpty());
    EXPECT_EQ(policy.offered_to(policy.caller("u2"), all), mine);
}

TEST(PolicyTest, ARuleThatAsksNeverTakesAnApprovalAway) {
    const Policy policy({rule(Verdict::allow, named("a"), {}, 1)}, {});
    auto spec = tool("a");
    spec->needs_approval = true;
    EXPECT_TRUE(policy.as_seen(policy.caller("bob"), spec)->needs_approval);
}

TEST(Policy, OtherRulesOfferSetsWithVersionsOfTheirOwn) {
    auto all = std::make_shared<core::ToolSet>();
    for (const std::string name : {"one", "two"}) {
        auto tool = std::make_shared<core::ToolSpec>();
        tool->name = name;
        all->tools.push_back(tool);
    }
    all->version = 7;
    const auto denies = [](const std::string& tool) {
        return std::vector<PolicyRule>{
            {Verdict::deny, {{ToolPattern::Kind::name, tool}}, {}, "assistd.yaml:1"}};
    };
    const Policy before(denies("one"), {});
    const auto first = before.offered_to(before.caller("local"), all);
    const Policy after(denies("two"), {}, before);
    const auto second = after.offered_to(after.caller("local"), all);
    EXPECT_NE(first->tools, second->tools);
    EXPECT_NE(first->version, second->version);
    EXPECT_NE(before.offered_to(before.caller("local"), std::make_shared<core::ToolSet>(*all))->version,
              second->version);
}

}  // namespace
}  // namespace assistd::tools
