#pragma once
// How many requests each user, key and address may make in a minute: a bucket of tokens for each of them,
// which a request takes one out of and time fills again. A bucket is one point in time, when it will be full
// again ("generic cell rate algorithm"); one that is full is as none and is forgotten.
//
// Owned by app/, asked by the server for every request; any thread.

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/limit_rules.h"
#include "http/allowance.h"
#include "http/identity.h"

namespace assistd::http {

class RequestRates {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    using Clock = std::function<Instant()>;

    RequestRates(std::shared_ptr<const LimitRules> rules, RolesOf roles, Clock clock);
    RequestRates(std::shared_ptr<const LimitRules> rules, RolesOf roles)
        : RequestRates(std::move(rules), std::move(roles), std::chrono::steady_clock::now) {}

    struct Taken {
        std::vector<Allowance> left;
        std::optional<Error> refusal;  // rate_limited; nothing was taken then
    };
    // Before it is known who asks. `address` as limited_address() gives it.
    Taken take_of_address(const std::string& address);
    // Of the user's bucket and the key's, or of none.
    Taken take_of_user(const Identity& who);

    // What is left now; nothing where there is no limit.
    std::vector<Allowance> left(const Identity& who, const std::string& address);

    // The buckets stay as they are.
    void change(std::shared_ptr<const LimitRules> rules);

    struct Refused {
        std::uint64_t user = 0;
        std::uint64_t key = 0;
        std::uint64_t address = 0;
    };
    Refused refused() const;
    std::size_t buckets() const;

  private:
    enum Kind { user, key, address, kinds };
    struct Wanted {
        Kind kind;
        std::string name;
        RequestRate rate;
    };
    using Buckets = std::unordered_map<std::string, Instant>;

    Taken take(std::vector<Wanted> wanted);
    // With the mutex held.
    Instant full_at(const Wanted& wanted, Instant now) const;
    Instant& bucket(const Wanted& wanted, Instant now);
    void forget_full(Instant now);

    const RolesOf roles_;
    const Clock clock_;

    mutable std::mutex mutex_;
    std::shared_ptr<const LimitRules> rules_;
    std::array<Buckets, kinds> buckets_;
    std::size_t look_again_at_;  // how many buckets there are when the full ones are looked for
    std::array<std::uint64_t, kinds> refused_{};
};

}  // namespace assistd::http
