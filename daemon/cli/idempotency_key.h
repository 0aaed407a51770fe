#pragma once
// What makes a request that is sent again the same request to the daemon.

#include <string>

namespace assistd::cli {

std::string new_idempotency_key();  // throws Failure when the system has no random numbers

}  // namespace assistd::cli
