#pragma once
// The keys that tokens are verified with: those of the configuration, which stay, or those of an address
// (JWKS), which are fetched when they are wanted first, when they have become old, and when a token names one
// that is not among them, but not more often than the configuration says, whatever tokens are sent. What was
// fetched is kept while the address does not answer, for a day. How long all of that is does not depend on
// the clock being right. Owned by the verifier; any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "auth/clock.h"
#include "auth/jwt_key.h"
#include "base/async.h"
#include "base/auth_config.h"
#include "base/time.h"

namespace assistd::auth {

using Keys = std::shared_ptr<const std::vector<JwtKey>>;
// Gives what is at an address. Throws what says why not, as a clause: "could not be reached: …".
using FetchText = std::function<Task<std::string>(std::string url)>;

// Reads the secret or the public key that the configuration names, if it does. Throws Error{validation}.
void check_key_of(const JwtConfig& config);

class KeySet {
  public:
    // Since when, and why, the keys of the address cannot be had.
    struct Trouble {
        Timestamp since;
        std::string reason;
    };
    using Moment = std::chrono::steady_clock::time_point;

    // Reads the secret or the public key that the configuration names. Throws Error{validation}.
    KeySet(const JwtConfig& config, FetchText fetch, SteadyClock clock);

    struct Found {
        Keys keys;              // those that may have signed it; several when the token names none
        bool may_grow = false;  // there are none, or they are old, and they may be fetched now
    };
    Found find(JwtAlgorithm algorithm, const std::string& key_id) const;
    // Fetches them once for all who wait. Returns as well when that fails: what there was stays.
    Task<void> fetch();
    // Until when tokens that were verified by now may be believed without looking at their key again.
    Moment good_until() const;
    int version() const;                     // grows when the keys change
    std::optional<Trouble> trouble() const;  // of the last look; nothing: there was none, or all is well
    bool is_there() const;                   // false: they were to be fetched and never were
    Moment now() const { return clock_(); }

    // What the secret's or public key's place holds now; nothing: the same as before, or keys are fetched.
    // Throws as the constructor does.
    Keys read_again() const;
    void replace(Keys keys);
    // Those that are fetched are looked at again as soon as a token comes.
    void fetch_again();

  private:
    void take(const std::string& text);
    bool may_fetch(Moment time) const;

    const JwtConfig config_;
    const FetchText fetch_;
    const SteadyClock clock_;

    mutable std::mutex mutex_;  // guards what is below
    Keys keys_ = std::make_shared<std::vector<JwtKey>>();
    int version_ = 0;
    std::optional<Moment> fetched_at_;  // with success
    std::optional<Moment> tried_at_;
    bool doubted_ = false;  // they are to be fetched again, however new they are
    std::optional<Trouble> trouble_;
    bool fetching_ = false;
    std::vector<OneShot<>> waiting_;
};

}  // namespace assistd::auth
