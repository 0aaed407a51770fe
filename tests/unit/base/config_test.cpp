#include "unit/base/config_fixture.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include "support/folders.h"

namespace assistd {
namespace {

TEST_F(ConfigFile, TheShippedOneIsCompleteAndHasTheDefaults) {
    const Config shipped = load_config({test::source_folder() / "config/assistd.yaml", {}, {}});
    const Config defaults;
    EXPECT_EQ(shipped.listen_address, defaults.listen_address);
    EXPECT_EQ(shipped.listen_port, defaults.listen_port);
    EXPECT_EQ(shipped.state, defaults.state);
    EXPECT_EQ(shipped.plugin_folders, defaults.plugin_folders);
    EXPECT_EQ(shipped.model, defaults.model);
    EXPECT_TRUE(shipped.providers.empty());
    EXPECT_EQ(shipped.store_synchronous_full, defaults.store_synchronous_full);
    EXPECT_EQ(shipped.max_rounds, defaults.max_rounds);
    EXPECT_EQ(shipped.max_tool_calls, defaults.max_tool_calls);
    EXPECT_EQ(shipped.max_tokens, defaults.max_tokens);
    EXPECT_EQ(shipped.max_cost, defaults.max_cost);
    EXPECT_EQ(shipped.turn_timeout, defaults.turn_timeout);
    EXPECT_EQ(shipped.context_policy, defaults.context_policy);
    EXPECT_EQ(shipped.last_messages, defaults.last_messages);
    EXPECT_EQ(shipped.max_result_kib, defaults.max_result_kib);
    EXPECT_EQ(shipped.job_after, defaults.job_after);
    EXPECT_EQ(shipped.approvals, defaults.approvals);
    EXPECT_EQ(shipped.approval_timeout, defaults.approval_timeout);
    EXPECT_EQ(shipped.store_most_together, defaults.store_most_together);
    EXPECT_EQ(shipped.cors_origins, defaults.cors_origins);
    EXPECT_EQ(shipped.trusted_proxies, defaults.trusted_proxies);
    EXPECT_EQ(shipped.max_connections, defaults.max_connections);
    EXPECT_TRUE(shipped.limits.users.empty() && shipped.limits.keys.empty() &&
                shipped.limits.addresses.empty());
    EXPECT_EQ(shipped.limits.overload.turns_at_once, defaults.limits.overload.turns_at_once);
    EXPECT_EQ(shipped.limits.overload.turns_waiting, defaults.limits.overload.turns_waiting);
    EXPECT_EQ(shipped.limits.overload.turn_wait, defaults.limits.overload.turn_wait);
    EXPECT_EQ(shipped.limits.overload.request_wait, defaults.limits.overload.request_wait);
    EXPECT_EQ(shipped.prompts, defaults.prompts);
    EXPECT_EQ(shipped.titles_by_model, defaults.titles_by_model);
    EXPECT_EQ(shipped.log_level, defaults.log_level);
    EXPECT_THAT(shipped.warnings, testing::IsEmpty());
}

TEST_F(ConfigFile, ReadsProvidersAndTools) {
    const Config config = load(
        "model: main:big\n"
        "providers:\n"
        "  main: {kind: openai, base_url: \"http://127.0.0.1:9/v1\", context_window: 32000}\n"
        "tools: {run_dla_simulation: {job_after_s: 0.5}}\n"
        "plugins: {folders: [/a, /b]}\n");
    ASSERT_EQ(config.providers.size(), 1u);
    EXPECT_EQ(config.providers[0].name, "main");
    EXPECT_EQ(config.providers[0].context_window, 32000);
    EXPECT_EQ(config.job_after.at("run_dla_simulation"), std::chrono::milliseconds(500));
    EXPECT_EQ(config.plugin_folders.size(), 2u);
}

TEST_F(ConfigFile, TheCommandLineWinsOverTheEnvironmentAndThatOverTheFile) {
    ConfigSources sources;
    sources.file = write("listen: 127.0.0.1:1\nturns: {max_rounds: 3, max_tool_calls: 4}\n");
    sources.environment = {{"ASSISTD_LISTEN", "127.0.0.1:2"},
                           {"ASSISTD_TURNS_MAX_ROUNDS", "5"},
                           {"ASSISTD_PLUGINS", "/x:/y"},
                           {"UNRELATED", "1"}};
    sources.command_line = {{"listen", "127.0.0.1:3"}};
    const Config config = load_config(sources);
    EXPECT_EQ(config.listen_port, 3);
    EXPECT_EQ(config.max_rounds, 5);
    EXPECT_EQ(config.max_tool_calls, 4);
    EXPECT_THAT(config.plugin_folders, testing::ElementsAre("/x", "/y"));
}

TEST_F(ConfigFile, EveryRefusalNamesFileLineAndKey) {
    const std::pair<std::string, std::string> table[] = {
        {"lisen: 1\n", "1: there is no key \"lisen\"."},
        {"state: x\nturns:\n  max_round: 3\n", "3: there is no key \"turns.max_round\"."},
        {"turns:\n  max_rounds: many\n",
         "2: turns.max_rounds must be a number from 1 to 1000; it is \"many\"."},
        {"turns: {max_rounds: 0}\n", "1: turns.max_rounds must be a number from 1 to 1000; it is \"0\"."},
        {"turns: 5\n", "1: turns must be a mapping of keys to values."},
        {"turns: {max_cost: nan}\n", "1: turns.max_cost must be a number from 0 to 1000000; it is \"nan\"."},
        {"listen: 8080\n", "1: listen must be an address and a port such as 127.0.0.1:8080; it is \"8080\"."},
        {"listen: 127.0.0.1:70000\n", "1: listen's port must be a number from 0 to 65535; it is \"70000\"."},
        {"listen: 127.0.0.1:\n", "1: this is no YAML: illegal map value."},
        {"listen: \"127.0.0.1:\"\n", "1: listen's port must be a number from 0 to 65535; it is \"\"."},
        {"listen: [a, b]\n", "1: listen must be one value, not a list."},
        {"listen: {port: 1}\n", "1: listen must be one value, not a mapping of keys to values."},
        {"state:\n", "1: state must have a value."},
        {"store: {synchronous: off}\n", "1: store.synchronous must be one of full, normal; it is \"off\"."},
        {"auth: {mode: some}\n", "1: auth.mode must be one of none, keys, jwt; it is \"some\"."},
        {"context: {policy: newest}\n",
         "1: context.policy must be one of whole_exchanges, last_messages, summary; it is \"newest\"."},
        {"plugins:\n  folders: /opt/plugins\n",
         "2: plugins.folders must be a list; write folders: [/opt/plugins]."},
        {"http:\n  cors_origins: \"*\"\n", "2: http.cors_origins must be a list; write cors_origins: [*]."},
        {"plugins:\n  folders:\n", "2: plugins.folders must have a value; an empty list is []."},
        {"plugins:\n  folders:\n    - /a\n    - [b]\n", "4: plugins.folders must be a list of plain values."},
        {"http:\n  trusted_proxies:\n    - 10.0.0.0/8\n    - nobody\n",
         "4: http.trusted_proxies must be addresses or networks such as 10.0.0.0/8; one is \"nobody\"."},
        {"http: {trusted_proxies: [10.0.0.0/99]}\n",
         "1: http.trusted_proxies must be addresses or networks such as 10.0.0.0/8; one is "
         "\"10.0.0.0/99\"."},
        {"mcp: {serve: maybe}\n", "1: mcp.serve must be one of true, false; it is \"maybe\"."},
        {"mcp: {server: 1}\n", "1: there is no key \"mcp.server\"."},
        {"titles: maybe\n", "1: titles must be one of model, first_message; it is \"maybe\"."},
        {"prompts: /no/such/folder\n",
         "1: prompts must name a folder with prompts; \"/no/such/folder\" is none."},
        {"tools: {dla: {after: 1}}\n", "1: there is no key \"tools.dla.after\"."},
        {"tools:\n  dla: 3\n", "2: tools.dla must be a mapping of keys to values."},
        {"state: x\nmodel: nobody:x\n",
         "2: model must be \"offline\", PROVIDER:MODEL of a provider that is configured (offline), or a "
         "model's alias; it is \"nobody:x\"."},
        {"state: x\n\nlisten: 0.0.0.0:8080\n",
         "3: listen must be an address on loopback (127.0.0.0/8, ::1 or localhost), because auth.mode is "
         "none and everybody who reaches it may do everything (set auth.mode to keys or jwt first); it is "
         "\"0.0.0.0\"."},
    };
    for (const auto& [text, sentence] : table) EXPECT_EQ(complaint(text), sentence) << text;
}

TEST_F(ConfigFile, PromptsAreBesideItOrWhereItSays) {
    const std::filesystem::path folder = file_.string() + ".folder";
    const std::filesystem::path beside = folder / "prompts";
    const std::filesystem::path named = folder / "named";
    std::filesystem::create_directories(beside);
    std::filesystem::create_directories(named);
    const std::filesystem::path file = folder / "assistd.yaml";
    const auto prompts = [&](const std::string& text, const std::map<std::string, std::string>& environment) {
        std::ofstream(file) << text;
        return load_config({file, environment, {}}).prompts;
    };
    EXPECT_EQ(prompts("titles: first_message\n", {}), beside);
    EXPECT_EQ(prompts("prompts: " + named.string() + "\n", {}), named);
    EXPECT_EQ(prompts("titles: model\n", {{"ASSISTD_PROMPTS", named.string()}}), named);
    std::filesystem::remove_all(beside);
    EXPECT_EQ(prompts("titles: model\n", {}), "");
    std::filesystem::remove_all(folder);
}

TEST_F(ConfigFile, OnlyLoopbackIsListenedOn) {
    for (const std::string good : {"127.0.0.1", "127.255.0.9", "localhost", "[::1]"})
        EXPECT_EQ(refusal("listen: \"" + good + ":8080\"\n"), "accepted");
    for (const std::string bad :
         {"0.0.0.0", "192.168.1.1", "[::]", "localhost.example.com", "127.0.0.1.example.com", "1277.0.0.1"})
        EXPECT_THAT(refusal("listen: \"" + bad + ":8080\"\n"), testing::HasSubstr("on loopback"));
}

TEST_F(ConfigFile, NoKeyIsThereTwice) {
    EXPECT_EQ(complaint("state: a\nlisten: 127.0.0.1:1\nstate: b\n"),
              "3: the key \"state\" is there twice, first in line 1.");
    EXPECT_EQ(complaint("turns:\n  max_rounds: 1\n  max_rounds: 1\n"),
              "3: the key \"turns.max_rounds\" is there twice, first in line 2.");
    EXPECT_EQ(complaint("turns: {max_rounds: 1}\nstate: a\nturns: {timeout_s: 5}\n"),
              "3: the key \"turns\" is there twice, first in line 1.");
    EXPECT_EQ(complaint("providers:\n  a: {kind: ollama}\n  a: {kind: ollama}\n"),
              "3: the key \"providers.a\" is there twice, first in line 2.");
    EXPECT_EQ(complaint("providers:\n  a: {kind: ollama, kind: openai}\n"),
              "2: the key \"providers.a.kind\" is there twice, first in line 2.");
    EXPECT_EQ(complaint("tools:\n  x: {job_after_s: 1}\n  y: {job_after_s: 1}\n  x: {job_after_s: 1}\n"),
              "4: the key \"tools.x\" is there twice, first in line 2.");
}

TEST_F(ConfigFile, WhatIsNoConfigurationIsToldInASentence) {
    EXPECT_EQ(complaint("just text\n"), "1: the file must be a mapping of keys to values.");
    EXPECT_EQ(complaint("- a\n- b\n"), "1: the file must be a mapping of keys to values.");
    EXPECT_THAT(complaint("a: [1\n"), testing::StartsWith("2: this is no YAML: "));
    EXPECT_EQ(complaint("turns:\n\tmax_rounds: 3\n"),
              "2: this is no YAML: lines are indented with spaces, never with tabs.");
    EXPECT_EQ(complaint(std::string("\x7f"
                                    "ELF\0\1\2",
                                    7)),
              " the configuration file is no text; it has NUL characters.");
    EXPECT_EQ(complaint("state: a\n---\nstate: b\n"),
              "3: a second YAML document begins here; there must be only one.");
    EXPECT_EQ(complaint("[a, b]: c\n"), "1: a key must be a plain word.");
    EXPECT_EQ(complaint("state: " + std::string(2'000'000, 'x') + "\n"),
              " the configuration file is larger than 1 MiB.");
    const std::string number(100'000, '9');
    EXPECT_EQ(
        complaint("turns: {max_rounds: " + number + "}\n"),
        "1: turns.max_rounds must be a number from 1 to 1000; it is \"" + number.substr(0, 80) + "…\".");
    EXPECT_THAT(complaint("state: " + std::string(100'000, '[') + "\n"),
                testing::HasSubstr("the configuration file has too many levels"));
}

TEST_F(ConfigFile, AliasesThatStandForBillionsAreCutShort) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += fmt::format("a{0}: &a{0} [{1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}]\n", i, before);
    }
    EXPECT_THAT(complaint(text), testing::HasSubstr("too many values or levels"));
    EXPECT_THAT(complaint("a: &a [*a]\n"), testing::Not("accepted"));
}

TEST_F(ConfigFile, AnEmptyFileIsAcceptedWithAWarning) {
    for (const std::string text : {"", "\n\n", "# nothing yet\n", "---\n", "{}\n"}) {
        const Config config = load(text);
        ASSERT_EQ(config.warnings.size(), 1u) << text;
        EXPECT_EQ(config.warnings[0],
                  file_.string() + ": the configuration file sets nothing; everything has its default.");
    }
    EXPECT_TRUE(load("state: x\n").warnings.empty());
}

TEST_F(ConfigFile, WarnsOfVariablesThatSetNothing) {
    const std::string keys = "providers: {a: {kind: ollama, api_key_env: ASSISTD_OWN_KEY}}\n";
    const std::map<std::string, std::string> variables{
        {"ASSISTD_OWN_KEY", "k"}, {"ASSISTD_STATE", "x"}, {"ASSISTD_MODLE", "x"}, {"OTHER", "x"}};
    EXPECT_THAT(load(keys, variables).warnings,
                testing::ElementsAre("The environment variable ASSISTD_MODLE sets nothing: no key with a "
                                     "value of its own has that name."));
}

TEST_F(ConfigFile, FilesThatCannotBeReadAreNamed) {
    EXPECT_EQ(refusal_of({"/nowhere/assistd.yaml", {}, {}}),
              "/nowhere/assistd.yaml: the configuration file cannot be read: No such file or directory.");
    std::filesystem::create_directory(file_);
    EXPECT_EQ(refusal_of({file_, {}, {}}),
              file_.string() + ": the configuration must be a file; this is a folder.");
    EXPECT_EQ(refusal_of({"/dev/zero", {}, {}}),
              "/dev/zero: the configuration must be a file; this is a device.");
    const std::filesystem::path fifo = file_.parent_path() / "fifo.yaml";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(refusal_of({fifo, {}, {}}),
              fifo.string() + ": the configuration must be a file; this is a FIFO.");
    std::ofstream(file_.parent_path() / "large.yaml") << std::string((1 << 20) + 1, '#');
    EXPECT_THAT(refusal_of({file_.parent_path() / "large.yaml", {}, {}}),
                testing::HasSubstr("the configuration file is larger than 1 MiB."));
    if (getuid() == 0) return;  // root may read everything
    std::filesystem::remove(file_);
    std::filesystem::permissions(write("state: x\n"), std::filesystem::perms::none);
    EXPECT_THAT(refusal_of({file_, {}, {}}), testing::HasSubstr("cannot be read: Permission denied."));
}

TEST_F(ConfigFile, AWrongVariableOrOptionIsNamed) {
    const auto by_variable = [&](const std::string& name, const std::string& value) {
        return refusal_of({std::nullopt, {{name, value}}, {}});
    };
    EXPECT_EQ(by_variable("ASSISTD_TURNS_TIMEOUT_S", "soon"),
              "the environment variable ASSISTD_TURNS_TIMEOUT_S: turns.timeout_s must be a number from 1 to "
              "604800; it is \"soon\".");
    EXPECT_THAT(by_variable("ASSISTD_MODEL", "nobody:x"),
                testing::StartsWith("the environment variable ASSISTD_MODEL: model must be \"offline\", "));
    EXPECT_THAT(by_variable("ASSISTD_LISTEN", "0.0.0.0:1"),
                testing::StartsWith("the environment variable ASSISTD_LISTEN: listen must be an address on"));
    EXPECT_THAT(by_variable("ASSISTD_HTTP_TRUSTED_PROXIES", "::1,nobody"),
                testing::StartsWith("the environment variable ASSISTD_HTTP_TRUSTED_PROXIES: "));
    EXPECT_THAT(refusal_of({std::nullopt, {}, {{"listen", "127.0.0.1:x"}}}),
                testing::StartsWith("the option --listen: listen's port must be"));
    // Whoever set it last is named, not who set it before.
    EXPECT_THAT(refusal_of({write("model: offline\n"), {{"ASSISTD_MODEL", "x"}}, {}}),
                testing::StartsWith("the environment variable ASSISTD_MODEL"));
}

TEST_F(ConfigFile, ListsInVariables) {
    const Config config = load_config({std::nullopt,
                                       {{"ASSISTD_PLUGINS", "/a:/b"},
                                        {"ASSISTD_HTTP_CORS_ORIGINS", "https://a:8443,http://b"},
                                        {"ASSISTD_HTTP_TRUSTED_PROXIES", "fd00::/8,10.0.0.1"}},
                                       {}});
    EXPECT_THAT(config.plugin_folders, testing::ElementsAre("/a", "/b"));
    EXPECT_THAT(config.cors_origins, testing::ElementsAre("https://a:8443", "http://b"));
    EXPECT_THAT(config.trusted_proxies, testing::ElementsAre("fd00::/8", "10.0.0.1"));
}

TEST_F(ConfigFile, SaysWhichPluginsRunInTheDaemon) {
    EXPECT_TRUE(load("model: offline\n").plugins_in_process.empty());
    const Config config = load("plugins:\n  in_process: [org.known, org.unknown]\n");
    EXPECT_THAT(config.plugins_in_process, testing::ElementsAre("org.known", "org.unknown"));
    EXPECT_EQ(complaint("plugins:\n  in_process: org.known\n"),
              "2: plugins.in_process must be a list; write in_process: [org.known].");
}

TEST_F(ConfigFile, SaysWhichToolsWaitForAPerson) {
    const Config config = load(
        "turns: {approval_timeout_s: 90}\n"
        "tools:\n  grow: {approval: always, job_after_s: 1}\n  erase: {approval: never}\n");
    EXPECT_EQ(config.approvals, (std::map<std::string, bool>{{"grow", true}, {"erase", false}}));
    EXPECT_EQ(config.approval_timeout, std::chrono::seconds(90));
    EXPECT_EQ(complaint("tools:\n  grow: {approval: yes}\n"),
              "2: tools.grow.approval must be one of always, never; it is \"yes\".");
}

TEST_F(ConfigFile, OriginsThatNoBrowserSendsAreRefused) {
    const std::string rule =
        "1: http.cors_origins are origins as browsers send them, such as https://a.example or "
        "http://localhost:3000, or \"*\" for all; one is ";
    const std::pair<std::string, std::string> table[] = {
        {"https://a.example/", "nothing stands behind the host and port"},
        {"a.example", "it has no scheme, such as https://"},
        {"", "it is empty"},
        {"https://*.example", "a * in a name stands for nothing"},
        {"https://A.example", "browsers write small letters"},
        {"https://a.example:443", "browsers leave out the port that is the scheme's own"},
    };
    for (const auto& [origin, fault] : table)
        EXPECT_EQ(complaint("http: {cors_origins: ['" + origin + "']}\n"),
                  rule + "\"" + origin + "\": " + fault + ".");
    EXPECT_EQ(refusal("http: {cors_origins: ['*', 'http://[::1]:3000', 'app://obsidian.md']}\n"), "accepted");
}

TEST_F(ConfigFile, DoorsThatStandWideOpenAreWarnedOf) {
    EXPECT_THAT(
        load("http: {cors_origins: ['*']}\n").warnings,
        testing::ElementsAre(testing::HasSubstr(":1: http.cors_origins is [\"*\"] and auth.mode is none: ")));
    EXPECT_THAT(load("http: {cors_origins: ['*']}\nauth: {mode: keys}\n").warnings, testing::IsEmpty());
    EXPECT_THAT(load("listen: 0.0.0.0:80\nauth: {mode: keys}\n").warnings,
                testing::ElementsAre(testing::HasSubstr(
                    ":1: listen is 0.0.0.0, which others than this machine may reach, without TLS")));
    EXPECT_TRUE(load("listen: 0.0.0.0:80\nauth: {mode: keys}\nhttp: {trusted_proxies: [10.0.0.1]}\n")
                    .warnings.empty());
    EXPECT_TRUE(load("listen: 127.0.0.9:80\nauth: {mode: keys}\n").warnings.empty());
    EXPECT_THAT(load("http: {trusted_proxies: [0.0.0.0/0, 10.0.0.0/8]}\n").warnings,
                testing::ElementsAre(
                    testing::HasSubstr(":1: http.trusted_proxies has 0.0.0.0/0: every client is believed")));
}

}  // namespace
}  // namespace assistd
