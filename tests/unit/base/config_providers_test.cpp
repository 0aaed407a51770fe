#include "support/folders.h"
#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

using Providers = ConfigFile;

const std::string full = R"(model: main:fast
providers:
  main:
    kind: openai
    base_url: http://127.0.0.1:9/v1
    api_key_env: KEY
    context_window: 32000
    fallback: ["local:llama3:8b", claude]
    headers: {X-Title: "a title"}
    timeouts: {connect_s: 2.5, idle_s: 30, total_s: 90}
    retry: {attempts: 2, first_wait_s: 0.1, longest_wait_s: 3, longest_retry_after_s: 20}
    circuit_breaker: {failures: 9, pause_s: 1.5}
    max_tokens_key: max_completion_tokens
    models:
      big:
        alias: fast
        context_window: 400000
        max_output_tokens: 16000
        price: {input: 1.25, cached_input: 0.125, output: 10}
        images: true
        thinking: low
      small:
    defaults: {temperature: 0.2, max_tokens: 4096, top_p: 0.9}
  claude: {kind: anthropic, models: {opus: {alias: claude-big, price: {input: 5, output: 25}}}}
  local: {kind: ollama}
)";

// `text` with `claude` in the fallback list replaced, which is no model.
std::string with_fallback(const std::string& entry) {
    std::string text = full;
    return text.replace(text.find(", claude]") + 2, 6, entry);
}

