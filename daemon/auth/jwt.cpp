#include "auth/jwt.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "auth/base64url.h"
#include "auth/user_name.h"
#include "base/error.h"

namespace assistd::auth {
namespace {

using Json = nlohmann::json;

constexpr double latest_second = 253'402'300'799.0;  // of the year 9999

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::unauthenticated, sentence);
}

Json object_in(std::string_view part) {
    const auto text = from_base64url(part);
    if (!text) refuse("The token is no JSON web token: a part of it is not base64url.");
    Json json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) refuse("The token is no JSON web token: a part of it is no JSON object.");
    return json;
}

std::string text_in(const Json& json, const char* member) {
    const auto found = json.find(member);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string list_of(const std::vector<JwtAlgorithm>& algorithms) {
    std::string text;
    for (const JwtAlgorithm one : algorithms) text += (text.empty() ? "" : ", ") + std::string(name_of(one));
    return text;
}

// Of the whole name or, else, along its dots. Null: there is none.
const Json* claim_in(const Json& claims, std::string_view name) {
    const Json* place = &claims;
    if (const auto whole = claims.find(name); whole != claims.end()) return &*whole;
    while (!name.empty()) {
        if (!place->is_object()) return nullptr;
        const std::string_view step = name.substr(0, name.find('.'));
        const auto found = place->find(step);
        if (found == place->end()) return nullptr;
        place = &*found;
        name.remove_prefix(std::min(step.size() + 1, name.size()));
    }
    return place;
}

std::optional<Timestamp> time_in(const Json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end()) return std::nullopt;
    if (!found->is_number()) refuse(std::string("The token's claim ") + name + " is no time.");
    const double seconds = found->get<double>();
    if (!std::isfinite(seconds) || seconds < 0 || seconds > latest_second)
        refuse(std::string("The token's claim ") + name + " is no time.");
    return from_micros(static_cast<std::int64_t>(seconds * 1e6));
}

// A text, or a list with the text in it.
bool has(const Json* claim, const std::string& wanted) {
    if (!claim) return false;
    if (claim->is_string()) return claim->get_ref<const std::string&>() == wanted;
    return claim->is_array() && std::any_of(claim->begin(), claim->end(), [&](const Json& one) {
               return one.is_string() && one.get_ref<const std::string&>() == wanted;
           });
}

}  // namespace

bool looks_like_jwt(std::string_view text) {
    return std::count(text.begin(), text.end(), '.') == 2;
}

Jwt read_jwt(std::string_view text, const JwtConfig& config) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
        refuse("The token is no JSON web token: it must have three parts with dots between them.");
    const Json head = object_in(text.substr(0, first));
    Jwt jwt;
    const std::string algorithm = text_in(head, "alg");
    const auto allowed = std::find_if(config.algorithms.begin(), config.algorithms.end(),
                                      [&](JwtAlgorithm one) { return name_of(one) == algorithm; });
    if (allowed == config.algorithms.end())
        refuse("The token is not signed with an algorithm that is allowed here (" +
               list_of(config.algorithms) + ").");
    jwt.algorithm = *allowed;
    // What it names would have to be understood, and nothing of that kind is.
    if (head.contains("crit") || head.contains("b64"))
        refuse("The token's head has \"crit\", which asks for what this server does not know.");
    jwt.key_id = text_in(head, "kid");
    jwt.signed_text = text.substr(0, second);
    const auto signature = from_base64url(text.substr(second + 1));
    const auto payload = from_base64url(text.substr(first + 1, second - first - 1));
    if (!signature || !payload || signature->empty())
        refuse("The token is no JSON web token: a part of it is not base64url.");
    jwt.signature = *signature;
    jwt.payload = *payload;
    return jwt;
}

TokenUser read_claims(const std::string& payload, const JwtConfig& config, Timestamp now) {
    const Json claims = Json::parse(payload, nullptr, false);
    if (!claims.is_object()) refuse("The token's claims are no JSON object.");
    if (text_in(claims, "iss") != config.issuer)
        refuse("The token is not from the issuer that is trusted here (its claim iss).");
    const auto audience = claims.find("aud");
    if (!has(audience == claims.end() ? nullptr : &*audience, config.audience))
        refuse("The token is not meant for this server (its claim aud).");
    const auto expiry = time_in(claims, "exp");
    if (!expiry) refuse("The token has no claim exp: one that never expires is not taken.");
    if (now >= *expiry + config.leeway) refuse("The token has expired; get a new one.");
    const auto begin = time_in(claims, "nbf");
    if (begin && now + config.leeway < *begin) refuse("The token is not valid yet (its claim nbf).");

    TokenUser user;
    user.expires_at = *expiry + config.leeway;
    const Json* name = claim_in(claims, config.user_claim);
    if (!name || !name->is_string() || !is_token_user_name(name->get_ref<const std::string&>()))
        refuse("The token names no user: its claim " + config.user_claim +
               " must be a text of 1 to 200 characters on one line.");
    user.name = name->get<std::string>();
    user.is_listed = std::find(config.admins.begin(), config.admins.end(), user.name) != config.admins.end();
    user.is_admin = user.is_listed || (!config.role_claim.empty() &&
                                       has(claim_in(claims, config.role_claim), config.admin_role));
    return user;
}

}  // namespace assistd::auth
