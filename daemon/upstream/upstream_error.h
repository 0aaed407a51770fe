#pragma once
// What went wrong between us and a server that we ask, before anybody decides what that means: a provider of
// models turns it into a ProviderError, which is what retries are decided by. Value types.

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace assistd {

enum class UpstreamFault {
    connection,  // no connection, or it broke before the reply was whole
    timeout,     // one of our time limits
    status,      // an HTTP status that is not 2xx
    reply,       // a reply that is not what the protocol promises
    cancelled,   // we ended it
    context,     // the server says that the request is more than the model can take
    empty,       // the reply ended as it should and holds nothing
    busy,        // too many requests are on their way already
};

// what() is a clause that follows the provider's name: "could not be reached: connection refused".
class UpstreamError : public std::runtime_error {
  public:
    UpstreamError(UpstreamFault what_kind, const std::string& clause)
        : std::runtime_error(clause), fault(what_kind) {}

    UpstreamFault fault;
    // The HTTP status, or the one that an error in the stream stands for; 0: there is none.
    int status = 0;
    std::optional<std::chrono::milliseconds> retry_after;
    std::string request_id;  // the server's own, for its support
};

}  // namespace assistd
