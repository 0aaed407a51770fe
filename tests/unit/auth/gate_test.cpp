// What of a request says who sent it.

#include "auth/gate.h"

#include <fstream>

#include "unit/auth/book_fixture.h"

namespace assistd::auth {
namespace {

using testing::HasSubstr;

class GateTest : public BookTest {
  protected:
    GateTest() {
        add("alice");
        key = key_for("alice").text;
        other_key = key_for("alice").text;
        const core::LoggedIn made = run(book->log_in({"", "", key, "192.0.2.1"}));
        cookie = made.cookie;
        csrf = made.csrf_token;
        keys_only = std::make_unique<Gate>(*book, config, nullptr);
    }
    // A name, or the sentence of the refusal with its code in `code`.
    std::string ask(http::Headers headers, http::Method method = http::Method::get, Gate* gate = nullptr) {
        const std::string peer = "192.0.2.1";
        try {
            const auto identity = (gate ? *gate : *keys_only).identify({headers, method, peer});
            return identity ? identity->user : "later";
        } catch (const Error& error) {
            code = error.code();
            return error.what();
        }
    }

    std::string key;
    std::string other_key;
    std::string cookie;
    std::string csrf;
    std::unique_ptr<Gate> keys_only;
    ErrorCode code = ErrorCode::internal;
};

TEST_F(GateTest, AKeyStandsInEitherHeader) {
    EXPECT_EQ(ask({{"Authorization", "Bearer " + key}}), "alice");
    EXPECT_EQ(ask({{"authorization", "bearer  " + key + " "}}), "alice");
    EXPECT_EQ(ask({{"X-API-Key", key}}), "alice");
    EXPECT_EQ(ask({{"X-API-Key", key}, {"Authorization", "Bearer " + key}}, http::Method::post), "alice");
    // A proxy's own login is nobody's business here.
    EXPECT_EQ(ask({{"X-API-Key", key}, {"Authorization", "Basic dTpw"}}), "alice");
    EXPECT_EQ(ask({{"Cookie", "assistd_session=" + cookie}, {"Authorization", "Basic dTpw"}}), "alice");
}

TEST_F(GateTest, WhatIsNotClearIsRefused) {
    EXPECT_THAT(ask({}), HasSubstr("needs an API key"));
    EXPECT_EQ(code, ErrorCode::unauthenticated);
    EXPECT_THAT(ask({{"Authorization", "Basic dTpw"}}), HasSubstr("needs an API key"));
    EXPECT_THAT(ask({{"Authorization", "Bearer " + key}, {"X-API-Key", other_key}}),
                HasSubstr("two different"));
    EXPECT_THAT(ask({{"X-API-Key", key}, {"X-API-Key", other_key}}), HasSubstr("two different"));
    EXPECT_THAT(ask({{"Authorization", "Bearer " + key}, {"Authorization", "Bearer " + key}}),
                HasSubstr("more than one"));
    EXPECT_THAT(ask({{"Authorization", "Bearer "}}), HasSubstr("no key behind"));
    EXPECT_THAT(ask({{"X-API-Key", " "}}), HasSubstr("is empty"));
    EXPECT_THAT(ask({{"Authorization", "Bearer sk-1234"}}), HasSubstr("begins with \"ak_\""));
    EXPECT_THAT(ask({{"Authorization", "Bearer " + std::string(20'000, 'x')}}), HasSubstr("too long"));
    EXPECT_THAT(ask({{"Authorization", "Bearer a.b.c"}}), HasSubstr("no API key"));
    // One that is wrong is not made up for by the cookie.
    EXPECT_THAT(ask({{"X-API-Key", "ak_wrong"}, {"Cookie", "assistd_session=" + cookie}}),
                HasSubstr("no whole"));
}

TEST_F(GateTest, ACookieComesWithItsTokenWhereSomethingChanges) {
    const std::string line = "a=b; assistd_session=" + cookie + "; c=d";
    EXPECT_EQ(ask({{"Cookie", line}}), "alice");
    EXPECT_EQ(ask({{"Cookie", line}}, http::Method::head), "alice");
    for (const http::Method method :
         {http::Method::post, http::Method::put, http::Method::patch, http::Method::del}) {
        EXPECT_THAT(ask({{"Cookie", line}}, method), HasSubstr("X-CSRF-Token"));
        EXPECT_EQ(code, ErrorCode::forbidden);
        EXPECT_THAT(ask({{"Cookie", line}, {"X-CSRF-Token", std::string(32, '0')}}, method),
                    HasSubstr("X-CSRF-Token"));
        EXPECT_THAT(ask({{"Cookie", line}, {"X-CSRF-Token", ""}}, method), HasSubstr("X-CSRF-Token"));
        EXPECT_EQ(ask({{"Cookie", line}, {"X-CSRF-Token", csrf}}, method), "alice");
    }
    EXPECT_THAT(ask({{"Cookie", "assistd_session=" + cookie + "x"}}), HasSubstr("Log in again"));
    EXPECT_THAT(ask({{"Cookie", "assistd_session="}}), HasSubstr("Log in again"));
    EXPECT_THAT(ask({{"Cookie", "xassistd_session=" + cookie}}), HasSubstr("needs an API key"));
    // A cookie is no key, and a key no cookie.
    EXPECT_THAT(ask({{"Authorization", "Bearer " + cookie}}), HasSubstr("no API key"));
    EXPECT_THAT(ask({{"Cookie", "assistd_session=" + key}}), HasSubstr("Log in again"));
}

TEST_F(GateTest, TokensAndKeysSideBySide) {
    const Issuer issuer = Issuer::of_ec();
    std::ofstream(folder.path() / "key.pem") << issuer.pem();
    config.jwt = trusting({JwtAlgorithm::es256});
    config.jwt.public_key_file = folder.path() / "key.pem";
    const auto clock = [this] { return at_second(second); };
    Gate both(*book, config, std::make_unique<TokenVerifier>(config.jwt, nullptr, clock));
    const std::string token = "Bearer " + issuer.sign(good_claims());
    EXPECT_EQ(ask({{"Authorization", token}}, http::Method::post, &both), "alice");
    EXPECT_EQ(ask({{"Authorization", "Bearer " + key}}, http::Method::post, &both), "alice");
    EXPECT_THAT(ask({{"Authorization", "Bearer nonsense"}}, http::Method::get, &both), HasSubstr("neither"));
    config.keys = false;
    Gate tokens(*book, config, std::make_unique<TokenVerifier>(config.jwt, nullptr, clock));
    EXPECT_EQ(ask({{"Authorization", token}}, http::Method::get, &tokens), "alice");
    EXPECT_THAT(ask({{"Authorization", "Bearer " + key}}, http::Method::get, &tokens),
                HasSubstr("not taken"));
    EXPECT_THAT(ask({{"Cookie", "assistd_session=" + cookie}}, http::Method::get, &tokens),
                HasSubstr("needs a token"));
    // A user of that name who is disabled here is so with every token.
    run(book->change_user("alice", {.disabled = true}));
    EXPECT_THAT(ask({{"Authorization", token}}, http::Method::get, &tokens), HasSubstr("is disabled"));
}

TEST_F(GateTest, WhatIsRefusedIsCountedByWhatWasShown) {
    refused.clear();
    ask({});
    ask({{"X-API-Key", "ak_wrong"}});
    ask({{"Authorization", "Bearer a.b.c"}});
    ask({{"Cookie", "assistd_session=none"}});
    EXPECT_EQ(ask({{"X-API-Key", key}}), "alice");
    EXPECT_EQ(refused, (std::map<Shown, int>{
                           {Shown::nothing, 1}, {Shown::key, 1}, {Shown::token, 1}, {Shown::cookie, 1}}));
}

TEST_F(GateTest, AnotherSecretCountsWhenItIsReadAgain) {
    const auto write = [&](const std::string& secret) {
        std::ofstream(folder.path() / "secret") << secret << '\n';
    };
    const auto token = [](const std::string& secret) {
        return http::Headers{
            {"Authorization", "Bearer " + sign_with_secret({{"alg", "HS256"}}, good_claims(), secret)}};
    };
    const std::string before(32, 'a');
    const std::string after(32, 'b');
    write(before);
    config.jwt = trusting({JwtAlgorithm::hs256});
    config.jwt.secret_file = folder.path() / "secret";
    Gate gate(*book, config,
              std::make_unique<TokenVerifier>(config.jwt, nullptr, [this] { return at_second(second); }));
    EXPECT_EQ(ask(token(before), http::Method::get, &gate), "alice");
    EXPECT_FALSE(gate.read_again().changed);
    write(after);
    const TokenVerifier::Reread reread = gate.read_again();
    EXPECT_TRUE(reread.changed);
    EXPECT_EQ(ask(token(before), http::Method::get, &gate), "alice");
    reread.take();
    EXPECT_THAT(ask(token(before), http::Method::get, &gate), HasSubstr("signature is wrong"));
    EXPECT_EQ(ask(token(after), http::Method::get, &gate), "alice");
    EXPECT_FALSE(gate.read_again().changed);
    write("short");
    EXPECT_THROW(gate.read_again(), Error);
    EXPECT_FALSE(keys_only->read_again().changed);
}

TEST(GateKeys, ThatDoNotFitTheAlgorithmsStopTheStart) {
    assistd::test::TempFolder folder;
    JwtConfig config = trusting({JwtAlgorithm::rs256});
    std::ofstream(folder.path() / "key.pem") << Issuer::of_ec().pem();
    config.public_key_file = folder.path() / "key.pem";
    EXPECT_THROW(TokenVerifier(config, nullptr), Error);
    config.public_key_file = folder.path() / "none.pem";
    EXPECT_THROW(TokenVerifier(config, nullptr), Error);
}

}  // namespace
}  // namespace assistd::auth
