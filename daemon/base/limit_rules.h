#pragma once
// What the limits of the configuration come to for one user, key or address: of each figure, the first entry
// that fits and sets it decides. Made from one configuration and then only read; any thread.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/limits_config.h"
#include "base/network.h"

namespace assistd {

struct RequestRate {
    int per_minute = 0;  // 0: no limit
    int burst = 0;
    friend bool operator==(const RequestRate&, const RequestRate&) = default;
};

// A user's roles, which may change while the daemon runs. Asked from any thread.
using RolesOf = std::function<std::vector<std::string>(const std::string& user)>;

// Of one user, key or address; 0: no limit, but for `turns_waiting`.
struct Allowed {
    RequestRate requests;
    int turns_at_once = 0;
    int turns_waiting = 0;
    std::int64_t tokens_per_day = 0;
    double cost_per_day = 0;

    bool limits_days() const { return tokens_per_day > 0 || cost_per_day > 0; }
};

// Of who asks, by what and from where; the smallest counts.
struct AllowedOfAll {
    Allowed user = {};
    Allowed key = {};
    Allowed address = {};
};

class LimitRules {
  public:
    // Throws Error{validation} when a network is none.
    explicit LimitRules(LimitsConfig config);

    Allowed of_user(const std::string& user, const std::vector<std::string>& roles) const;
    Allowed of_key(const std::string& key) const;
    // `address` as limited_address() gives it.
    Allowed of_address(const std::string& address) const;

    bool limits_requests() const { return limits_requests_; }
    bool limits_days() const { return limits_days_; }
    const OverloadConfig& overload() const { return config_.overload; }

  private:
    Allowed allowed_by(const LimitFigures& figures) const;
    void look_at(const LimitFigures& figures);

    LimitsConfig config_;
    std::vector<std::vector<Network>> networks_;  // of each entry of config_.addresses
    bool limits_requests_ = false;
    bool limits_days_ = false;
};

// The client that an address stands for: an IPv4 address itself, also one that is written as an IPv6 address,
// and the /64 network of an IPv6 address, all of which one client may have. Text that is no address stays.
std::string limited_address(const std::string& address);

}  // namespace assistd
