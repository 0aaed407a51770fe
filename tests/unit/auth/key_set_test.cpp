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
            made = std::make_unique<TokenVerifier>(
                config, fetch_with(client), [this] { return at_second(second + ahead); },
                [this] { return KeySet::Moment(std::chrono::seconds(second)); });
        return *made;
    }
    std::string token(const Issuer& issuer, const std::string& id, std::int64_t lives = 300) {
        json claims = good_claims();
        claims["exp"] = second + ahead + lives;
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
    std::atomic<std::int64_t> ahead{0};  // by how much the clock is wrong
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

TEST_F(FetchedKeys, AClockThatWasWrongKeepsNoKeyForLonger) {
    ahead = 86'400;
    const std::string old = token(first, "a", 100'000);
    EXPECT_EQ(ask(old), "alice");
    ahead = 0;
    show({{"b", &next}});
    second += 31;
    EXPECT_EQ(ask(token(next, "b")), "alice");
    EXPECT_EQ(fetched, 2);
    EXPECT_EQ(ask(old), "");
    // Nor is one that was verified believed for longer than a good clock lets it.
    ahead = 86'400;
    const std::string later = token(next, "b", 100'000);
    EXPECT_EQ(ask(later), "alice");
    ahead = 0;
    second += 3'600;
    show({{"c", &first}});
    EXPECT_EQ(ask(later), "");
    EXPECT_EQ(fetched, 3);
}

TEST_F(FetchedKeys, WhoIsToBeLookedUpIsOnlyKnownByKeysThatAreThere) {
    EXPECT_EQ(verifier().verify_now(token(first, "a")), std::nullopt);
    EXPECT_THROW(verifier().verify_so_far(token(first, "a")), Error);
    threads.run(verifier().fetch_keys());
    EXPECT_EQ(fetched, 1);
    const std::string one = token(first, "a", 10'000);
    second += 3'600;
    EXPECT_EQ(verifier().verify_now(one), std::nullopt);
    EXPECT_EQ(verifier().verify_so_far(one).user.name, "alice");
    EXPECT_EQ(fetched, 1);
    // Which is not to say that its key is still there.
    show({{"b", &next}});
    EXPECT_EQ(ask(one), "");
    EXPECT_EQ(fetched, 2);
    EXPECT_THROW(verifier().verify_so_far(token(first, "a")), Error);
}

TEST_F(FetchedKeys, AreFetchedAgainAfterAReload) {
    const std::string one = token(first, "a");
    EXPECT_EQ(ask(one), "alice");
    show({{"b", &next}});
    EXPECT_EQ(ask(one), "alice");
    const TokenVerifier::Reread reread = verifier().read_again();
    EXPECT_FALSE(reread.changed);
    reread.take();
    EXPECT_EQ(ask(one), "");
    EXPECT_EQ(ask(token(next, "b")), "alice");
    EXPECT_EQ(fetched, 2);
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
