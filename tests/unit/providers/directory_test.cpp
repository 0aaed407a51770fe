#include "providers/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::providers {
namespace {

using testing::HasSubstr;

class Nobody : public core::Provider {
  public:
    Task<core::ProviderReply> generate(const core::ProviderRequest&, core::TextSink) override {
        co_return core::ProviderReply();
    }
};

ProviderConfig server(const std::string& name) {
    ProviderConfig config;
    config.name = name;
    config.kind = "openai";
    config.base_url = "http://127.0.0.1:1/v1";
    return config;
}

ModelConfig model(const std::string& name, std::optional<std::int64_t> context_window = {}) {
    ModelConfig config;
    config.name = name;
    config.context_window = context_window;
    return config;
}

const std::shared_ptr<core::Provider> offline = std::make_shared<Nobody>();

ProviderDirectory directory(const std::vector<ProviderConfig>& configs, const std::string& model) {
    return ProviderDirectory(configs, model, offline, std::make_shared<HttpClient>());
}

std::string refusal(const std::vector<ProviderConfig>& configs, const std::string& model) {
    try {
        directory(configs, model);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        return error.what();
    }
    return "nothing was thrown";
}

std::string name_of(const core::ProviderChoice& choice) {
    return choice.provider_name + ":" + choice.model;
}

TEST(ProviderDirectory, ChoosesTheDefaultTheNamedAndTheQualified) {
    ProviderConfig listed = server("listed");
    listed.models = {model("small", 8'000), model("large", 200'000)};
    ProviderConfig main = server("main");
    main.context_window = 32'000;
    const auto all = directory({main, listed}, "main:bench");

    EXPECT_EQ(name_of(all.choose("", "")), "main:bench");
    EXPECT_EQ(all.choose("", "").context_window, 32'000);
    EXPECT_EQ(name_of(all.choose("main", "")), "main:bench");
    EXPECT_EQ(name_of(all.choose("main", "other")), "main:other");
    EXPECT_EQ(name_of(all.choose("", "other")), "main:other");
    EXPECT_EQ(name_of(all.choose("", "llama3:8b")), "main:llama3:8b");
    EXPECT_EQ(name_of(all.choose("", "listed:large")), "listed:large");
    EXPECT_EQ(all.choose("", "listed:large").context_window, 200'000);
    EXPECT_EQ(name_of(all.choose("listed", "")), "listed:small");
    EXPECT_EQ(name_of(all.choose("offline", "")), "offline:offline");
    EXPECT_EQ(all.choose("offline", "").provider, offline);
    EXPECT_EQ(name_of(directory({}, "offline").choose("", "")), "offline:offline");
}

TEST(ProviderDirectory, SaysWhatItDoesNotKnow) {
    ProviderConfig listed = server("listed");
    listed.models = {model("small"), model("large")};
    const auto all = directory({server("main"), listed}, "offline");
    const auto why = [&](const std::string& provider, const std::string& model) -> std::string {
        try {
            all.choose(provider, model);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::validation);
            return error.what();
        }
        return "nothing was thrown";
    };
    EXPECT_EQ(why("nobody", "m"),
              "There is no provider named \"nobody\" (the providers are listed, main, offline).");
    EXPECT_EQ(why("main", ""), "Say which model of the provider \"main\" is meant.");
    EXPECT_EQ(why("listed", "huge"), "The provider \"listed\" has no model \"huge\" (it has small, large).");
    EXPECT_EQ(why("", "gpt-9"), "The provider \"offline\" has no model \"gpt-9\" (it has offline).");
}

TEST(ProviderDirectory, RefusesWhatCannotWork) {
    EXPECT_THAT(refusal({}, "gpt"), HasSubstr("not of the form NAME:MODEL"));
    EXPECT_THAT(refusal({}, ""), HasSubstr("not of the form NAME:MODEL"));
    EXPECT_THAT(refusal({}, "main:x"), HasSubstr("no provider named \"main\""));
    EXPECT_THAT(refusal({server("main")}, "main:"), HasSubstr("names no model"));
    EXPECT_THAT(refusal({server("main"), server("main")}, "offline"), HasSubstr("twice"));
    EXPECT_THAT(refusal({server("a:b")}, "offline"), HasSubstr("cannot be a provider's name"));
    EXPECT_THAT(refusal({server("offline")}, "offline"), HasSubstr("twice"));
    ProviderConfig odd = server("main");
    odd.kind = "cohere";
    EXPECT_THAT(refusal({odd}, "offline"), HasSubstr("of the kind \"cohere\""));
    EXPECT_THAT(refusal({odd}, "offline"), HasSubstr("openai, anthropic, ollama and offline"));
    ProviderConfig bare = server("main");
    bare.base_url = "127.0.0.1:80";
    EXPECT_THAT(refusal({bare}, "offline"), HasSubstr("base_url"));
}

// Which failures are told tells who was asked: nothing listens there.
TEST(ProviderDirectory, AModelDoesNotStandInForItself) {
    ProviderConfig main = server("main");
    main.retry.attempts = 1;
    main.fallback = {"main:small", "main:large"};
    const core::ProviderChoice choice = directory({main}, "main:large").choose("", "main:small");
    test::IoThreads io;
    const core::TextSink nowhere = [](std::string_view) {};
    const core::ProviderRequest request;
    std::string why;
    try {
        io.run(choice.provider->generate(request, nowhere));
    } catch (const Error& error) {
        why = error.what();
    }
    std::size_t told = 0;
    for (std::size_t at = why.find("\"main\""); at != std::string::npos; at = why.find("\"main\"", at + 1))
        ++told;
    EXPECT_EQ(told, 2u) << why;
}

TEST(ProviderDirectory, HasAProviderOfEveryKind) {
    std::vector<ProviderConfig> configs;
    for (const char* kind : {"openai", "anthropic", "ollama", "offline"}) {
        ProviderConfig config;
        config.name = kind;
        config.kind = kind;
        config.base_url = "http://127.0.0.1:1";
        configs.push_back(config);
    }
    configs[1].context_window = 200'000;
    configs[1].models = {model("claude-x")};
    configs[1].models[0].alias = "clever";
    const auto all = directory(configs, "offline");
    EXPECT_EQ(name_of(all.choose("ollama", "llama3:8b")), "ollama:llama3:8b");
    EXPECT_EQ(name_of(all.choose("openai", "gpt")), "openai:gpt");
    EXPECT_EQ(name_of(all.choose("anthropic", "")), "anthropic:claude-x");
    EXPECT_EQ(name_of(all.choose("anthropic", "clever")), "anthropic:claude-x");
    EXPECT_EQ(name_of(all.choose("", "clever")), "anthropic:claude-x");
    EXPECT_EQ(all.choose("", "clever").context_window, 200'000);
}

TEST(ProviderDirectory, KnowsHowMuchIsKeptForTheReply) {
    std::vector<ProviderConfig> configs(2);
    configs[0].name = configs[0].kind = "openai";
    configs[1].name = configs[1].kind = "anthropic";
    for (ProviderConfig& config : configs) config.base_url = "http://127.0.0.1:1";
    const auto kept = [&](const char* name) {
        return directory(configs, "offline").choose(name, "m").reply_tokens;
    };
    EXPECT_EQ(kept("openai"), 0);  // its server decides
    EXPECT_EQ(kept("anthropic"), 8'192);
    configs[0].models = configs[1].models = {model("m")};
    for (ProviderConfig& config : configs) {
        config.defaults.max_tokens = 4'000;
        config.models[0].thinking = Thinking::medium;
        config.models[0].max_output_tokens = 10'000;
    }
    EXPECT_EQ(kept("openai"), 4'000);
    EXPECT_EQ(kept("anthropic"), 10'000);  // 8,192 for thoughts and the answer, and no more than it can give
    configs[1].models[0].max_output_tokens = 50'000;
    EXPECT_EQ(kept("anthropic"), 12'192);
}

TEST(ProviderDirectory, ReadsKeysFromWhereTheyAreNamed) {
    ProviderConfig main = server("main");
    main.api_key_env = "ASSISTD_TEST_KEY_THAT_IS_NOT_SET";
    EXPECT_THAT(refusal({main}, "offline"), HasSubstr("ASSISTD_TEST_KEY_THAT_IS_NOT_SET"));
    ::setenv("ASSISTD_TEST_KEY", "good-key", 1);
    main.api_key_env = "ASSISTD_TEST_KEY";
    EXPECT_EQ(refusal({main}, "offline"), "nothing was thrown");
    ::setenv("ASSISTD_TEST_KEY", "bad\r\nkey", 1);
    const std::string said = refusal({main}, "offline");
    EXPECT_THAT(said, HasSubstr("characters that no key has"));
    EXPECT_THAT(said, testing::Not(HasSubstr("bad")));

    main.api_key_env.clear();
    const test::TempFolder folder;
    main.api_key_file = folder.path() / "assistd_key_test";
    EXPECT_THAT(refusal({main}, "offline"), HasSubstr("cannot be read"));
    std::ofstream(main.api_key_file) << "good-key\n";
    EXPECT_EQ(refusal({main}, "offline"), "nothing was thrown");

    ProviderConfig config;
    config.name = "main";
    config.kind = "openai";
    config.base_url = main.base_url;
    config.api_key_credential = "assistd_key_test";
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_THAT(refusal({config}, "offline"), HasSubstr("systemd passed none"));
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    EXPECT_EQ(refusal({config}, "offline"), "nothing was thrown");
}

}  // namespace
}  // namespace assistd::providers
