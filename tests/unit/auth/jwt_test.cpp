// Which tokens are taken, and which are not.

#include "auth/jwt.h"

#include "auth/jwt_key.h"
#include "auth/token_verifier.h"
#include "base/error.h"
#include "support/io_threads.h"
#include "unit/auth/issuer.h"

namespace assistd::auth {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using enum JwtAlgorithm;

const Issuer& rsa() {
    static const Issuer issuer = Issuer::of_rsa();
    return issuer;
}

const Issuer& ec() {
    static const Issuer issuer = Issuer::of_ec();
    return issuer;
}

constexpr const char* secret = "0123456789abcdef0123456789abcdef";

// What a verifier with this key says about a token: a name, or why not.
std::string verdict(const std::string& token, const JwtKey& key, JwtConfig config,
                    std::int64_t second = noon) {
    try {
        const Jwt jwt = read_jwt(token, config);
        if (key.algorithm() != jwt.algorithm) return "another algorithm";
        if (!key.verifies(jwt.signed_text, jwt.signature)) return "wrong signature";
        const TokenUser user = read_claims(jwt.payload, config, at_second(second));
        return user.name + (user.is_admin ? " (admin)" : "");
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unauthenticated);
        return error.what();
    }
}

JwtKey key_of(const Issuer& issuer) {
    return JwtKey::of_pem(issuer.pem(), "key.pem");
}

TEST(Jwt, IsTakenFromWhoSignedIt) {
    EXPECT_EQ(verdict(rsa().sign(good_claims()), key_of(rsa()), trusting({rs256})), "alice");
    EXPECT_EQ(verdict(ec().sign(good_claims()), key_of(ec()), trusting({es256})), "alice");
    const std::string token = sign_with_secret({{"alg", "HS256"}}, good_claims(), secret);
    EXPECT_EQ(verdict(token, JwtKey::of_secret(secret), trusting({hs256})), "alice");
    // From nobody else.
    EXPECT_EQ(verdict(Issuer::of_rsa().sign(good_claims()), key_of(rsa()), trusting({rs256})),
              "wrong signature");
    EXPECT_EQ(verdict(Issuer::of_ec().sign(good_claims()), key_of(ec()), trusting({es256})),
              "wrong signature");
    EXPECT_EQ(verdict(sign_with_secret({{"alg", "HS256"}}, good_claims(), std::string(32, 'x')),
                      JwtKey::of_secret(secret), trusting({hs256})),
              "wrong signature");
}

TEST(Jwt, AnyBitThatIsChangedShows) {
    for (const Issuer* issuer : {&rsa(), &ec()}) {
        const JwtKey key = key_of(*issuer);
        const JwtConfig config = trusting({key.algorithm()});
        const std::string token = issuer->sign(good_claims());
        for (std::size_t i = 0; i < token.size(); i += 3) {
            std::string other = token;
            other[i] = token[i] == 'A' ? 'B' : 'A';
            EXPECT_NE(verdict(other, key, config), "alice") << i;
        }
        EXPECT_NE(verdict(token + "A", key, config), "alice");
        EXPECT_NE(verdict(token.substr(0, token.size() - 1), key, config), "alice");
    }
}

TEST(Jwt, WithoutASignatureIsNone) {
    const std::string claims = to_base64url(good_claims().dump());
    for (const std::string name : {"none", "None", "NONE", ""}) {
        const std::string head = to_base64url(json({{"alg", name}}).dump());
        for (const std::string& token : {head + "." + claims + ".", head + "." + claims + ".AAAA"})
            EXPECT_THAT(verdict(token, key_of(rsa()), trusting({rs256, es256})),
                        HasSubstr("an algorithm that is allowed here (RS256, ES256)"));
    }
    const std::string head = to_base64url(R"({"alg":"RS256"})");
    EXPECT_THAT(verdict(head + "." + claims + ".", key_of(rsa()), trusting({rs256})),
                HasSubstr("no JSON web token"));
}

