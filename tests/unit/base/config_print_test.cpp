// The configuration in several files, written down again, and compared with another.

#include "base/config_keys.h"
#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigFolder : public ConfigFile {
  protected:
    ConfigFolder() { std::filesystem::create_directories(folder_ / "conf.d"); }
    ~ConfigFolder() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path put(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    Config read() const { return load_config({folder_ / "assistd.yaml", {}, {}}); }
    std::string refused() const { return refusal_of({folder_ / "assistd.yaml", {}, {}}); }

    const std::filesystem::path folder_ = file_.string() + ".d";
};

TEST_F(ConfigFolder, LaterFilesWinKeyByKey) {
    put("assistd.yaml",
        "turns: {max_rounds: 3, timeout_s: 30}\n"
        "http: {cors_origins: [\"https://a\", \"https://b\"]}\n"
        "providers: {main: {kind: ollama, retry: {attempts: 2, first_wait_s: 1}}}\n");
    put("conf.d/20-late.yaml", "turns: {max_rounds: 5}\nhttp: {cors_origins: [\"https://c\"]}\n");
    put("conf.d/10-early.yaml",
        "turns: {max_rounds: 4, max_tool_calls: 9}\nproviders: {main: {retry: {attempts: 7}}}\n");
    const Config config = read();
    EXPECT_EQ(config.max_rounds, 5);
    EXPECT_EQ(config.max_tool_calls, 9);
    EXPECT_EQ(config.turn_timeout, std::chrono::seconds(30));
    EXPECT_THAT(config.cors_origins, ElementsAre("https://c"));
    EXPECT_EQ(config.providers.at(0).retry.attempts, 7);
    EXPECT_EQ(config.providers.at(0).retry.first_wait, std::chrono::milliseconds(1000));
    EXPECT_EQ(config.origins.at("turns.max_rounds").place, (folder_ / "conf.d/20-late.yaml").string() + ":1");
}

TEST_F(ConfigFolder, OnlyFilesThatAreMeantAreRead) {
    put("assistd.yaml", "turns: {max_rounds: 3}\n");
    for (const std::string name : {"a.yaml~", ".b.yaml", "c.yml.bak", "README", ".#d.yaml"})
        put("conf.d/" + name, "turns: {max_rounds: 99}\n");
    EXPECT_EQ(read().max_rounds, 3);
}

TEST_F(ConfigFolder, WhatCannotBeReadInItIsNamed) {
    put("assistd.yaml", "turns: {max_rounds: 3}\n");
    const std::string conf_d = (folder_ / "conf.d").string();
    std::filesystem::create_symlink("/nowhere", folder_ / "conf.d/a.yaml");
    std::filesystem::create_directory(folder_ / "conf.d/b.yaml");
    put("conf.d/c.yaml", "turns: {max_rounds: 0}\n");
    EXPECT_EQ(refused(),
              conf_d + "/a.yaml: the configuration file cannot be read: No such file or directory.\n" +
                  conf_d + "/b.yaml: the configuration must be a file; this is a folder.\n" + conf_d +
                  "/c.yaml:1: turns.max_rounds must be a number from 1 to 1000; it is \"0\".");
    std::filesystem::remove_all(folder_ / "conf.d");
    put("conf.d", "turns: {max_rounds: 4}\n");
    EXPECT_EQ(refused(), conf_d + ": this must be a folder of configuration files.");
}

TEST_F(ConfigFolder, AnEmptyMainFileIsGoodWhenOthersSaySomething) {
    put("assistd.yaml", "# see conf.d\n");
    put("conf.d/a.yaml", "turns: {max_rounds: 4}\n");
    EXPECT_TRUE(read().warnings.empty());
}

TEST_F(ConfigFile, EverythingThatIsWrongIsToldAtOnce) {
    const std::string sentences = refusal(
        "lisen: 1\n"
        "turns:\n  max_rounds: 0\n  timeout_s: soon\n"
        "providers:\n  a:\n    kind: openia\n    timeouts: {idle_s: 0}\n  b: {kind: openai}\n"
        "tools:\n  x: {approval: perhaps, job_after_s: -1}\n"
        "policy:\n  rules:\n    - {alow: [x]}\n    - {deny: []}\n"
        "mcp: {serve: maybe, servers: {s: {}}}\n");
    std::vector<std::string> lines;
    std::istringstream stream(sentences);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line.substr(file_.string().size() + 1));
    EXPECT_THAT(
        lines,
        ElementsAre(testing::StartsWith("1: "), testing::StartsWith("3: turns.max_rounds"),
                    testing::StartsWith("4: turns.timeout_s"), testing::StartsWith("7: providers.a.kind"),
                    testing::StartsWith("8: providers.a.timeouts.idle_s"),
                    testing::StartsWith("9: providers.b"), testing::StartsWith("11: tools.x.approval"),
                    testing::StartsWith("11: tools.x.job_after_s"),
                    testing::StartsWith("14: there is no key \"policy.rules.alow\""),
                    testing::StartsWith("15: policy.rules.deny"), testing::StartsWith("16: mcp.serve"),
                    testing::StartsWith("16: mcp.servers.s")))
        << sentences;
}

