#include "providers/directory.h"
#include "unit/providers/provider_fixture.h"

namespace assistd::providers {
namespace {

using test::ScriptedUpstream;
using testing::HasSubstr;

class ModelList : public ProviderFixture {
  protected:
    void SetUp() override { ::setenv("MODEL_LIST_KEY", secret, 1); }
    void TearDown() override { ::unsetenv("MODEL_LIST_KEY"); }

    std::vector<core::ProviderCheck> check(const std::vector<std::pair<std::string, std::string>>& kinds) {
        std::vector<ProviderConfig> configs;
        for (const auto& [kind, url] : kinds) {
            ProviderConfig config;
            config.name = kind;
            config.kind = kind;
            config.base_url = url;
            config.api_key_env = "MODEL_LIST_KEY";
            configs.push_back(config);
        }
        const ProviderDirectory directory(configs, "offline", nullptr, client_);
        return asio::co_spawn(asio::make_strand(pool_.get_executor()), directory.check({}), asio::use_future)
            .get();
    }
    core::ProviderCheck answered(const ScriptedUpstream::Reply& reply) {
        ScriptedUpstream upstream([&](const ScriptedUpstream::Request&) { return reply; });
        return check({{"openai", upstream.url()}}).front();
    }
};

TEST_F(ModelList, IsAskedOfEveryKindInItsOwnWayWithItsKey) {
    std::mutex mutex;
    std::vector<std::string> seen;
    ScriptedUpstream upstream([&](const ScriptedUpstream::Request& request) {
        const bool with_key = request.has_header(std::string("Authorization: Bearer ") + secret) ||
                              request.has_header(std::string("x-api-key: ") + secret);
        const std::lock_guard lock(mutex);
        seen.push_back(std::string(request.method) + " " + std::string(request.target) +
                       (with_key ? "" : " without its key"));
        return request.target == "/api/tags" ? ScriptedUpstream::json(200, R"({"models": [{}]})")
                                             : ScriptedUpstream::json(200, R"({"data": [{}, {}]})");
    });
    const auto checks = check({{"openai", upstream.url()},
                               {"anthropic", upstream.url() + "/messages"},
                               {"ollama", upstream.url()}});
    EXPECT_THAT(seen, testing::UnorderedElementsAre("GET /v1/models", "GET /v1/models", "GET /api/tags"));
    ASSERT_EQ(checks.size(), 3u);  // the built-in provider has no server
    for (const core::ProviderCheck& one : checks) {
        EXPECT_TRUE(one.good) << one.sentence;
        EXPECT_EQ(one.sentence, one.provider == "ollama" ? "It answers and lists 1 model."
                                                         : "It answers and lists 2 models.");
    }
}

TEST_F(ModelList, TellsARefusedKeyWithoutQuotingIt) {
    const auto refused = answered(ScriptedUpstream::json(
        401, R"({"error": {"message": "Incorrect API key: )" + std::string(secret) + "\"}}"));
    EXPECT_FALSE(refused.good);
    EXPECT_THAT(refused.sentence, HasSubstr("Incorrect API key"));
    EXPECT_THAT(refused.sentence, testing::Not(HasSubstr(secret)));
}

TEST_F(ModelList, OfAServerThatIsNotThereIsAFailure) {
    const auto gone = check({{"openai", "http://127.0.0.1:1/v1"}}).front();
    EXPECT_FALSE(gone.good);
    EXPECT_THAT(gone.sentence, HasSubstr("could not be reached"));
    EXPECT_FALSE(answered(ScriptedUpstream::json(500, R"({"error": "Broken."})")).good);
}

TEST_F(ModelList, MayBeMissingOnAServerThatWorks) {
    for (const auto& reply : {ScriptedUpstream::json(404, R"({"detail": "Not Found"})"),
                              ScriptedUpstream::json(200, R"({"hello": 1})")}) {
        const auto without = answered(reply);
        EXPECT_TRUE(without.good);
        EXPECT_THAT(without.sentence, HasSubstr("no list of its models"));
    }
}

TEST_F(ModelList, AddressesAreShownWithoutNameAndPassword) {
    ProviderConfig config;
    config.name = "main";
    config.kind = "openai";
    config.base_url = "http://me:pass@127.0.0.1:1/v1/@x";
    const ProviderDirectory directory({config}, "offline", nullptr, client_);
    EXPECT_EQ(directory.status().front().base_url, "http://127.0.0.1:1/v1/@x");
}

}  // namespace
}  // namespace assistd::providers