// The public key is known to everybody; as a secret it would let everybody sign.
TEST(Jwt, APublicKeyIsNoSecret) {
    const std::string forged = sign_with_secret({{"alg", "HS256"}}, good_claims(), rsa().pem());
    EXPECT_THAT(verdict(forged, key_of(rsa()), trusting({rs256})), HasSubstr("an algorithm that is allowed"));
    // Not even where the configuration would allow both.
    EXPECT_EQ(verdict(forged, key_of(rsa()), trusting({rs256, hs256})), "another algorithm");
    EXPECT_EQ(
        verdict(ec().sign(json{{"alg", "RS256"}}, good_claims()), key_of(rsa()), trusting({rs256, es256})),
        "wrong signature");
}

TEST(Jwt, AHeadThatWantsMoreIsRefused) {
    for (const json& head :
         {json{{"alg", "RS256"}, {"crit", {"exp"}}}, json{{"alg", "RS256"}, {"b64", false}}})
        EXPECT_THAT(verdict(rsa().sign(head, good_claims()), key_of(rsa()), trusting({rs256})),
                    HasSubstr("\"crit\""));
    // Keys that it brings along, or names an address of, are not looked at.
    const json brings = {
        {"alg", "RS256"}, {"jwk", Issuer::of_rsa().jwk("a")}, {"jku", "http://127.0.0.1:1/"}};
    EXPECT_EQ(verdict(rsa().sign(brings, good_claims()), key_of(rsa()), trusting({rs256})), "alice");
    const Issuer stranger = Issuer::of_rsa();
    EXPECT_EQ(verdict(stranger.sign({{"alg", "RS256"}, {"jwk", stranger.jwk("a")}}, good_claims()),
                      key_of(rsa()), trusting({rs256})),
              "wrong signature");
}

TEST(Jwt, ClaimsAreChecked) {
    const JwtKey key = key_of(ec());
    const auto with = [&](const char* claim, const json& value) {
        json claims = good_claims();
        if (value.is_null())
            claims.erase(claim);
        else
            claims[claim] = value;
        return verdict(ec().sign(claims), key, trusting({es256}));
    };
    EXPECT_EQ(with("aud", {"other", "assistd"}), "alice");
    EXPECT_EQ(with("nbf", noon), "alice");
    EXPECT_EQ(with("nbf", noon + 60), "alice");
    EXPECT_EQ(with("exp", noon - 59), "alice");
    EXPECT_EQ(with("exp", noon + 0.5), "alice");
    EXPECT_THAT(with("nbf", noon + 61), HasSubstr("not valid yet"));
    EXPECT_THAT(with("exp", noon - 60), HasSubstr("has expired"));
    for (const json& wrong : {json(), json("1900000000"), json(-1), json(1e300), json::array({noon + 300})})
        EXPECT_THAT(with("exp", wrong), HasSubstr("claim exp")) << wrong;
    for (const json& wrong :
         {json(), json("https://login.example.org"), json("https://evil.example/"), json(7)})
        EXPECT_THAT(with("iss", wrong), HasSubstr("claim iss")) << wrong;
    for (const json& wrong :
         {json(), json("assistd2"), json::array(), json{"assistd2"}, json{{"assistd", 1}}})
        EXPECT_THAT(with("aud", wrong), HasSubstr("claim aud")) << wrong;
    for (const json& wrong :
         {json(), json(""), json(7), json("a\nb"), json("*"), json(std::string(201, 'a'))})
        EXPECT_THAT(with("sub", wrong), HasSubstr("names no user")) << wrong;
}

TEST(Jwt, SaysWhoIsAnAdministrator) {
    const JwtKey key = key_of(ec());
    JwtConfig config = trusting({es256});
    json claims = good_claims();
    claims["roles"] = {"admin"};
    claims["realm_access"] = {{"roles", {"x", "chief"}}};
    const std::string token = ec().sign(claims);
    EXPECT_EQ(verdict(token, key, config), "alice");
    config.role_claim = "roles";
    EXPECT_EQ(verdict(token, key, config), "alice (admin)");
    config.admin_role = "chief";
    EXPECT_EQ(verdict(token, key, config), "alice");
    config.role_claim = "realm_access.roles";
    EXPECT_EQ(verdict(token, key, config), "alice (admin)");
    config.role_claim = "realm_access.roles.deeper";
    EXPECT_EQ(verdict(token, key, config), "alice");
    config.admins = {"bob", "alice"};
    EXPECT_EQ(verdict(token, key, config), "alice (admin)");
    config.user_claim = "email";
    EXPECT_THAT(verdict(token, key, config), HasSubstr("its claim email"));
}

