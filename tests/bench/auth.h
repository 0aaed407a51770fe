#pragma once
// What finding out who asks adds to a request: a server of the daemon's own code with one small route, asked
// in turn by nobody, with a key, with a token that was verified before, and with a login's cookie.

#include <filesystem>
#include <string>

#include "load.h"

namespace assistd::bench {

struct AuthSettings {
    std::filesystem::path folder;  // for the store, on a real disk
    int keys = 10'000;             // that there are
    int requests = 20'000;         // of each kind
};

struct AuthReport {
    // Whole requests on one connection.
    Latencies open;
    Latencies key;
    Latencies token;
    Latencies cookie;
    // Of a token that was not seen before, alone.
    Latencies first_rs256;
    Latencies first_es256;
    // The gate alone, without a request around it.
    Latencies gate_key;
    Latencies gate_token;
    Latencies gate_cookie;
};

AuthReport measure_auth(const AuthSettings& settings);
std::string as_table(const AuthSettings& settings, const AuthReport& report);

}  // namespace assistd::bench
