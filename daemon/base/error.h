#pragma once
// The one exception type of the daemon, and the closed list of what can go wrong.
//
// An Error is thrown where an operation cannot go on and is caught at a door (which turns it into the door's
// error shape) or at a turn's edge (which ends the turn in a defined state). Outcomes that a caller expects,
// such as a tool's failure, are values and no Errors. Errors may be thrown and caught on any thread.

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assistd {

// Each code is one row of the HTTP error table (status_of); doors add no codes of their own.
enum class ErrorCode {
    invalid_request,        // 400: bad JSON, empty content
    unauthenticated,        // 401
    forbidden,              // 403
    not_found,              // 404: also what others' resources look like
    method_not_allowed,     // 405
    timeout,                // 408: the client was too slow
    conflict,               // 409
    length_required,        // 411
    payload_too_large,      // 413
    uri_too_long,           // 414
    expectation_failed,     // 417
    range_not_satisfiable,  // 416
    validation,             // 422: one FieldError per wrong field
    context_too_long,       // 422: more than the model can take, as its provider says
    rate_limited,           // 429: retry_after is set
    headers_too_large,      // 431
    internal,               // 500: the message is for the log, clients see a general sentence
    not_implemented,        // 501
    provider_failed,        // 502
    unavailable,            // 503: busy, shutting down or the store is down
    provider_timeout,       // 504
    http_version,           // 505
    cancelled,              // a turn or call was cancelled; no client waits for it
};

// One wrong field of a request: `field` is its path ("arguments.n_particles"), `message` a whole sentence.
struct FieldError {
    std::string field;
    std::string message;
};

class Error : public std::runtime_error {
  public:
    Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
    Error(ErrorCode code, const std::string& message, std::vector<FieldError> fields)
        : std::runtime_error(message), code_(code), fields_(std::move(fields)) {}

    ErrorCode code() const { return code_; }
    const std::vector<FieldError>& fields() const { return fields_; }

    const std::optional<std::chrono::seconds>& retry_after() const { return retry_after_; }
    Error& with_retry_after(std::chrono::seconds wait) {
        retry_after_ = wait;
        return *this;
    }

  private:
    ErrorCode code_;
    std::vector<FieldError> fields_;
    std::optional<std::chrono::seconds> retry_after_;
};

// The HTTP status of a code, and its stable name ("not_found") for the wire and the log.
int status_of(ErrorCode code);
std::string_view name_of(ErrorCode code);
// The code of a stored name; `internal` for one that is none.
ErrorCode code_of(std::string_view name);

}  // namespace assistd