TEST(Jwt, WhatIsNoneIsRefused) {
    const std::string good = ec().sign(good_claims());
    const std::string signature = good.substr(good.rfind('.'));
    for (const std::string& token :
         {std::string(""), std::string("."), std::string(".."), std::string("a.b"), std::string("a.b.c.d"),
          good + ".x", std::string("a b.c.d"), to_base64url("[]") + ".e30" + signature,
          to_base64url("{") + ".e30" + signature, to_base64url(std::string(9'000, '[')) + ".e30" + signature,
          std::string("\0.\0.\0", 5)})
        EXPECT_THAT(verdict(token, key_of(ec()), trusting({es256})), HasSubstr("token")) << token;
    // A good signature around what is no object.
    const std::string text = to_base64url(R"({"alg":"HS256"})") + "." + to_base64url("[1]");
    EXPECT_THROW(read_claims("[1]", trusting({hs256}), at_second(noon)), Error);
}

TEST(JwtKey, IsOnlyOneThatIsStrongEnough) {
    EXPECT_THROW(JwtKey::of_secret("short"), Error);
    EXPECT_THROW(JwtKey::of_pem(Issuer::of_rsa(1024).pem(), "key.pem"), Error);
    EXPECT_THROW(JwtKey::of_pem(Issuer::of_ec("P-384").pem(), "key.pem"), Error);
    EXPECT_THROW(JwtKey::of_pem("nonsense", "key.pem"), Error);
    EXPECT_EQ(JwtKey::of_jwk(Issuer::of_rsa(1024).jwk("a")), std::nullopt);
    EXPECT_EQ(key_of(rsa()).algorithm(), rs256);
    EXPECT_EQ(key_of(ec()).algorithm(), es256);
}

TEST(JwtKey, IsReadFromAWebKey) {
    for (const Issuer* issuer : {&rsa(), &ec()}) {
        const auto key = JwtKey::of_jwk(issuer->jwk("one"));
        ASSERT_TRUE(key);
        EXPECT_EQ(key->id(), "one");
        EXPECT_EQ(verdict(issuer->sign(good_claims()), *key, trusting({key->algorithm()})), "alice");
        json changed = issuer->jwk("one");
        changed["use"] = "enc";
        EXPECT_EQ(JwtKey::of_jwk(changed), std::nullopt);
        changed = issuer->jwk("one");
        changed["alg"] = "RS512";
        EXPECT_EQ(JwtKey::of_jwk(changed), std::nullopt);
    }
    json off_the_curve = ec().jwk("one");
    off_the_curve["x"] = off_the_curve["y"];
    EXPECT_EQ(JwtKey::of_jwk(off_the_curve), std::nullopt);
    for (const json& none :
         {json(), json::array(), json{{"kty", "oct"}, {"k", "AAAA"}}, json{{"kty", "RSA"}},
          json{{"kty", "RSA"}, {"n", 1}, {"e", "AQAB"}}, json{{"kty", "EC"}, {"crv", "P-256"}}})
        EXPECT_EQ(JwtKey::of_jwk(none), std::nullopt) << none;
    EXPECT_THROW(read_key_set("{}"), Error);
    EXPECT_THROW(read_key_set(R"({"keys":[]})"), Error);
    EXPECT_THROW(read_key_set("<html>"), Error);
    const json set = {{"keys", {rsa().jwk("a"), json{{"kty", "oct"}}, ec().jwk("b")}}};
    EXPECT_EQ(read_key_set(set.dump()).size(), 2U);
}

}  // namespace
}  // namespace assistd::auth
