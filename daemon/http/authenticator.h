#pragma once
// Finds out who sent a request, from its headers. The server has at most one; without one, everybody is the
// built-in user "local", who may do everything. Asked by every request, from any thread; outlives the server.

#include <optional>
#include <string>

#include "base/async.h"
#include "http/identity.h"
#include "http/request.h"

namespace assistd::http {

// What of a request says who sent it. Refers to the request.
struct Credentials {
    const Headers& headers;
    Method method = Method::get;
    const std::string& peer;  // the client's address
};

class Authenticator {
  public:
    virtual ~Authenticator() = default;

    // Answers at once, before a byte of the body is read: the identity, or nullopt when finding it takes a
    // while. Throws Error{unauthenticated | forbidden | rate_limited} with a sentence.
    virtual std::optional<Identity> identify(const Credentials& credentials) = 0;
    // As soon as identify() gave nullopt: begins what look_up() waits for. Throws nothing.
    virtual Task<void> prepare_look_up() = 0;
    // For whom identify() gave nullopt and who sends more than is taken from strangers: throws
    // Error{unauthenticated} unless the credential is good by what is known so far.
    virtual void check_so_far(const Credentials& credentials) = 0;
    // For whom identify() gave nullopt; a small body is read by then, a large one if check_so_far() let it.
    // Throws as identify() does.
    virtual Task<Identity> look_up(Credentials credentials) = 0;
};

}  // namespace assistd::http
