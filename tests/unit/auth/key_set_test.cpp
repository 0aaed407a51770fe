// Keys that are fetched: when, how often, and what counts while they cannot be.

#include "auth/token_verifier.h"

#include <atomic>

#include "auth/fetch_keys.h"
#include "base/error.h"
#include "support/io_threads.h"
#include "support/scripted_upstream.h"
#include "unit/auth/issuer.h"
#include "upstream/http_client.h"

namespace assistd::auth {
namespace {

using assistd::test::ScriptedUpstream;
using nlohmann::json;

class FetchedKeys : public testing::Test {
  protected:
    FetchedKeys() {
        config.algorithms = {JwtAlgorithm::es256};
        config.jwks_url = upstream.url() + "/keys";
        config.jwks_refresh = std::chrono::seconds(3'600);
        config.jwks_pause = std::chrono::seconds(30);
        show({{"a", &first}});
    }
    void show(const std::vector<std::pair<std::string, const Issuer*>>& keys) {
        json set = {{"keys", json::array()}};
        for (const auto& [id, issuer] : keys) set["keys"].push_back(issuer->jwk(id));
        const std::lock_guard lock(mutex);
        reply = set.dump();
        status = 200;
    }
    void fail(int with) {
        const std::lock_guard lock(mutex);
        status = with;
    }
    // A name, or "" with the code of the refusal.
    std::string ask(const std::string& token) {
        try {
            if (const auto known = verifier().verify_now(token)) return known->user.name;
            return threads.run(verifier().verify(token)).user.name;
        } catch (const Error& error) {
            code = error.code();
            return "";
        }
    }
    TokenVerifier& verifier() {
        if (!made)
            made = std::make_unique<TokenVerifier>(config, fetch_with(client),
                                                   [this] { return at_second(second); });
        return *made;
    }
    std::string token(const Issuer& issuer, const std::string& id, std::int64_t lives = 300) {
        json claims = good_claims();
        claims["exp"] = second + lives;
        claims["jti"] = ++tokens;
        return issuer.sign(claims, id);
    }

    const Issuer first = Issuer::of_ec();
    const Issuer next = Issuer::of_ec();
    std::mutex mutex;
    std::string reply;
    int status = 200;
    std::atomic<int> fetched{0};
    ScriptedUpstream upstream{[this](const ScriptedUpstream::Request&) {
        ++fetched;
        const std::lock_guard lock(mutex);
        return ScriptedUpstream::json(status, reply);
    }};
    test::IoThreads threads;
    std::shared_ptr<HttpClient> client = std::make_shared<HttpClient>();
    JwtConfig config = trusting({JwtAlgorithm::es256});
    std::atomic<std::int64_t> second{noon};
    int tokens = 0;
    ErrorCode code = ErrorCode::internal;
    std::unique_ptr<TokenVerifier> made;
};

TEST_F(FetchedKeys, AreFetchedOnceAndKept) {
    EXPECT_EQ(ask(token(first, "a")), "alice");
    for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(token(first, "a")), "alice");
    EXPECT_EQ(ask(token(first, "")), "alice");
    EXPECT_EQ(fetched, 1);
}

TEST_F(FetchedKeys, AreFetchedOnceForAllWhoWait) {
    std::vector<std::future<TokenVerifier::Verified>> all;
    for (int i = 0; i < 20; ++i) all.push_back(threads.start(verifier().verify(token(first, "a"))));
    for (auto& one : all) EXPECT_EQ(one.get().user.name, "alice");
    EXPECT_EQ(fetched, 1);
}

TEST_F(FetchedKeys, ARotatedKeyIsFoundAndTheOldOneForgotten) {
    const std::string old = token(first, "a", 10'000);
    EXPECT_EQ(ask(old), "alice");
    show({{"b", &next}});
    second += 31;
    EXPECT_EQ(ask(token(next, "b")), "alice");
    EXPECT_EQ(fetched, 2);
    // Also for a token that was verified with it before.
    EXPECT_EQ(ask(old), "");
    EXPECT_EQ(code, ErrorCode::unauthenticated);
}

TEST_F(FetchedKeys, UnknownKeysCannotMakeItFetchAgainAndAgain) {
    EXPECT_EQ(ask(token(first, "a")), "alice");
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(ask(token(next, "nobody" + std::to_string(i))), "");
        EXPECT_EQ(code, ErrorCode::unauthenticated);
    }
    EXPECT_EQ(fetched, 1);
    second += 30;
    for (int i = 0; i < 50; ++i) EXPECT_EQ(ask(token(next, "nobody")), "");
    EXPECT_EQ(fetched, 2);
}

TEST_F(FetchedKeys, AreLookedAtAgainAfterAWhile) {
    EXPECT_EQ(ask(token(first, "a")), "alice");
    second += 3'600;
    EXPECT_EQ(ask(token(first, "a")), "alice");
    EXPECT_EQ(fetched, 2);
}

TEST_F(FetchedKeys, CountOnWhileTheIssuerDoesNotAnswer) {
    EXPECT_EQ(ask(token(first, "a")), "alice");
    fail(500);
    second += 3'600;
    EXPECT_EQ(ask(token(first, "a")), "alice");
    second += 86'400;  // but not for ever
    EXPECT_EQ(ask(token(first, "a")), "");
    show({{"a", &first}});
    second += 30;
    EXPECT_EQ(ask(token(first, "a")), "alice");
}

TEST_F(FetchedKeys, WithoutAnyItIsTheServerThatFails) {
    fail(404);
    EXPECT_EQ(ask(token(first, "a")), "");
    EXPECT_EQ(code, ErrorCode::unavailable);
    EXPECT_EQ(ask(token(first, "a")), "");
    EXPECT_EQ(fetched, 1);  // not more often than it may
    {
        const std::lock_guard lock(mutex);
        reply = "<html>";
        status = 200;
    }
    second += 30;
    EXPECT_EQ(ask(token(first, "a")), "");
    EXPECT_EQ(code, ErrorCode::unavailable);
    show({{"a", &first}});
    second += 30;
    EXPECT_EQ(ask(token(first, "a")), "alice");
}

TEST_F(FetchedKeys, AVerifiedTokenIsKnownUntilItExpires) {
    const std::string one = token(first, "a");
    EXPECT_EQ(ask(one), "alice");
    second += 359;  // with the leeway
    EXPECT_EQ(ask(one), "alice");
    second += 1;
    EXPECT_EQ(ask(one), "");
    EXPECT_EQ(code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace assistd::auth
