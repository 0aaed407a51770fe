// The section `auth`: what it may say, and what it must when tokens are taken.

#include "unit/base/config_fixture.h"

namespace assistd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* secret = "0123456789abcdef0123456789abcdef";

class Auth : public ConfigFile {
  protected:
    // The section with these lines below `jwt`, which is the third one.
    static std::string jwt(const std::string& lines) { return "auth:\n  mode: jwt\n  jwt:\n" + lines; }
    const std::string whose = "    issuer: https://login.example.org/\n    audience: assistd\n";
    const std::string keys = "    algorithms: [RS256, ES256]\n    jwks_url: https://login.example.org/keys\n";
};

TEST_F(Auth, IsNoneUnlessItIsSaid) {
    const Config usual = load("state: x\n");
    EXPECT_EQ(usual.auth.mode, AuthMode::none);
    EXPECT_TRUE(usual.auth.keys);
    EXPECT_EQ(load("auth: {mode: keys}\n").auth.mode, AuthMode::keys);
    EXPECT_EQ(load("auth: {mode: keys}\n", {{"ASSISTD_AUTH_MODE", "none"}}).auth.mode, AuthMode::none);
    EXPECT_EQ(refusal("auth: {mode: keys}\nlisten: 0.0.0.0:1\n"), "accepted");
    EXPECT_THAT(refusal("auth: {mode: none}\nlisten: 0.0.0.0:1\n"), HasSubstr("auth.mode is none"));
    EXPECT_THAT(complaint("auth: {mode: some}\n"), HasSubstr("1: auth.mode must be one of none, keys, jwt"));
    EXPECT_THAT(complaint("auth: {mode: keys, keys: false}\n"), HasSubstr("nobody could log in"));
    EXPECT_THAT(complaint("auth: {modes: keys}\n"), HasSubstr("there is no key \"auth.modes\""));
    EXPECT_THAT(complaint("auth: {login_attempts: 0}\n"), HasSubstr("auth.login_attempts"));
}

TEST_F(Auth, TakesTokensWhoseIssuerAndKeyAreKnown) {
    const Config config =
        load(jwt(keys + whose + "    leeway_s: 5\n    role_claim: realm.roles\n    admins: [alice, bob]\n"));
    EXPECT_THAT(config.auth.jwt.algorithms, ElementsAre(JwtAlgorithm::rs256, JwtAlgorithm::es256));
    EXPECT_EQ(config.auth.jwt.leeway, std::chrono::seconds(5));
    EXPECT_EQ(config.auth.jwt.user_claim, "sub");
    EXPECT_THAT(config.auth.jwt.admins, ElementsAre("alice", "bob"));
    EXPECT_EQ(load(jwt("    algorithms: [HS256]\n    secret_env: JWT\n" + whose), {{"JWT", secret}})
                  .auth.jwt.secret_env,
              "JWT");
    EXPECT_EQ(refusal(jwt("    algorithms: [HS256]\n    secret_env: ASSISTD_JWT\n" + whose),
                      {{"ASSISTD_JWT", secret}}),
              "accepted");
}

TEST_F(Auth, RefusesWhatWouldLetOthersIn) {
    EXPECT_THAT(complaint("auth: {mode: jwt}\n"), HasSubstr("must have one key"));
    EXPECT_THAT(complaint(jwt(keys)), HasSubstr("issuer"));
    EXPECT_THAT(complaint(jwt(keys + "    issuer: x\n")), HasSubstr("audience"));
    EXPECT_THAT(complaint(jwt(keys + "    issuer: ''\n    audience: a\n")), HasSubstr("must say something"));
    EXPECT_THAT(complaint(jwt("    algorithms: [none]\n")),
                HasSubstr("4: auth.jwt.algorithms are HS256, RS256 and ES256"));
    EXPECT_THAT(complaint(jwt("    algorithms: []\n")), HasSubstr("at least one"));
    EXPECT_THAT(complaint(jwt(keys + whose + "    secret_env: JWT\n"), {{"JWT", secret}}),
                HasSubstr("must have one key"));
    const std::string both = "    algorithms: [HS256, RS256]\n";
    EXPECT_THAT(complaint(jwt(both + "    secret_env: JWT\n" + whose), {{"JWT", secret}}),
                HasSubstr("alone"));
    EXPECT_THAT(complaint(jwt(both + "    jwks_url: https://a.example/k\n" + whose)),
                HasSubstr("HS256 needs a secret"));
    for (const std::string host :
         {"127.evil.example", "localhost.evil.example", "localhosts", "[2001:db8::1]"})
        EXPECT_THAT(
            complaint(jwt("    algorithms: [RS256]\n    jwks_url: http://" + host + "/keys\n" + whose)),
            HasSubstr("https://"))
            << host;
    for (const std::string host : {"localhost:8080", "127.0.0.2", "[::1]:80", "[::1]"})
        EXPECT_EQ(refusal(jwt("    algorithms: [RS256]\n    jwks_url: http://" + host + "/keys\n" + whose)),
                  "accepted")
            << host;
    EXPECT_THAT(complaint(jwt("    jwks_url: http://login.example.org/keys\n")),
                HasSubstr("must begin with https"));
    EXPECT_EQ(refusal(jwt("    algorithms: [RS256]\n    jwks_url: http://127.0.0.1:1/keys\n" + whose)),
              "accepted");
    EXPECT_THAT(complaint(jwt("    public_key_file: /no/such/file\n")), HasSubstr("cannot be read"));
    EXPECT_THAT(complaint(jwt("    algorithms: [HS256]\n    secret_env: JWT\n" + whose)),
                HasSubstr("is not set"));
}

}  // namespace
}  // namespace assistd
