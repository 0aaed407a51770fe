#pragma once
// How much a plugin's process may use. Single-threaded; the host's own thread.

#include <cstdint>
#include <string>

#include "base/call_quotas.h"
#include "plugin_host/own_process.h"
#include "sandbox/sandbox.h"

namespace assistd::plugin_host {

struct Limits {
    std::uint64_t memory_bytes = 0;  // the largest that any tool of the plugin asks for
    CallQuotas quotas;
};

// Until the plugin is loaded.
sandbox::Limits limits_of_loading(const Limits& limits, const OwnProcess& process);

// What each single call may use. Made once the plugin is loaded: what is in use then is normal.
class CallLimits {
  public:
    CallLimits(const Limits& limits, const OwnProcess& process);

    // The next call may use this much memory beyond the normal, at most Limits::memory_bytes.
    void begin(std::uint64_t memory_bytes);
    // What calls left behind, memory, open descriptors or threads, when that is so much that the next one
    // should have a fresh process; else empty. `held`: descriptors that the last call still holds rightly.
    std::string left_behind(std::size_t held) const;

  private:
    int threads_left() const;

    const OwnProcess& process_;
    std::uint64_t normal_bytes_;
    std::uint64_t memory_bytes_ = 0;
    int normal_descriptor_;
    int normal_threads_;
};

}  // namespace assistd::plugin_host
