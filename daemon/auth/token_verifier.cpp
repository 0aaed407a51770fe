#include "auth/token_verifier.h"

#include <algorithm>

#include "base/error.h"
#include "base/sha256.h"

namespace assistd::auth {
namespace {

constexpr std::size_t most_known = 10'000;

}  // namespace

TokenVerifier::TokenVerifier(const JwtConfig& config, FetchText fetch, Clock clock, SteadyClock steady_clock)
    : config_(config), clock_(std::move(clock)), keys_(config, std::move(fetch), std::move(steady_clock)) {}

std::optional<TokenVerifier::Verified> TokenVerifier::verify_now(std::string_view token) {
    return decide(token, true);
}

Task<TokenVerifier::Verified> TokenVerifier::verify(std::string token) {
    if (auto known = decide(token, true)) co_return std::move(*known);
    co_await keys_.fetch();
    co_return decide(token, false).value();
}

TokenVerifier::Verified TokenVerifier::verify_so_far(std::string_view token) {
    return decide(token, false).value();
}

TokenVerifier::Reread TokenVerifier::read_again() {
    if (!config_.jwks_url.empty()) return {false, [this] { keys_.fetch_again(); }};
    const Keys keys = keys_.read_again();
    if (!keys) return {false, [] {}};
    return {true, [this, keys] { keys_.replace(keys); }};
}

std::optional<TokenVerifier::Verified> TokenVerifier::decide(std::string_view token, bool may_fetch) {
    const Timestamp time = clock_();
    Verified verified;
    verified.hash = sha256(token);
    if (auto known = find_known(verified.hash, time)) return known;
    const Jwt jwt = read_jwt(token, config_);
    // Before the keys: they are what somebody may have changed meanwhile.
    const int version = keys_.version();
    const KeySet::Found found = keys_.find(jwt.algorithm, jwt.key_id);
    if (found.may_grow && may_fetch) return std::nullopt;
    if (found.keys->empty()) {
        if (!keys_.is_there())
            throw Error(ErrorCode::unavailable,
                        "The keys that tokens are verified with cannot be fetched at the moment; try again.")
                .with_retry_after(config_.jwks_pause);
        throw Error(ErrorCode::unauthenticated, "The token is signed with a key that is not trusted here.");
    }
    const auto user = check(jwt, *found.keys, time);
    if (!user) throw Error(ErrorCode::unauthenticated, "The token's signature is wrong.");
    verified.user = *user;
    // By keys that should be looked at again, it is believed for now.
    if (!found.may_grow) remember(verified, version, time);
    return verified;
}

std::optional<TokenUser> TokenVerifier::check(const Jwt& jwt, const std::vector<JwtKey>& keys,
                                              Timestamp time) const {
    const bool good = std::any_of(keys.begin(), keys.end(), [&](const JwtKey& key) {
        return key.algorithm() == jwt.algorithm && key.verifies(jwt.signed_text, jwt.signature);
    });
    if (!good) return std::nullopt;
    return read_claims(jwt.payload, config_, time);
}

std::optional<TokenVerifier::Verified> TokenVerifier::find_known(const std::string& hash, Timestamp time) {
    const int version = keys_.version();
    const std::lock_guard lock(mutex_);
    if (version != known_version_) {
        known_.clear();
        known_version_ = version;
    }
    const auto found = known_.find(hash);
    if (found == known_.end()) return std::nullopt;
    if (!is_good(found->second, time)) {
        known_.erase(found);
        return std::nullopt;
    }
    return Verified{found->second.user, hash};
}

bool TokenVerifier::is_good(const Known& known, Timestamp time) const {
    return known.user.expires_at > time && known.until > keys_.now();
}

void TokenVerifier::remember(const Verified& verified, int version, Timestamp time) {
    const KeySet::Moment until = keys_.good_until();
    const std::lock_guard lock(mutex_);
    if (version != known_version_) return;
    if (known_.size() >= most_known) {
        std::erase_if(known_, [&](const auto& entry) { return !is_good(entry.second, time); });
        if (known_.size() >= most_known) known_.erase(known_.begin());
    }
    known_.emplace(verified.hash, Known{verified.user, until});
}

}  // namespace assistd::auth
