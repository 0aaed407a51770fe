#include "base/config_auth.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <fstream>

#include "base/config_endpoint.h"
#include "base/config_providers.h"
#include "base/file_kind.h"

namespace assistd {
namespace {

constexpr std::array algorithms{JwtAlgorithm::hs256, JwtAlgorithm::rs256, JwtAlgorithm::es256};

bool has(const JwtConfig& config, JwtAlgorithm algorithm) {
    return std::find(config.algorithms.begin(), config.algorithms.end(), algorithm) !=
           config.algorithms.end();
}

// A secret is no public key: where both could be meant, one could be taken for the other.
void check_key_places(const ConfigValue& value, const JwtConfig& config) {
    const bool secret = !value.children.empty();
    const bool file = !config.public_key_file.empty();
    const bool address = !config.jwks_url.empty();
    if (secret + file + address != 1)
        refuse(
            value,
            "must have one key: a secret (secret_env, secret_file or secret_credential), a public_key_file "
            "or a jwks_url");
    if (config.algorithms.empty())
        refuse(value, "must say which algorithms its tokens are signed with: algorithms: [RS256]");
    if (secret && (config.algorithms.size() > 1 || !has(config, JwtAlgorithm::hs256)))
        refuse(value, "has a secret, which is for algorithms: [HS256] alone");
    if (!secret && has(config, JwtAlgorithm::hs256))
        refuse(value, "has public keys, which are for RS256 and ES256; HS256 needs a secret");
}

// Of an address that is one: with the brackets of IPv6 taken off.
std::string host_in(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    const std::string authority = url.substr(begin, url.find('/', begin) - begin);
    if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
    return authority.substr(0, authority.find(':'));
}

// A name that only begins like one of these is somebody else's.
bool is_of_this_machine(const std::string& host) {
    boost::system::error_code problem;
    const auto address = boost::asio::ip::make_address(host, problem);
    return host == "localhost" || (!problem && address.is_loopback());
}

// The section as it would stand in the file, as far as a secret's place goes.
ConfigValue section_with_secret(const Config& config) {
    const JwtConfig& jwt = config.auth.jwt;
    ConfigValue section;
    section.kind = ConfigValue::Kind::map;
    section.path = section.name = "auth.jwt";
    section.origin = origin_of(config, "auth.mode");
    const auto add = [&](const std::string& name, const std::string& text) {
        if (text.empty()) return;
        ConfigValue& child = section.children.emplace_back();
        child.kind = ConfigValue::Kind::scalar;
        child.name = name;
        child.path = "auth.jwt." + name;
        child.text = text;
        child.origin = origin_of(config, child.path);
    };
    add("secret_env", jwt.secret_env);
    add("secret_file", jwt.secret_file);
    add("secret_credential", jwt.secret_credential);
    return section;
}

}  // namespace

std::string_view name_of(JwtAlgorithm algorithm) {
    switch (algorithm) {
        case JwtAlgorithm::hs256:
            return "HS256";
        case JwtAlgorithm::rs256:
            return "RS256";
        case JwtAlgorithm::es256:
            break;
    }
    return "ES256";
}

AuthMode auth_mode_of(const ConfigValue& value) {
    const std::string& word = word_of(value, {"none", "keys", "jwt"});
    return word == "none" ? AuthMode::none : word == "keys" ? AuthMode::keys : AuthMode::jwt;
}

std::vector<JwtAlgorithm> jwt_algorithms_of(const ConfigValue& value) {
    std::vector<JwtAlgorithm> chosen;
    for (const std::string& text : texts_of(value)) {
        const auto found = std::find_if(algorithms.begin(), algorithms.end(),
                                        [&](JwtAlgorithm one) { return name_of(one) == text; });
        if (found == algorithms.end()) refuse(value, "are HS256, RS256 and ES256; one is " + in_quotes(text));
        chosen.push_back(*found);
    }
    if (chosen.empty()) refuse(value, "must name at least one of HS256, RS256 and ES256");
    return chosen;
}

const std::string& said_of(const ConfigValue& value) {
    if (text_of(value).empty()) refuse(value, "must say something; it is empty");
    return value.text;
}

const std::string& readable_file_of(const ConfigValue& value) {
    const std::string kind = odd_kind_of(text_of(value));
    if (!kind.empty()) refuse(value, "names the file " + value.text + ", which is " + kind);
    const std::ifstream file(value.text);
    if (!file) refuse(value, "names the file " + value.text + ", which cannot be read");
    return value.text;
}

// Keys that anybody on the way could exchange are no keys.
const std::string& key_address_of(const ConfigValue& value) {
    const std::string& url = base_url_of(value, "public keys are fetched without them");
    if (!url.starts_with("https://") && !is_of_this_machine(host_in(url)))
        refuse(value,
               "must begin with https://, unless it is an address of this machine; it is " + in_quotes(url));
    return url;
}

void check_auth(const Config& config, const KeySources& keys) {
    const AuthConfig& auth = config.auth;
    ConfigValue mode;
    mode.path = "auth.mode";
    mode.origin = origin_of(config, mode.path);
    if (auth.mode == AuthMode::keys && !auth.keys)
        refuse(mode, "is keys, but auth.keys is false: nobody could log in");
    if (auth.mode != AuthMode::jwt) return;
    const ConfigValue section = section_with_secret(config);
    check_key_places(section, auth.jwt);
    check_keys(section, keys, "secret");
    if (auth.jwt.issuer.empty() || auth.jwt.audience.empty())
        refuse(section, "must say whose tokens are taken (issuer) and what they are meant for (audience)");
}

}  // namespace assistd