TEST_F(Providers, EveryKeyIsRead) {
    const Config config = load(with_fallback("claude:opus"), {{"KEY", "secret"}});
    EXPECT_EQ(config.model, "main:big");
    ASSERT_EQ(config.providers.size(), 3u);
    const ProviderConfig& main = config.providers[0];
    EXPECT_EQ(main.name, "main");
    EXPECT_EQ(main.kind, "openai");
    EXPECT_EQ(main.base_url, "http://127.0.0.1:9/v1");
    EXPECT_EQ(main.api_key_env, "KEY");
    EXPECT_EQ(main.context_window, 32'000);
    EXPECT_THAT(main.fallback, ElementsAre("local:llama3:8b", "claude:opus"));
    EXPECT_THAT(main.headers, ElementsAre(testing::Pair("X-Title", "a title")));
    EXPECT_EQ(main.timeouts.connect, 2'500ms);
    EXPECT_EQ(main.timeouts.idle, 30s);
    EXPECT_EQ(main.timeouts.total, 90s);
    EXPECT_EQ(main.retry.attempts, 2);
    EXPECT_EQ(main.retry.first_wait, 100ms);
    EXPECT_EQ(main.retry.longest_wait, 3s);
    EXPECT_EQ(main.retry.longest_retry_after, 20s);
    EXPECT_EQ(main.circuit_breaker.failures, 9);
    EXPECT_EQ(main.circuit_breaker.pause, 1'500ms);
    EXPECT_EQ(main.max_tokens_key, "max_completion_tokens");
    EXPECT_EQ(main.defaults.temperature, 0.2);
    EXPECT_EQ(main.defaults.max_tokens, 4096);
    EXPECT_EQ(main.defaults.top_p, 0.9);
    ASSERT_EQ(main.models.size(), 2u);
    const ModelConfig& big = main.models[0];
    EXPECT_EQ(big.name, "big");
    EXPECT_EQ(big.alias, "fast");
    EXPECT_EQ(big.context_window, 400'000);
    EXPECT_EQ(big.max_output_tokens, 16'000);
    ASSERT_TRUE(big.price);
    EXPECT_EQ(big.price->input, 1.25);
    EXPECT_EQ(big.price->cached_input, 0.125);
    EXPECT_EQ(big.price->output, 10);
    EXPECT_EQ(big.images, true);
    EXPECT_EQ(big.thinking, Thinking::low);
}

TEST_F(Providers, WhatIsLeftOutHasItsDefault) {
    const Config config = load(with_fallback("claude:opus"), {{"KEY", "secret"}});
    const ModelConfig& small = config.providers[0].models[1];
    EXPECT_EQ(small.name, "small");
    EXPECT_FALSE(small.context_window || small.max_output_tokens || small.price || small.images);
    EXPECT_EQ(small.thinking, Thinking::off);
    const ProviderConfig& claude = config.providers[1];
    EXPECT_EQ(claude.base_url, "https://api.anthropic.com");
    EXPECT_EQ(claude.models[0].price->cached_input, 5);
    EXPECT_EQ(claude.models[0].price->cache_write, 6.25);
    EXPECT_EQ(config.providers[0].models[0].price->cache_write, 1.25);
    EXPECT_EQ(claude.context_window, 128'000);
    EXPECT_EQ(config.providers[2].context_window, 32'768);
    EXPECT_EQ(claude.timeouts.connect, 10s);
    EXPECT_EQ(claude.retry.attempts, 3);
    EXPECT_EQ(claude.circuit_breaker.failures, 5);
    EXPECT_EQ(claude.max_tokens_key, "max_tokens");
    EXPECT_FALSE(claude.defaults.temperature || claude.defaults.max_tokens || claude.defaults.top_p);
    EXPECT_EQ(config.providers[2].base_url, "http://127.0.0.1:11434");
}

TEST_F(Providers, TheModelMayBeNamedInSeveralWays) {
    const std::string text = with_fallback("claude-big");
    const std::pair<std::string, std::string> table[] = {{"main:big", "main:big"},
                                                         {"main:fast", "main:big"},
                                                         {"fast", "main:big"},
                                                         {"main:small", "main:small"},
                                                         {"local:llama3:8b", "local:llama3:8b"},
                                                         {"claude-big", "claude:opus"},
                                                         {"offline", "offline"},
                                                         {"offline:offline", "offline"}};
    for (const auto& [said, meant] : table)
        EXPECT_EQ(load(text, {{"KEY", "k"}, {"ASSISTD_MODEL", said}}).model, meant) << said;
    for (const std::string bad : {"main", "main:", ":big", "nobody:big", "slow", "main:huge", "local", ""})
        EXPECT_THAT(refusal(text, {{"KEY", "k"}, {"ASSISTD_MODEL", bad}}),
                    testing::StartsWith("the environment variable ASSISTD_MODEL: model must "))
            << bad;
    EXPECT_EQ(refusal(text, {{"KEY", "k"}, {"ASSISTD_MODEL", "main:huge"}}),
              "the environment variable ASSISTD_MODEL: model must name a model that the provider main lists "
              "(big, small); it is \"main:huge\".");
}

TEST_F(Providers, EveryRefusalNamesLineAndKey) {
    const std::string open = "providers:\n  a:\n    kind: openai\n    base_url: http://h/v1\n";
    const std::pair<std::string, std::string> table[] = {
        {"providers: [a]\n", "1: providers must be a mapping of keys to values."},
        {"providers:\n  a: openai\n", "2: providers.a must be a mapping of keys to values."},
        {"providers: {a: {kind: magic}}\n",
         "1: providers.a.kind must be one of openai, anthropic, ollama, offline; it is \"magic\"."},
        {"providers: {a: {base_url: \"http://x\"}}\n", "1: providers.a must have a kind."},
        {"providers: {a: {kind: openai}}\n", "1: providers.a must have a base_url."},
        {"providers: {offline: {kind: ollama}}\n",
         "1: providers.offline must have another name: the built-in provider is called \"offline\"."},
        {"providers: {\"a:b\": {kind: ollama}}\n",
         "1: providers.a:b must be named without colons and blanks."},
        {"providers:\n  a:\n    kind: openai\n    base_url: ftp://x\n",
         "4: providers.a.base_url must begin with http:// or https://; it is \"ftp://x\"."},
        {"providers: {a: {kind: ollama, base_url: \"http://\"}}\n",
         "1: providers.a.base_url must name a host after http://; it is \"http://\"."},
        {"providers: {a: {kind: ollama, base_url: \"http://h:99999/\"}}\n",
         "1: providers.a.base_url's port must be a number from 1 to 65535; it is \"99999\"."},
        {"providers: {a: {kind: ollama, base_url: \"http://h/?k=v\"}}\n",
         "1: providers.a.base_url must be an address without blanks, ? and #; until there it is "
         "\"http://h/\"."},
        {open + "    key: secret\n", "5: there is no key \"providers.a.key\"."},
        {open + "    fallback: b:c\n", "5: providers.a.fallback must be a list; write fallback: [b:c]."},
        {open + "    fallback:\n      - a:x\n      - b:c\n",
         "7: providers.a.fallback must be \"offline\", PROVIDER:MODEL of a provider that is configured "
         "(offline, a), or a model's alias; it is \"b:c\"."},
        {open + "    headers: {\"X Y\": z}\n", "5: providers.a.headers.X Y is no name of a header."},
        {open + "    headers: {X: \"a\\nb\"}\n",
         "5: providers.a.headers.X must be one line without control characters."},
        {open + "    timeouts: {connect_s: 0}\n",
         "5: providers.a.timeouts.connect_s must be a number from 0.1 to 86400; it is \"0\"."},
        {open + "    retry: {attempts: 0}\n",
         "5: providers.a.retry.attempts must be a number from 1 to 20; it is \"0\"."},
        {open + "    retry: {times: 1}\n", "5: there is no key \"providers.a.retry.times\"."},
        {open + "    circuit_breaker: {pause_s: 0}\n",
         "5: providers.a.circuit_breaker.pause_s must be a number from 0.1 to 86400; it is \"0\"."},
        {open + "    timeouts: {read_s: 1}\n", "5: there is no key \"providers.a.timeouts.read_s\"."},
        {open + "    models: [m]\n", "5: providers.a.models must be a mapping of keys to values."},
        {open + "    models:\n      m: {size: 3}\n", "6: there is no key \"providers.a.models.m.size\"."},
        {open + "    models:\n      m: {images: yes}\n",
         "6: providers.a.models.m.images must be one of true, false; it is \"yes\"."},
        {open + "    models:\n      m: {thinking: deep}\n",
         "6: providers.a.models.m.thinking must be one of off, low, medium, high; it is \"deep\"."},
        {open + "    models:\n      m:\n        price: {input: 1}\n",
         "7: providers.a.models.m.price must have input and output, in US dollars per million tokens."},
        {open + "    models:\n      m:\n        price: {input: -1, output: 2}\n",
         "7: providers.a.models.m.price.input must be a number from 0 to 1000000; it is \"-1\"."},
        {open + "    models:\n      m: {alias: a b}\n",
         "6: providers.a.models.m.alias must be a word without colons and blanks, and not \"offline\"; it is "
         "\"a b\"."},
        {open + "    models:\n      m: {alias: x}\n      n: {alias: x}\n",
         "7: providers.a.models.n.alias must be a name of its own; \"x\" is the alias of a:m already."},
        {open + "    models:\n      m: {alias: a}\n",
         "6: providers.a.models.m.alias must be a name of its own; \"a\" is a provider's name already."},
        {open + "    defaults: {temperature: 3}\n",
         "5: providers.a.defaults.temperature must be a number from 0 to 2; it is \"3\"."},
        {open + "    defaults: {seed: 3}\n", "5: there is no key \"providers.a.defaults.seed\"."},
    };
    for (const auto& [text, sentence] : table) EXPECT_EQ(complaint(text), sentence) << text;
    for (const std::string url : {"http://u:pw@h", "u:pw@h", "ftp://u:pw@h/v1", "http://h/v1?key=pw"}) {
        const std::string sentence = complaint("providers: {a: {kind: ollama, base_url: \"" + url + "\"}}\n");
        EXPECT_THAT(sentence, testing::StartsWith("1: providers.a.base_url must ")) << url;
        EXPECT_THAT(sentence, testing::Not(HasSubstr("pw"))) << url;
    }
}

TEST_F(Providers, AKeyThatCannotBeFoundIsRefusedWithItsPlaceAndNeverShown) {
    const std::string open = "providers:\n  a:\n    kind: anthropic\n";
    EXPECT_EQ(complaint(open + "    api_key_env: K\n"),
              "4: providers.a.api_key_env names the environment variable K, which is not set.");
    EXPECT_EQ(complaint(open + "    api_key_env: K\n", {{"K", " \n"}}),
              "4: providers.a.api_key_env names the environment variable K, which is empty.");
    EXPECT_EQ(complaint(open + "    api_key_env: K\n", {{"K", "sec ret"}}),
              "4: providers.a.api_key_env names the environment variable K, which holds characters that no "
              "key has.");
    EXPECT_EQ(complaint(open + "    api_key_env: K\n", {{"K", "secret\n"}}), "accepted");
    EXPECT_EQ(complaint(open + "    api_key_env: sk-ant-secret\n"),
              "4: providers.a.api_key_env must be the name of an environment variable (letters, digits and "
              "\"_\").");
    EXPECT_EQ(
        complaint(open + "    api_key_file: /nowhere/key\n"),
        "4: providers.a.api_key_file names the file /nowhere/key, which cannot be read: No such file or "
        "directory.");
    EXPECT_EQ(complaint(open + "    api_key_file: /tmp\n"),
              "4: providers.a.api_key_file names the file /tmp, which cannot be read: it is a folder.");
    EXPECT_EQ(complaint(open + "    api_key_file: /dev/null\n"),
              "4: providers.a.api_key_file names the file /dev/null, which cannot be read: it is a device.");
    EXPECT_THAT(complaint(open + "    api_key_credential: c\n"), HasSubstr("systemd passed none"));
    EXPECT_THAT(complaint(open + "    api_key_credential: ../c\n"), HasSubstr("must be a credential's name"));
    EXPECT_THAT(
        complaint(open + "    api_key_credential: c\n", {{"CREDENTIALS_DIRECTORY", "/nowhere"}}),
        HasSubstr("4: providers.a.api_key_credential names the file /nowhere/c, which cannot be read"));
    EXPECT_EQ(complaint(open + "    api_key_env: K\n    api_key_file: f\n", {{"K", "k"}}),
              "2: providers.a must have at most one of api_key_env, api_key_file and api_key_credential.");
}

TEST_F(Providers, AFallbackThatCannotHelpIsRefused) {
    const std::string open = "providers:\n  a:\n    kind: openai\n    base_url: http://h/v1\n";
    const std::string one = "    models: {m: {alias: x}}\n";
    const std::string two = "    models: {m: , n: }\n";
    EXPECT_EQ(complaint(open + one + "    fallback:\n      - offline\n      - x\n"),
              "8: providers.a.fallback must name other models; \"a:m\" is the provider's only one.");
    EXPECT_EQ(complaint(open + "    fallback:\n      - a:y\n      - offline\n      - a:y\n"),
              "8: providers.a.fallback must name each model once; \"a:y\" is there twice.");
    EXPECT_EQ(complaint("model: a:n\n" + open + two + "    fallback: [a:n]\n"),
              "7: providers.a.fallback must name other models; \"a:n\" is the one that it would stand in "
              "for.");
    // Another model of the same server may be well, and two servers may stand in for each other.
    EXPECT_EQ(complaint("model: a:m\n" + open + two + "    fallback: [a:n, b:x]\n" +
                        "  b: {kind: ollama, fallback: [a:m]}\n"),
              "accepted");
}

TEST_F(Providers, ALimitOnCostNeedsPrices) {
    const std::string limit = "turns: {max_cost: 0.5}\nproviders:\n";
    const std::string server = "    kind: openai\n    base_url: http://h/v1\n";
    const std::string priced = "    models:\n      m: {price: {input: 0, output: 0}}\n";
    EXPECT_EQ(complaint(limit + "  a:\n" + server + priced + "      n: {alias: x}\n"),
              "8: providers.a.models.n must have a price, because turns.max_cost limits what a turn may "
              "cost; what costs nothing has price: {input: 0, output: 0}.");
    const Config good = load(limit + "  a:\n" + server + priced + "  b: {kind: ollama, models: {x: }}\n");
    EXPECT_TRUE(good.warnings.empty());
    // Some servers that have any number of models say what each reply costs.
    EXPECT_THAT(load(limit + "  a:\n" + server).warnings,
                ElementsAre(file_.string() +
                            ":3: turns.max_cost does not count what models of providers.a cost, unless the "
                            "server reports it: the models and their prices are not listed."));
    EXPECT_EQ(complaint("providers:\n  a:\n" + server + "    models: {n: }\n"), "accepted");
    EXPECT_THAT(
        complaint("providers:\n  a:\n" + server + "    models: {n: }\n", {{"ASSISTD_TURNS_MAX_COST", "1"}}),
        testing::StartsWith("5: providers.a.models.n must have a price"));
}

// What config/assistd.yaml shows in comments must be right, too.
TEST_F(Providers, TheExamplesInTheShippedFileAreGood) {
    std::ifstream shipped(test::source_folder() / "config/assistd.yaml");
    std::string line;
    std::string text;
    while (std::getline(shipped, line)) {
        if (line == "plugins: {}" || line == "providers: {}" || line == "tools: {}" || line == "policy: {}" ||
            line == "mcp: {}")
            line.resize(line.size() - 3);
        else if (line.starts_with("#  "))
            line.erase(0, 1);
        text += line + "\n";
    }
    const Config config = load(text, {{"OPENAI_API_KEY", "k"}, {"LAB_KEY", "k"}, {"ASSISTD_MODEL", "fast"}});
    EXPECT_EQ(config.plugin_folders.size(), 1u);
    EXPECT_EQ(config.providers.size(), 3u);
    EXPECT_EQ(config.model, "main:gpt-4.1-mini");
    EXPECT_EQ(config.providers[0].models.size(), 1u);
    EXPECT_EQ(config.providers[0].fallback.size(), 2u);
    EXPECT_EQ(config.job_after.count("run_dla_simulation"), 1u);
    EXPECT_EQ(config.policy.rules.size(), 3u);
    EXPECT_EQ(config.policy.limits.size(), 2u);
    EXPECT_EQ(config.mcp.servers.size(), 2u);
    // Every key that can be set is shown.
    for (const std::string key : {"kind",
                                  "base_url",
                                  "api_key_env",
                                  "context_window",
                                  "fallback",
                                  "headers",
                                  "timeouts.connect_s",
                                  "timeouts.idle_s",
                                  "timeouts.total_s",
                                  "retry.attempts",
                                  "retry.first_wait_s",
                                  "retry.longest_wait_s",
                                  "retry.longest_retry_after_s",
                                  "circuit_breaker.failures",
                                  "circuit_breaker.pause_s",
                                  "max_tokens_key",
                                  "defaults.temperature",
                                  "defaults.max_tokens",
                                  "defaults.top_p",
                                  "models.gpt-4.1-mini.alias",
                                  "models.gpt-4.1-mini.context_window",
                                  "models.gpt-4.1-mini.max_output_tokens",
                                  "models.gpt-4.1-mini.price.cached_input",
                                  "models.gpt-4.1-mini.price.cache_write",
                                  "models.gpt-4.1-mini.images",
                                  "models.gpt-4.1-mini.thinking"})
        EXPECT_TRUE(config.origins.contains("providers.main." + key)) << key;
}

}  // namespace
}  // namespace assistd
