#include "base/config.h"

#include <fstream>

#include "base/error.h"

namespace assistd {
namespace {

class ConfigFile : public testing::Test {
  protected:
    std::filesystem::path write(const std::string& text) const {
        std::ofstream(file_) << text;
        return file_;
    }
    Config load(const std::string& text) const { return load_config({write(text), {}, {}}); }
    std::string refusal(const std::string& text) const {
        try {
            load(text);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::validation);
            return error.what();
        }
        return "accepted";
    }
    void TearDown() override { std::filesystem::remove(file_); }

    std::filesystem::path file_ =
        std::filesystem::temp_directory_path() / ("assistd-config-" + std::to_string(getpid()) + ".yaml");
};

TEST_F(ConfigFile, TheShippedOneIsCompleteAndHasTheDefaults) {
    const Config shipped =
        load_config({std::filesystem::path(ASSISTD_SOURCE_DIR) / "config/assistd.yaml", {}, {}});
    const Config defaults;
    EXPECT_EQ(shipped.listen_address, defaults.listen_address);
    EXPECT_EQ(shipped.listen_port, defaults.listen_port);
    EXPECT_EQ(shipped.state, defaults.state);
    EXPECT_EQ(shipped.model, defaults.model);
    EXPECT_EQ(shipped.max_rounds, defaults.max_rounds);
    EXPECT_EQ(shipped.max_tool_calls, defaults.max_tool_calls);
    EXPECT_EQ(shipped.turn_timeout, defaults.turn_timeout);
    EXPECT_EQ(shipped.last_messages, defaults.last_messages);
    EXPECT_EQ(shipped.max_connections, defaults.max_connections);
    EXPECT_EQ(shipped.log_level, defaults.log_level);
}

TEST_F(ConfigFile, ReadsProvidersAndTools) {
    const Config config = load(
        "model: main:big\n"
        "providers:\n"
        "  main: {kind: openai, base_url: \"http://127.0.0.1:9/v1\", api_key_env: KEY, context_window: "
        "32000}\n"
        "tools: {run_dla_simulation: {job_after_s: 0.5}}\n"
        "plugins: {folders: [/a, /b]}\n");
    ASSERT_EQ(config.providers.size(), 1u);
    EXPECT_EQ(config.providers[0].name, "main");
    EXPECT_EQ(config.providers[0].api_key_env, "KEY");
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
    const std::string file = file_.string();
    const std::pair<std::string, std::string> table[] = {
        {"lisen: 1\n", file + ":1: there is no key \"lisen\"."},
        {"state: x\nturns:\n  max_round: 3\n", file + ":3: there is no key \"turns.max_round\"."},
        {"turns:\n  max_rounds: many\n",
         file + ":2: turns.max_rounds must be a number from 1 to 1000; it is \"many\"."},
        {"turns: {max_rounds: 0}\n",
         file + ":1: turns.max_rounds must be a number from 1 to 1000; it is \"0\"."},
        {"turns: 5\n", file + ":1: turns must be a mapping of keys to values."},
        {"listen: 8080\n",
         file + ":1: listen must be an address and a port such as 127.0.0.1:8080; it is \"8080\"."},
        {"listen: 127.0.0.1:70000\n", file + ":1: listen must be a number from 0 to 65535; it is \"70000\"."},
        {"listen: [a, b]\n", file + ":1: listen must be one value, not a list."},
        {"state:\n", file + ":1: state must have a value."},
        {"store: {synchronous: off}\n",
         file + ":1: store.synchronous must be one of full, normal; it is \"off\"."},
        {"providers: {a: {kind: magic}}\n",
         file + ":1: providers.a.kind must be one of openai, offline; it is \"magic\"."},
        {"providers: {a: {base_url: \"http://x\"}}\n", file + ":1: providers.a must have a kind."},
        {"providers:\n  a:\n    kind: openai\n    key: secret\n",
         file + ":4: there is no key \"providers.a.key\"."},
        {"providers: {a: {kind: openai, base_url: \"ftp://x\"}}\n",
         file + ":1: providers.a must have a base_url that begins with http:// or https://."},
        {"tools: {dla: {after: 1}}\n", file + ":1: there is no key \"tools.dla.after\"."},
        {"just text\n", file + ":1: the file must be a mapping of keys to values."},
        {"model: nobody:x\n",
         "model must be \"offline\" or PROVIDER:MODEL of a provider that is configured; it is \"nobody:x\"."},
        {"context: {policy: newest}\n",
         file + ":1: context.policy must be one of whole_exchanges, last_messages; it is \"newest\"."},
        {"listen: 0.0.0.0:8080\n",
         "listen must be an address on loopback (127.0.0.0/8, ::1 or localhost), because auth.mode is none "
         "and "
         "everybody who reaches it may do everything; it is \"0.0.0.0\"."},
    };
    for (const auto& [text, sentence] : table) EXPECT_EQ(refusal(text), sentence) << text;
    EXPECT_THAT(refusal("a: [1\n"), testing::HasSubstr("this is no YAML"));
    EXPECT_EQ(refusal(""), "accepted");
    for (const std::string good : {"127.0.0.1", "127.255.0.9", "localhost", "[::1]"})
        EXPECT_EQ(refusal("listen: \"" + good + ":8080\"\n"), "accepted");
    for (const std::string bad :
         {"0.0.0.0", "192.168.1.1", "[::]", "localhost.example.com", "127.0.0.1.example.com", "1277.0.0.1"})
        EXPECT_THAT(refusal("listen: \"" + bad + ":8080\"\n"), testing::HasSubstr("on loopback"));
}

TEST(Config, AFileThatIsNotThereIsNamed) {
    try {
        load_config({"/nowhere/assistd.yaml", {}, {}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "/nowhere/assistd.yaml: the configuration file cannot be read.");
    }
}

TEST(Config, AWrongVariableOrOptionIsNamed) {
    try {
        load_config({std::nullopt, {{"ASSISTD_TURNS_TIMEOUT_S", "soon"}}, {}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(
            error.what(),
            testing::StartsWith("the environment variable ASSISTD_TURNS_TIMEOUT_S: turns.timeout_s must be"));
    }
}

}  // namespace
}  // namespace assistd
