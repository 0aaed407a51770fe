// The section `mcp`: servers whose tools are offered.

#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

using McpConfigTest = ConfigFile;

const std::string servers = "mcp:\n  servers:\n    ";

TEST_F(McpConfigTest, BothKindsAreRead) {
    const Config config = load(
        servers +
            "memory: {command: npx, args: [-y, it], env: {A_B: c}, folder: /, prefix: m-, tools: ['a*'],\n"
            "             timeout_s: 5, idle_timeout_s: 0.5, enabled: false}\n"
            "    lab: {url: 'https://lab.example/mcp', headers: {X-Team: blue}, api_key_env: ASSISTD_LAB, "
            "timeout_s: 7}\n",
        {{"ASSISTD_LAB", "k"}});
    ASSERT_EQ(config.mcp.servers.size(), 2u);
    const McpServerConfig& memory = config.mcp.servers[0];
    EXPECT_EQ(memory.name + " " + memory.command + " " + memory.prefix + " " + memory.folder,
              "memory npx m- /");
    EXPECT_THAT(memory.arguments, ElementsAre("-y", "it"));
    EXPECT_EQ(memory.environment.at("A_B"), "c");
    EXPECT_THAT(memory.tools, ElementsAre("a*"));
    EXPECT_EQ(memory.timeout, 5s);
    EXPECT_EQ(memory.idle_timeout, 500ms);
    EXPECT_FALSE(memory.enabled);
    const McpServerConfig& lab = config.mcp.servers[1];
    EXPECT_EQ(lab.url + " " + lab.prefix + " " + lab.api_key_env, "https://lab.example/mcp lab_ ASSISTD_LAB");
    EXPECT_EQ(lab.headers.at("X-Team"), "blue");
    EXPECT_EQ(lab.idle_timeout, 7s) << "as long as a call, unless it is said";
    EXPECT_TRUE(lab.enabled);
    EXPECT_TRUE(config.warnings.empty()) << config.warnings.front();
}

TEST_F(McpConfigTest, WhatIsWrongIsRefusedWithItsLine) {
    const auto complain = [&](const std::string& text) { return complaint(servers + text + "\n"); };
    EXPECT_THAT(complain("a: {}"), StartsWith("3: mcp.servers.a must have either a command or a url"));
    EXPECT_THAT(complain("a: {command: x, url: 'http://b'}"), HasSubstr("either a command or a url"));
    EXPECT_THAT(complain("a: {command: ''}"), HasSubstr("mcp.servers.a.command must name a program"));
    EXPECT_THAT(complain("a: x"), HasSubstr("must be a mapping"));
    EXPECT_THAT(complain("'a b': {command: x}"), HasSubstr("must be named with letters"));
    EXPECT_THAT(complain("a: {command: x, api_key_env: B}"), HasSubstr("is for servers with a url"));
    EXPECT_THAT(complain("a: {url: 'http://b', env: {A: b}}"), HasSubstr("is for servers with a command"));
    EXPECT_THAT(complain("a: {url: 'http://b', api_key_env: NOT_SET}"),
                HasSubstr("NOT_SET, which is not set"));
    EXPECT_EQ(complain("a: {url: 'http://b', api_key_env: NOT_SET, enabled: false}"), "accepted");
    EXPECT_THAT(complain("a: {url: 'http://me:pw@b'}"), HasSubstr("must not hold a name or password"));
    EXPECT_THAT(complain("a: {command: x, folder: /nowhere}"), HasSubstr("must name a folder"));
    EXPECT_THAT(complain("a: {command: x, env: {'A B': c}}"),
                HasSubstr("is no name of an environment variable"));
    EXPECT_THAT(complain("a: {command: x, prefix: 'a b'}"), HasSubstr("must have letters, digits"));
    EXPECT_THAT(complaint("mcp: {servers: {a: {command: x}, b: {command: y, prefix: a_}}}\n"),
                HasSubstr("mcp.servers.b has the prefix \"a_\" of \"a\"; each server needs its own"));
    EXPECT_THAT(complain("a: {command: x, timeout_s: 0}"), HasSubstr("must be a number from 0.1"));
    EXPECT_THAT(complain("a: {command: x, colour: red}"),
                EndsWith("there is no key \"mcp.servers.a.colour\"."));
    EXPECT_THAT(complaint("mcp: {colour: red}\n"), EndsWith("there is no key \"mcp.colour\"."));
    EXPECT_EQ(complaint("mcp: {}\n"), "accepted");
}

}  // namespace
}  // namespace assistd
