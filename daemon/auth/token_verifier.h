#pragma once
// Says whose a JSON web token is. One that was verified is known by its hash until it expires, so that the
// next request with it costs a look-up. Owned by the gate; any thread.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/jwt.h"
#include "auth/key_set.h"

namespace assistd::auth {

class TokenVerifier {
  public:
    struct Verified {
        TokenUser user;
        std::string hash;  // of the token
    };

    TokenVerifier(const JwtConfig& config, FetchText fetch, Clock clock = now,
                  SteadyClock steady_clock = std::chrono::steady_clock::now);

    // Nothing: its key has to be fetched first, see verify(). All three throw Error{unauthenticated}, and
    // Error{unavailable} when the keys cannot be had.
    std::optional<Verified> verify_now(std::string_view token);
    Task<Verified> verify(std::string token);
    // By the keys that are there, though they should be looked at again.
    Verified verify_so_far(std::string_view token);
    // Fetches the keys if they may be, once for all who wait. Throws nothing.
    Task<void> fetch_keys() { return keys_.fetch(); }
    std::optional<KeySet::Trouble> key_trouble() const { return keys_.trouble(); }

    // Reads the key's place again, for a reload: what takes what stands there now, and whether that is
    // another key. Throws Error{validation}.
    struct Reread {
        bool changed = false;
        std::function<void()> take;
    };
    Reread read_again();

  private:
    struct Known {
        TokenUser user;
        KeySet::Moment until;  // then its key is looked at again
    };
    std::optional<Verified> find_known(const std::string& hash, Timestamp time);
    void remember(const Verified& verified, int version, Timestamp time);
    bool is_good(const Known& known, Timestamp time) const;
    // Nothing: none of the keys fits.
    std::optional<TokenUser> check(const Jwt& jwt, const std::vector<JwtKey>& keys, Timestamp time) const;
    // `may_fetch` false: what cannot be decided now is refused.
    std::optional<Verified> decide(std::string_view token, bool may_fetch);

    const JwtConfig config_;
    const Clock clock_;
    KeySet keys_;

    std::mutex mutex_;  // guards what is below
    std::unordered_map<std::string, Known> known_;
    int known_version_ = 0;  // of the keys
};

}  // namespace assistd::auth
