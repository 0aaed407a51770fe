// What is odd about a configuration that is good.

#include "app/oddities.h"

#include "unit/base/config_fixture.h"

namespace assistd::app {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

class OdditiesTest : public ConfigFile {
  protected:
    OdditiesTest() {
        auto tool = std::make_shared<core::ToolSpec>();
        tool->name = "run_dla";
        tool->category = "simulation";
        tools_.tools = {tool};
    }

    std::vector<std::string> in_vain(const std::string& text) {
        return named_in_vain(load(text), tools_, [](const std::string& id) { return id == "org.known"; });
    }

    core::ToolSet tools_;
};

TEST_F(OdditiesTest, WhatIsThereIsNotInVain) {
    EXPECT_THAT(
        in_vain("tools: {run_dla: {approval: always}}\n"
                "plugins: {in_process: [org.known], network: [org.known]}\n"
                "policy: {rules: [{allow: [run_dla, 'run_*', 'category:simulation', 'plugin:org.known', "
                "'plugin:assistd', 'plugin:org.*', 'category:*', 'effect:network']}]}\n"),
        IsEmpty());
}

TEST_F(OdditiesTest, WhatIsNotThereIsNamedWithItsPlace) {
    const std::string later = "; it counts once there is one.";
    EXPECT_THAT(
        in_vain("tools:\n  run_dlb: {job_after_s: 2}\n"
                "plugins: {in_process: [org.unknown], network: [org.far]}\n"
                "policy:\n"
                "  rules:\n"
                "    - {deny: [run_dlb, 'category:none', 'plugin:org.unknown']}\n"
                "  limits: [{tools: [nothing], at_once: 1}]\n"),
        ElementsAre(
            EndsWith(":2: tools.run_dlb is about a tool that no loaded plugin offers" + later),
            EndsWith(":3: plugins.in_process names \"org.unknown\", and no plugin file has that id" + later),
            EndsWith(":3: plugins.network names \"org.far\", and no plugin file has that id" + later),
            EndsWith(":6: policy names the tool \"run_dlb\", which no loaded plugin offers" + later),
            EndsWith(":6: policy names the category \"none\", which no loaded plugin's tool is of" + later),
            EndsWith(":6: policy names the plugin \"org.unknown\", and no plugin file and no MCP server has "
                     "that id" +
                     later),
            EndsWith(":7: policy names the tool \"nothing\", which no loaded plugin offers" + later)));
}

TEST_F(OdditiesTest, UsersWhomNobodyKnowsAreNamedWithTheirPlace) {
    const std::string named =
        "limits:\n  users: [{users: [alice, '*', eve], turns_at_once: 1}]\n"
        "policy:\n  rules: [{users: [bob], allow: ['*']}]\n";
    const KnowsUser only_alice = [](const std::string& name) { return name == "alice"; };
    const std::string later = ", whom nobody knows here; it counts once there is one.";
    EXPECT_THAT(users_named_in_vain(load("auth: {mode: keys}\n" + named), only_alice),
                ElementsAre(file_.string() + ":3: limits.users names the user \"eve\"" + later,
                            file_.string() + ":5: policy.rules names the user \"bob\"" + later));
    EXPECT_THAT(users_named_in_vain(load(named), only_alice), IsEmpty()) << "all are one user";
}

TEST_F(OdditiesTest, WhatAServerMayTellOfIsNotInVain) {
    EXPECT_THAT(in_vain("mcp: {servers: {lab: {url: 'https://lab.example/mcp'}}}\n"
                        "tools: {lab_measure: {approval: never}}\n"
                        "policy: {rules: [{allow: ['plugin:mcp.lab', lab_weigh, 'category:mcp']}, {deny: "
                        "['plugin:mcp.lap']}]}\n"),
                ElementsAre(testing::HasSubstr(":3: policy names the plugin \"mcp.lap\"")));
    EXPECT_THAT(in_vain("policy: {rules: [{deny: ['category:mcp']}]}\n"),
                ElementsAre(testing::HasSubstr("the category \"mcp\"")));
}

}  // namespace
}  // namespace assistd::app
