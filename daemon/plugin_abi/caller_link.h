#pragma once
// The way back from a call that a plugin runs to whoever made it: a socket to the daemon in a plugin host,
// the call itself in the daemon. Any thread.

#include <cstdint>
#include <optional>

#include "base/host_protocol.h"

namespace assistd::plugin_abi {

class CallerLink {
  public:
    virtual ~CallerLink() = default;
    virtual void progress(const HostProgress& progress) = 0;
    // Call `number` begins to write an artifact. `fd` stays the call's own.
    virtual void began_artifact(std::uint64_t number, int fd) = 0;
    // Whether the result of call `number` is wanted no longer. Does not block.
    virtual bool cancel_has_come(std::uint64_t number) = 0;
    // What the caller has already. Waits for the answer; nothing when the call is cancelled meanwhile. The
    // call's thread.
    virtual std::optional<HostReply> ask(const HostQuestion& question) = 0;
};

}  // namespace assistd::plugin_abi
