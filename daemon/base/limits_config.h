#pragma once
// How much each user, key and address may ask for, and how much the daemon takes on altogether, as the
// configuration's section `limits` says it. Values, shared read-only; what they come to for somebody is found
// by LimitRules.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/policy_config.h"

namespace assistd {

// What one entry sets; 0: no limit of that kind. What it leaves out is as a later entry says.
struct LimitFigures {
    std::optional<int> requests_per_minute;
    std::optional<int> burst;  // requests at once after a pause; as many as in a minute when nothing says
    std::optional<int> turns_at_once;
    std::optional<int> turns_waiting;
    std::optional<std::int64_t> tokens_per_day;  // of UTC
    std::optional<double> cost_per_day;          // US dollars

    bool operator==(const LimitFigures&) const = default;
};

struct UserLimits {
    People people;
    LimitFigures figures;
    std::string place = {};  // "/etc/assistd/assistd.yaml:12", for warnings

    bool operator==(const UserLimits&) const = default;
};

struct KeyLimits {
    std::vector<std::string> keys;  // ids; empty: every key
    LimitFigures figures;
    std::string place = {};  // "/etc/assistd/assistd.yaml:12", for warnings

    bool operator==(const KeyLimits&) const = default;
};

struct AddressLimits {
    std::vector<std::string> networks;  // "10.0.0.0/8", or one address; empty: every address
    LimitFigures figures;
    std::string place = {};  // "/etc/assistd/assistd.yaml:12", for warnings

    bool operator==(const AddressLimits&) const = default;
};

// What the daemon takes on, whoever asks.
struct OverloadConfig {
    int turns_at_once = 4'000;
    int turns_at_work = 32;  // of these, that do not wait for a model or a tool; more begin later
    int turns_waiting = 64;  // of each user, unless `users` says otherwise
    std::chrono::milliseconds turn_wait{10'000};
    std::chrono::milliseconds request_wait{2'000};

    bool operator==(const OverloadConfig&) const = default;
};

struct LimitsConfig {
    std::vector<UserLimits> users = {};
    std::vector<KeyLimits> keys = {};
    std::vector<AddressLimits> addresses = {};
    OverloadConfig overload = {};

    bool operator==(const LimitsConfig&) const = default;
};

}  // namespace assistd