TEST_F(ConfigFile, EachMistakeNamesItsKey) {
    try {
        load("turns: {max_rounds: 0, timeout_s: 0}\n");
        FAIL();
    } catch (const Error& error) {
        ASSERT_EQ(error.fields().size(), 2u);
        EXPECT_EQ(error.fields()[0].field, "turns.max_rounds");
        EXPECT_EQ(error.fields()[1].field, "turns.timeout_s");
    }
}

// What the table calls a default is what a configuration has that says nothing.
TEST_F(ConfigFile, EveryDefaultIsTheOneThatCounts) {
    for (const ConfigKey& key : config_keys()) {
        if (!key.usual) continue;
        std::string text = std::string(key.path) + ": " + key.usual;
        for (std::size_t dot = text.rfind('.', key.path.size()); dot != std::string::npos;
             dot = text.rfind('.', dot))
            text.replace(dot, std::string::npos, ": {" + text.substr(dot + 1) + "}");
        Config told = load(text + "\n");
        told.origins.clear();
        told.tree.reset();
        EXPECT_TRUE(told == Config()) << text;
    }
}

TEST_F(ConfigFile, WhatIsPrintedIsAConfigurationAndSaysWhereItComesFrom) {
    ConfigSources sources;
    sources.file = write(
        "turns: {max_rounds: 3}\n"
        "providers:\n  main:\n    kind: openai\n    base_url: http://127.0.0.1:9/v1\n"
        "    headers: {X-Key: very-secret}\n    models: {\"odd: name\": {alias: fast}}\n"
        "policy:\n  rules:\n    - {deny: [\"effect:network\"], users: [carol]}\n"
        "mcp: {servers: {s: {command: run, args: [-y, \"a b\"], env: {TOKEN: also-secret}}}}\n");
    sources.environment = {{"ASSISTD_PLUGINS", "/a:/b"}};
    sources.command_line = {{"listen", "127.0.0.1:0"}};
    const std::string text = print_config(load_config(sources));
    EXPECT_THAT(text, testing::Not(HasSubstr("secret")));
    EXPECT_THAT(text, testing::ContainsRegex("listen: 127.0.0.1:0 +# the option --listen\n"));
    EXPECT_THAT(
        text, testing::ContainsRegex("folders: \\[/a, /b\\] +# the environment variable ASSISTD_PLUGINS\n"));
    EXPECT_THAT(text, testing::ContainsRegex("max_rounds: 3 +# " + file_.string() + ":1\n"));
    EXPECT_THAT(text, testing::ContainsRegex("max_tool_calls: 50 +# the default\n"));
    const Config again = load(text);
    const Config before = load_config(sources);
    EXPECT_EQ(again.plugin_folders, before.plugin_folders);
    EXPECT_EQ(again.listen_port, 0);
    EXPECT_EQ(again.providers.at(0).models, before.providers.at(0).models);
    EXPECT_EQ(again.policy.rules.at(0).tools, before.policy.rules.at(0).tools);
    EXPECT_EQ(again.mcp.servers.at(0).arguments, before.mcp.servers.at(0).arguments);
}

TEST_F(ConfigFile, WhatChangedIsNamed) {
    const Config before = load("turns: {max_rounds: 3}\nhttp: {max_connections: 10}\n");
    EXPECT_TRUE(changes_between(before, before).at_once.empty());
    // A comment above it moves it; a default that is written down is the same.
    const Config moved = load("# new\nturns: {max_rounds: 3, timeout_s: 600}\nhttp: {max_connections: 10}\n");
    EXPECT_TRUE(changes_between(before, moved).at_once.empty());
    const Config after = load(
        "turns: {max_rounds: 4}\nstate: /x\ntools: {a: {job_after_s: 1}}\n"
        "providers: {main: {kind: ollama, headers: {X: one}}}\nmcp: {servers: {s: {command: x}}}\n");
    const ConfigChanges changes = changes_between(before, after);
    EXPECT_THAT(changes.at_once, ElementsAre("turns.max_rounds", "mcp.servers", "providers", "tools"));
    EXPECT_THAT(changes.after_restart, ElementsAre("state", "http.max_connections"));
    const Config other_header = load(
        "turns: {max_rounds: 4}\nstate: /x\ntools: {a: {job_after_s: 1}}\n"
        "providers: {main: {kind: ollama, headers: {X: two}}}\nmcp: {servers: {s: {command: x}}}\n");
    EXPECT_THAT(changes_between(after, other_header).at_once, ElementsAre("providers"));
    const ConfigChanges traces = changes_between(load("telemetry: {headers: {X: one}}\n"),
                                                 load("telemetry: {headers: {X: two}, sample: 0.5}\n"));
    EXPECT_THAT(traces.at_once, ElementsAre());
    EXPECT_THAT(traces.after_restart, ElementsAre("telemetry.sample", "telemetry.headers"));
}

}  // namespace
}  // namespace assistd
