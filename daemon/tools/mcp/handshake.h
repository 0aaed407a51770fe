#pragma once
// Finds out which revisions of MCP the server at the other end of a link speaks, and agrees on one with it:
// first a question of 2026-07-28, which every server of that era answers, else the older greeting. Coroutines
// on a strand.

#include <memory>
#include <string>

#include "tools/mcp/link.h"

namespace assistd::tools::mcp {

struct Peer {
    Era era;
    std::string name;
    std::string version;
    std::string instance;  // of another assistd, or of this one (base/mcp_origin.h); else empty
    Json capabilities;

    // "tools", "resources", "prompts"
    bool has(const char* capability) const { return member(capabilities, capability).is_object(); }
    bool tells_of_changes(const char* capability) const {
        return member(member(capabilities, capability), "listChanged") == true;
    }
};

struct HandshakePlan {
    bool probe = true;  // false: the server is known to end itself at a question that it does not know
    // Until an older server counts as one that does not answer what it does not know.
    std::chrono::milliseconds probe_limit{3'000};
    std::chrono::milliseconds limit{120'000};  // programs may have to be fetched first
    bool silence_is_old = false;               // over standard input; over HTTP silence is a failure
    std::stop_token stop;
};

// Throws McpError.
Task<Peer> shake_hands(std::shared_ptr<Link> link, HandshakePlan plan);

// All that a list method lists, page by page. Throws McpError.
Task<std::vector<Json>> list_all(std::shared_ptr<Link> link, std::string method, std::string key,
                                 Limits limits, std::stop_token stop);

}  // namespace assistd::tools::mcp
