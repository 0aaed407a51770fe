#pragma once
// What went wrong between us and a model server, before anybody decides what that means for a turn: a
// provider turns it into an Error that names the provider, and retries will be decided by what is kept here.
// Value type.

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace assistd::providers {

enum class UpstreamFault {
    connection,  // no connection, or it broke before the reply was whole
    timeout,     // one of our time limits
    status,      // an HTTP status that is not 2xx
    reply,       // a reply that is not what the protocol promises
    cancelled,   // we ended it
    busy,        // too many requests are on their way already
};

// what() is a clause that follows the provider's name: "could not be reached: connection refused".
class UpstreamError : public std::runtime_error {
  public:
    UpstreamError(UpstreamFault what_kind, const std::string& clause)
        : std::runtime_error(clause), fault(what_kind) {}

    UpstreamFault fault;
    int status = 0;  // set for UpstreamFault::status
    std::optional<std::chrono::milliseconds> retry_after;
};

}  // namespace assistd::providers
