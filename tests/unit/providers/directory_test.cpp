#include "providers/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace assistd::providers {
namespace {

using testing::HasSubstr;

class Nobody : public core::Provider {
  public:
    Task<core::ProviderReply> generate(const core::ProviderRequest&, core::TextSink) override {
        co_return core::ProviderReply();
    }
};

ProviderSettings server(const std::string& name) {
    ProviderSettings settings;
    settings.name = name;
    settings.kind = "openai";
    settings.base_url = "http://127.0.0.1:1/v1";
    return settings;
}

const std::shared_ptr<core::Provider> offline = std::make_shared<Nobody>();

ProviderDirectory directory(const std::vector<ProviderSettings>& settings, const std::string& model) {
    return ProviderDirectory(settings, model, offline, std::make_shared<HttpClient>());
}

std::string refusal(const std::vector<ProviderSettings>& settings, const std::string& model) {
    try {
        directory(settings, model);
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
    ProviderSettings listed = server("listed");
    listed.models = {{"small", 8'000}, {"large", 200'000}};
    ProviderSettings main = server("main");
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
    ProviderSettings listed = server("listed");
    listed.models = {{"small"}, {"large"}};
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
    ProviderSettings odd = server("main");
    odd.kind = "cohere";
    EXPECT_THAT(refusal({odd}, "offline"), HasSubstr("of the kind \"cohere\""));
    EXPECT_THAT(refusal({odd}, "offline"), HasSubstr("openai, anthropic, ollama and offline"));
    ProviderSettings bare = server("main");
    bare.base_url = "127.0.0.1:80";
    EXPECT_THAT(refusal({bare}, "offline"), HasSubstr("base_url"));
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
    ModelConfig model;
    model.name = "claude-x";
    model.alias = "clever";
    configs[1].context_window = 200'000;
    configs[1].models = {model};
    configs[1].headers = {{"X-Title", "assistd"}};
    const auto settings = provider_settings(configs);
    EXPECT_EQ(settings[1].headers, std::vector<std::string>{"X-Title: assistd"});
    const auto all = directory(settings, "offline");
    EXPECT_EQ(name_of(all.choose("ollama", "llama3:8b")), "ollama:llama3:8b");
    EXPECT_EQ(name_of(all.choose("openai", "gpt")), "openai:gpt");
    EXPECT_EQ(name_of(all.choose("anthropic", "")), "anthropic:claude-x");
    EXPECT_EQ(name_of(all.choose("anthropic", "clever")), "anthropic:claude-x");
    EXPECT_EQ(name_of(all.choose("", "clever")), "anthropic:claude-x");
    EXPECT_EQ(all.choose("", "clever").context_window, 200'000);
}

TEST(ProviderDirectory, ReadsKeysFromWhereTheyAreNamed) {
    ProviderSettings main = server("main");
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
    main.api_key_file = testing::TempDir() + "assistd_key_test";
    std::filesystem::remove(main.api_key_file);
    EXPECT_THAT(refusal({main}, "offline"), HasSubstr("cannot be read"));
    std::ofstream(main.api_key_file) << "good-key\n";
    EXPECT_EQ(refusal({main}, "offline"), "nothing was thrown");

    ProviderConfig config;
    config.name = "main";
    config.kind = "openai";
    config.base_url = main.base_url;
    config.api_key_credential = "assistd_key_test";
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_THAT(refusal(provider_settings({config}), "offline"), HasSubstr("systemd passed none"));
    ::setenv("CREDENTIALS_DIRECTORY", testing::TempDir().c_str(), 1);
    EXPECT_EQ(refusal(provider_settings({config}), "offline"), "nothing was thrown");
    std::filesystem::remove(main.api_key_file);
}

}  // namespace
}  // namespace assistd::providers
