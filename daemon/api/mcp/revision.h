#pragma once
// The protocol's revisions. Until 2025-11-25 ("legacy") a client shakes hands and has a session; from
// 2026-07-28 on ("modern") every request stands for itself and says in its _meta and headers what it needs.
// Pure functions; any thread.

#include <string>
#include <string_view>

#include "api/mcp/wire.h"
#include "http/request.h"

namespace assistd::api::mcp {

inline constexpr std::string_view modern_revision = "2026-07-28";

// The one that is spoken with a client that asks for `wanted`: the same, or the newest with a handshake.
std::string negotiated(std::string_view wanted);
bool is_legacy_revision(std::string_view revision);
// Whether event streams of this revision begin with an event that has an id and no data.
bool primes_streams(std::string_view revision);

// Whether the message is meant to be of the modern kind, as its _meta or its headers say.
bool is_modern(const http::Request& request, const Message& message);

// What a modern request says about itself.
struct ModernMeta {
    bool elicitation = false;  // the client can ask its person with a form
    std::string log_level;     // empty: no messages for the log are wanted
};
// Throws RpcError when headers and body differ, something is missing, or the revision is none of ours.
ModernMeta check_modern(const http::Request& request, const Message& message);

// Whether capabilities say that the client can show a form to its person.
bool can_elicit(const Json& capabilities);

// Throws RpcError for a header that names a revision that is none of ours. It may be missing.
void check_legacy_version(const http::Request& request);

}  // namespace assistd::api::mcp
